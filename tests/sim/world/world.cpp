#include "tests/sim/world/world.h"

#include "client/features/canned_responses/logic/canned_response_overlay.h"
#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/features/macros/logic/macro_overlay.h"
#include "server/sync/journal.h"
#include "shared/protocol/conversations/conversation_messages.h"

#include <algorithm>
#include <chrono>

namespace tests {

namespace {

constexpr std::chrono::hours settleLimit{1};

// Neighbouring numbers must give unlike chances.
std::uint64_t mixed(std::uint64_t seed, std::int64_t index)
{
    auto value = seed * 0x9E3779B97F4A7C15 + static_cast<std::uint64_t>(index) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
}

} // namespace

World::World(std::uint64_t seed, int count)
    : loop{seed}
    , server{std::make_unique<SimServer>(loop, seed)}
    , m_seed{seed}
    , m_ids{loop.clock, loop.random}
{
    client::conversations::registerConversationOverlays(m_overlays);
    client::canned_responses::registerCannedResponseOverlays(m_overlays);
    client::macros::registerMacroOverlays(m_overlays);
    for (const auto &name : m_overlays.names())
        if (name != protocol::SetPriority::name && name != protocol::Assign::name)
            m_olderOverlays.add(name, *m_overlays.find(name));
    flipping = server->desk.addAgent("Flo", true);
    server->desk.write([this](server::sync::WriteContext &ctx) -> base::Status {
        const auto made = server->desk.inboxes.createWebsite(ctx, "Behind", {});
        if (!made)
            return made.error();
        m_behind = *made;
        // Whatever waits at all is late: the customer's new message holds it.
        const auto changed = server->desk.accounts.change(
            ctx, {std::nullopt, std::nullopt, std::string{R"({"stale_after":0,"undo_send_s":0})"}});
        return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
    });
    m_users = {server->desk.admin, server->desk.agent, flipping};
    for (int i = 0; i < count; ++i)
        clients.push_back(program(i < 2 ? server->desk.admin : i % 2 == 0 ? server->desk.agent : flipping));
    for (int i = 0; i < 3; ++i)
        addConversation();
    for (auto &client : clients)
        client->start();
}

World::~World() = default;

void World::step(std::int64_t index)
{
    if (!loop.violation.empty())
        return;
    loop.reseed(mixed(m_seed, index));
    server->syncClock();
    const auto names = ops();
    const auto pick = loop.below(100);
    if (pick < 45) {
        auto &client = anybody();
        if (client.isUp())
            order(client,
                  names[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(names.size())))]);
    } else if (pick < 62) {
        customerWrites();
    } else if (pick < 65) {
        flipMembership(loop.chance(50));
    } else if (pick < 67) {
        moveConversation(anyConversation(), loop.chance(50));
    } else if (pick < 68) {
        deleteConversation();
    } else if (pick < 68 + breaking) {
        breakSomething();
    } else if (pick < 70 + breaking) {
        auto &client = anybody();
        if (client.isUp())
            client.run([&] { client.engine().wake(); });
    } else if (pick < 71 + breaking) {
        auto &client = anybody();
        if (client.isUp())
            client.run([&] { auditMeanwhile(client); });
    }
    const auto until = loop.clock.monotonic() + base::Duration{loop.below(loop.chance(10) ? 20'000 : 200)};
    while (loop.violation.empty() && loop.step(until)) {
    }
    for (auto &client : clients)
        client->watch().lookAtWaiting();
}

// While everything goes on: nothing may be found, for nothing was damaged that is still in use.
void World::auditMeanwhile(SimClient &client)
{
    client.audit(true, [this, &client](const auto &result) {
        if (result && !result->differing.empty())
            loop.fail(client.name() + ": an audit found " + result->differing.front());
    });
}

bool World::runUntil(const std::function<bool()> &holds, base::Duration limit)
{
    const auto until = loop.clock.monotonic() + limit;
    int sinceLook = 0;
    while (loop.clock.monotonic() < until) {
        if (sinceLook++ % 20 == 0 && holds())
            return true;
        if (!loop.violation.empty())
            return false;
        if (!loop.step(until))
            return holds();
    }
    return holds();
}

bool World::isSettled()
{
    const bool calm =
        server->isQuiet() && std::all_of(clients.begin(), clients.end(), [](const auto &client) {
            return client->isUp() && client->isConnected() && client->engine().isSettled();
        });
    if (!calm)
        return false;
    std::int64_t head = 0;
    server->desk.database->read(
        [&head](server::storage::Transaction &tx) { head = server::sync::readHead(tx, 1).head; });
    return std::all_of(clients.begin(), clients.end(),
                       [head](const auto &client) { return client->engine().replica().cursor() == head; });
}

bool World::settle()
{
    loop.reseed(mixed(m_seed, -1));
    loop.tell("world", "everything heals");
    server->failCommits(0, 0);
    server->crashAt({}, 0);
    if (!server->isUp())
        server->start();
    server->clock.setRight();
    for (auto &client : clients) {
        client->crashAtFailpoint(0);
        client->failCommits(0, 0);
        client->setReachable(true);
        client->heal();
        client->clock.setRight();
    }
    const auto revive = [this] {
        for (auto &client : clients)
            if (!client->isUp() && !client->isDying())
                client->start();
        return false;
    };
    runUntil(revive, std::chrono::seconds{20}); // what is dying finishes first, failed disks are tried again
    revive();
    return runUntil(
        [this] {
            revivePeople();
            return isSettled();
        },
        settleLimit);
}

// Programs that another one of the same device replaced look again as their people do. Copies of one disk
// find each other out by what they send.
void World::revivePeople()
{
    if (loop.clock.monotonic() < m_reviveAt)
        return;
    m_reviveAt = loop.clock.monotonic() + std::chrono::seconds{10};
    for (auto &client : clients) {
        using Kind = client::sync::ConnectionState::Kind;
        if (!client->isUp() || client->engine().state().kind != Kind::Replaced)
            continue;
        bool speaks = false;
        for (auto &other : clients)
            if (other->isUp() && other->device() == client->device())
                speaks = order(*other, std::string{protocol::SetPriority::name}) || speaks;
        if (!speaks)
            client->signInAgain(); // they have nothing to say to each other
        else if (client->isUp())
            client->run([&] { client->engine().wake(); });
    }
}

} // namespace tests
