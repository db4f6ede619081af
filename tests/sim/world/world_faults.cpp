#include "server/sync/receipts.h"
#include "tests/sim/world/world.h"

#include <algorithm>

// What goes wrong (sync-protocol 24.2).
namespace tests {

namespace {

constexpr int sqliteFull = 13;
constexpr int sqliteBusy = 5;
constexpr std::size_t mostCopies = 1; // of a disk, in one world

base::Duration jumpOf(SimLoop &loop)
{
    static constexpr std::chrono::hours jumps[] = {std::chrono::hours{1}, std::chrono::hours{-1},
                                                   std::chrono::hours{24}, std::chrono::hours{-24}};
    return jumps[loop.below(4)];
}

} // namespace

const std::vector<std::pair<std::string, World::Fault>> &World::allFaults()
{
    static const std::vector<std::pair<std::string, Fault>> all{
        {"cut", &World::cut},
        {"partition", &World::partition},
        {"stall", &World::stall},
        {"crash", &World::crash},
        {"crash-at-failpoint", &World::crashAtFailpoint},
        {"full-disk", &World::fullDisk},
        {"busy-disk", &World::busyDisk},
        {"torn-cache", &World::tornCache},
        {"no-room", &World::makeRoom},
        {"power-cut", &World::losePower},
        {"clock", &World::jumpClock},
        {"rewind-home", &World::rewindHome},
        {"clone-device", &World::cloneDevice},
        {"downgrade", &World::downgrade},
        {"expire-tokens", &World::expireTokens},
        {"crash-server", &World::crashServer},
        {"crash-server-at-failpoint", &World::crashServerAtFailpoint},
        {"server-disk", &World::serverDisk},
        {"server-clock", &World::jumpServerClock},
        {"compact", &World::compact},
        {"restore", &World::restoreBackup},
        {"slow-bulk", &World::slowBulk},
        {"frames", &World::disturbFrames},
        {"read-again", &World::readAgain},
        {"removals", &World::removeMuch},
        {"swing-rights", &World::swingRights},
        {"swing-conversation", &World::swingConversation},
    };
    return all;
}

const std::vector<std::string> &faultNames()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const auto &[name, fault] : World::allFaults())
            list.push_back(name);
        return list;
    }();
    return names;
}

// Half of the time something that is down comes up again: else nothing would be left to break.
void World::breakSomething()
{
    auto &client = anybody();
    if (loop.chance(35)) {
        startServerAgain();
        return startAgain(client);
    }
    if (!loop.chance(faults))
        return;
    std::vector<std::pair<std::string, Fault>> possible;
    for (const auto &one : allFaults())
        if (allowed.empty() || allowed.contains(one.first))
            possible.push_back(one);
    const auto &[name, fault] =
        possible[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(possible.size())))];
    ++happened[name];
    loop.tell("fault", name + " at " + client.name());
    (this->*fault)(client);
}

void World::startAgain(SimClient &client)
{
    if (client.isDying())
        return;
    client.setReachable(true);
    client.heal();
    if (!client.isUp())
        client.start();
}

void World::startServerAgain()
{
    if (!server->isUp())
        server->start();
}

void World::cut(SimClient &client)
{
    client.cut(loop.chance(50));
}

void World::partition(SimClient &client)
{
    client.setReachable(false);
    loop.at(base::Duration{loop.below(120'000)}, [&client] { client.setReachable(true); });
}

// One way only: the other side still hears.
void World::stall(SimClient &client)
{
    client.stall(loop.chance(50) ? SimNet::Way::Up : SimNet::Way::Down);
    loop.at(base::Duration{loop.below(90'000)}, [&client] { client.heal(); });
}

void World::crash(SimClient &client)
{
    if (client.isDying())
        return;
    client.crash();
    loop.at(base::Duration{1 + loop.below(30'000)}, [this, &client] {
        if (!client.isUp() && !client.isDying())
            client.start();
    });
}

void World::crashAtFailpoint(SimClient &client)
{
    client.crashAtFailpoint(1 + static_cast<int>(loop.below(12)));
}

void World::fullDisk(SimClient &client)
{
    client.failCommits(1 + static_cast<int>(loop.below(4)), sqliteFull);
}

void World::busyDisk(SimClient &client)
{
    client.failCommits(1, sqliteBusy);
}

void World::tornCache(SimClient &client)
{
    if (client.isDying())
        return;
    client.crash();
    client.tearCache();
    client.start();
}

void World::losePower(SimClient &client)
{
    if (!client.isUp())
        return;
    client.losePower();
    client.start();
}

void World::jumpClock(SimClient &client)
{
    client.clock.jump(jumpOf(loop));
}

void World::jumpServerClock(SimClient &)
{
    server->clock.jump(jumpOf(loop));
    server->syncClock();
}

// Somebody puts an older copy of the home directory back.
void World::rewindHome(SimClient &client)
{
    if (client.isDying())
        return;
    client.crash();
    const bool rewinds = client.hasSavedHome() && loop.chance(70);
    if (rewinds) {
        client.restoreHome();
        server->watch.rewound(client.name());
    } else {
        client.saveHome();
        server->watch.homeSaved(client.name());
    }
    client.start();
    if (rewinds)
        forgetWhatIsNotOn(client);
}

// Its author cannot be told of it any more, and it may or may not have been sent.
void World::forgetWhatIsNotOn(SimClient &client)
{
    for (auto &made : m_made) {
        if (clients[made.client].get() != &client || client.outbox().find(made.mid))
            continue;
        const auto known = server->receiptOf(client.who().id, made.mid);
        made.isForgotten = made.isForgotten || !known || known->verdict != protocol::Verdict::Ok;
    }
}

void World::cloneDevice(SimClient &client)
{
    if (client.isDying() || m_copies >= mostCopies)
        return;
    ++m_copies;
    client.crash();
    clients.push_back(program(client.who()));
    clients.back()->copyHomeOf(client);
    clients.back()->start();
    client.start();
}

// The app before this one, with a queue and files that the newer one made.
void World::downgrade(SimClient &client)
{
    if (client.isDying())
        return;
    client.crash();
    client.setOlder(!client.isOlder());
    client.start();
}

void World::expireTokens(SimClient &)
{
    server->directory.expireAll();
}

void World::crashServer(SimClient &)
{
    if (server->isUp() && loop.chance(50))
        server->crash();
    loop.at(base::Duration{1 + loop.below(20'000)}, [this] { startServerAgain(); });
}

void World::crashServerAtFailpoint(SimClient &)
{
    static const std::vector<std::string> points{"server.commit.before", "server.commit.after",
                                                 "server.answer.before"};
    server->crashAt(points[static_cast<std::size_t>(loop.below(3))], 1 + static_cast<int>(loop.below(3)));
    loop.at(base::Duration{1 + loop.below(30'000)}, [this] { startServerAgain(); });
}

void World::serverDisk(SimClient &)
{
    server->failCommits(1 + static_cast<int>(loop.below(4)), loop.chance(50) ? sqliteFull : sqliteBusy);
}

// Traces of removal are forgotten while people are away, or in the middle of reading.
void World::compact(SimClient &)
{
    forgetTombstones(base::Duration{loop.chance(30) ? 0 : loop.below(60'000)});
}

void World::makeRoom(SimClient &client)
{
    if (client.isUp())
        client.run([&] { client.makeRoom(); });
}

void World::restoreBackup(SimClient &)
{
    if (!m_backup || loop.chance(60)) {
        m_backup = std::make_unique<QTemporaryDir>();
        server->backUp(m_backup->path().toStdString());
        m_knownAtBackup = m_known;
        return;
    }
    if (server->isUp())
        server->crash();
    const auto isDecided = [this](const Made &made) {
        return server->receiptOf(clients[made.client]->who().id, made.mid).has_value();
    };
    std::vector<Made *> decided;
    for (auto &made : m_made)
        if (isDecided(made))
            decided.push_back(&made);
    server->restore(m_backup->path().toStdString());
    m_known = m_knownAtBackup;
    // What was decided since is decided no more, and only what is in an outbox yet is asked for again.
    for (auto *made : decided)
        if (!isDecided(*made)) {
            made->isUnsure = true;
            // What was refused waits for its author; what is under way may meet an answer of the time before.
            const auto *left = leftOf(made->mid);
            using client::storage::IntentState;
            made->isAskedAgain =
                left && (left->state == IntentState::Accepted || left->state == IntentState::Held);
        }
    server->start();
}

} // namespace tests
