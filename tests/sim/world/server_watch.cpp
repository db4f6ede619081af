#include "tests/sim/world/server_watch.h"

#include "server/sync/write_context.h"
#include "tests/sim/sim_loop.h"

#include <utility>

namespace tests {

void ServerWatch::executing(const server::sync::Actor &actor, const protocol::Mutation &mutation)
{
    m_pending.push_back({actor.id, mutation.mid, mutation.lane});
}

// I16 and I18: once each, and along a lane in the order in which they were made.
void ServerWatch::committed()
{
    for (const auto &done : std::exchange(m_pending, {})) {
        ++executions;
        if (!m_executed.emplace(done.user, done.mid).second)
            m_loop.fail("I16: " + done.mid.text() + " was executed twice");
        const auto made = m_made.find(done.mid);
        if (made == m_made.end() || m_disks[made->second.client].lost.contains(made->second.serial))
            continue;
        auto &newest = m_lanes[made->second.client][done.lane];
        if (made->second.serial < newest)
            m_loop.fail("I18: " + done.mid.text() + " of " + made->second.client +
                        " was executed after a later one of " + done.lane);
        newest = made->second.serial;
    }
}

// I26
void ServerWatch::numbered(const base::Uuid &conversation, const base::Uuid &message, std::int64_t n)
{
    const auto [known, fresh] = m_numbers.emplace(message, n);
    if (!fresh) {
        if (known->second != n)
            m_loop.fail("I26: a message changed its number");
        return;
    }
    auto &newest = m_newest[conversation];
    if (n <= newest.second)
        m_loop.fail("I26: message " + std::to_string(n) + " came after " + std::to_string(newest.second));
    newest = {message, n};
}

void ServerWatch::made(const base::Uuid &mid, const std::string &client, std::int64_t serial)
{
    m_made[mid] = {client, serial};
    m_disks[client].newest = serial;
}

void ServerWatch::rewound(const std::string &client)
{
    m_lanes.erase(client);
    auto &disk = m_disks[client];
    for (auto serial = disk.copied + 1; serial <= disk.newest; ++serial)
        disk.lost.insert(serial);
}

void ServerWatch::restored()
{
    m_pending.clear();
    m_executed.clear();
    m_lanes.clear();
    m_newest.clear();
    m_numbers.clear();
}

} // namespace tests
