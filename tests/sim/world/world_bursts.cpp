#include "server/sync/compaction.h"
#include "tests/sim/world/world.h"

#include <vector>

// What goes wrong when several things come close together: removals while something older is on its way,
// rights and places that change back and forth, and networks that keep frames and answers for themselves.
namespace tests {

namespace {

constexpr int mostRemovals = 4;

} // namespace

// Bundles and windows are read at once and travel long.
void World::slowBulk(SimClient &client)
{
    client.slowBulk(base::Duration{1000 + loop.below(20'000)});
    loop.at(base::Duration{loop.below(120'000)}, [&client] { client.slowBulk({}); });
}

// What lies between the two ends of a poll loses, repeats and delays.
void World::disturbFrames(SimClient &client)
{
    static constexpr SimNet::Mischief kinds[] = {SimNet::Mischief::Lost, SimNet::Mischief::Twice,
                                                 SimNet::Mischief::Late};
    for (auto left = 1 + loop.below(3); left > 0; --left)
        client.disturb(kinds[loop.below(3)]);
}

// Somebody has the program keep less, then more: the inboxes are read again.
void World::readAgain(SimClient &client)
{
    if (!client.isUp())
        return;
    if (loop.chance(50))
        slowBulk(client);
    client.run([&client] {
        client.engine().setKeepDays(1);
        client.engine().setKeepDays(0);
    });
}

void World::forgetTombstones(base::Duration age)
{
    if (!server->isUp())
        return;
    server->syncClock();
    write([age](server::sync::WriteContext &ctx) -> base::Status {
        server::sync::compactTombstones(ctx, age);
        return base::Done{};
    });
}

void World::changeSomething()
{
    const auto pick = loop.below(10);
    if (pick < 4)
        customerWrites();
    else if (pick < 7)
        deleteConversation();
    else if (pick < 9)
        moveConversation(anyConversation(), loop.chance(50));
    else
        forgetTombstones({});
}

// Things go while older answers with them in it are under way; the traces are forgotten soon after, some of
// them before everybody was told.
void World::removeMuch(SimClient &client)
{
    if (loop.chance(50))
        readAgain(client);
    base::Duration when{0};
    for (auto left = 1 + loop.below(mostRemovals); left > 0; --left) {
        when += base::Duration{loop.below(loop.chance(50) ? 30 : 3000)};
        loop.at(when, [this] {
            if (loop.chance(40))
                deleteConversation();
            else
                moveConversation(anyConversation(), loop.chance(50));
        });
        if (loop.chance(50))
            loop.at(when + base::Duration{1 + loop.below(20)}, [this] { forgetTombstones({}); });
    }
}

// An agent leaves and joins an inbox faster than its snapshots arrive; what happens meanwhile is not told.
void World::swingRights(SimClient &)
{
    const bool behind = loop.chance(30);
    for (auto &client : clients)
        if (client->who().id == flipping.id && loop.chance(70))
            slowBulk(*client);
    base::Duration when{0};
    for (auto left = 2 + loop.below(5); left > 0; --left) {
        when += base::Duration{1 + loop.below(loop.chance(50) ? 300 : 4000)};
        loop.at(when, [this, behind] { flipMembership(behind); });
        if (loop.chance(60))
            loop.at(when + base::Duration{1 + loop.below(300)}, [this] { changeSomething(); });
    }
}

// A conversation leaves its inbox and comes back with more in it. Some people are not connected when it
// leaves, and its trace is forgotten before they come back: they are told to read everything again, and while
// that is on its way the conversation returns.
void World::swingConversation(SimClient &)
{
    const auto id = anyConversation();
    if (id.isNull())
        return;
    for (auto &client : clients)
        if (loop.chance(50)) {
            slowBulk(*client);
            client->cut(false);
        }
    base::Duration when{1 + loop.below(10)};
    for (auto left = 1 + loop.below(2); left > 0; --left) {
        loop.at(when, [this, id] { moveConversation(id, true); });
        if (loop.chance(70))
            loop.at(when + base::Duration{1 + loop.below(20)}, [this, id] { sayInside(id); });
        if (loop.chance(70))
            loop.at(when + base::Duration{5 + loop.below(20)}, [this] { forgetTombstones({}); });
        when += base::Duration{100 + loop.below(8000)};
        loop.at(when, [this, id] { moveConversation(id, false); });
        when += base::Duration{loop.below(3000)};
    }
}

// Wherever the conversation is now.
void World::sayInside(const base::Uuid &conversation)
{
    if (!server->isUp())
        return;
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        server::conversations::NewMessage note;
        note.id = m_ids.next();
        note.kind = domain::MessageKind::Note;
        note.body = "Inside " + std::to_string(++m_written);
        const auto posted = server->desk.conversations.post(ctx, conversation, note);
        return posted ? base::Status{base::Done{}} : base::Status{posted.error()};
    });
}

} // namespace tests
