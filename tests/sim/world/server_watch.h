#pragma once

#include "server/sync/change.h"
#include "server/sync/mutation_registry.h"
#include "shared/base/uuid.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tests {

class SimLoop;

/// Holds the server to the invariants of sync-protocol 23 while it lives: what it executes, how it counts,
/// what it lets out.
class ServerWatch {
public:
    explicit ServerWatch(SimLoop &loop) : m_loop{loop} {}

    /// A mutation was executed in a transaction that is not committed yet.
    void executing(const server::sync::Actor &actor, const protocol::Mutation &mutation);
    void batchBegins() { m_pending.clear(); }
    void committed();
    /// A message got its number in its conversation.
    void numbered(const base::Uuid &conversation, const base::Uuid &message, std::int64_t n);
    void conversationGone(const base::Uuid &conversation) { m_newest.erase(conversation); }
    /// An intent was made: the n-th of its client.
    void made(const base::Uuid &mid, const std::string &client, std::int64_t serial);
    /// The client's disk was copied; the copy may take its place once.
    void homeSaved(const std::string &client) { m_disks[client].copied = m_disks[client].newest; }
    /// The client's disk is the copy: what was made since and is still on its way may come in between.
    void rewound(const std::string &client);
    /// The database is an older one.
    void restored();
    std::size_t executions = 0;

private:
    struct Made {
        std::string client;
        std::int64_t serial = 0;
    };
    struct Disk {
        std::int64_t newest = 0; ///< serial of the newest intent
        std::int64_t copied = 0; ///< that of the copy
        std::set<std::int64_t> lost;
    };
    struct Execution {
        base::Uuid user;
        base::Uuid mid;
        std::string lane;
    };

    SimLoop &m_loop;
    std::vector<Execution> m_pending;
    std::set<std::pair<base::Uuid, base::Uuid>> m_executed;             ///< user and intent
    std::map<std::string, std::map<std::string, std::int64_t>> m_lanes; ///< client, lane: newest serial
    std::map<base::Uuid, Made> m_made;
    std::map<std::string, Disk> m_disks;                                ///< by client
    std::map<base::Uuid, std::pair<base::Uuid, std::int64_t>> m_newest; ///< conversation: message, n
    std::map<base::Uuid, std::int64_t> m_numbers;
};

} // namespace tests
