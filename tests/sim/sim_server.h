#pragma once

#include "server/sync/bulk_reader.h"
#include "server/sync/directory.h"
#include "server/sync/session_core.h"
#include "tests/server_features/desk.h"
#include "tests/sim/sim_loop.h"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace tests {

/// Tokens are names of devices: signing in is not what is simulated.
class SimDirectory : public server::sync::Directory {
public:
    void add(const std::string &token, const server::sync::Actor &actor) { m_actors[token] = actor; }
    base::Result<server::sync::Principal> authenticate(server::storage::Transaction &,
                                                       std::string_view token) override;
    std::vector<std::string> scopes(server::storage::Transaction &tx,
                                    const server::sync::Principal &who) override;

private:
    std::map<std::string, server::sync::Actor, std::less<>> m_actors;
};

/// The other end of one connection, as the server's process sees it.
struct SimPeer {
    std::function<void(const std::string &frame)> frame;
    std::function<void(int code)> closed;
};

/// The real server core over a real database, in one simulated process that can be killed and started again.
class SimServer : public server::sync::FrameSink {
public:
    explicit SimServer(SimLoop &loop, std::uint64_t seed);
    ~SimServer() override;

    void start();
    /// Queued jobs, connections and answers under way are gone. `afterCommit`: what was queued is committed
    /// first, but nobody is told.
    void crash(bool afterCommit);
    /// The database's clock follows the loop's.
    void syncClock() { desk.clock.advance(m_loop.clock.monotonic() - desk.clock.monotonic()); }
    [[nodiscard]] bool isUp() const { return m_core != nullptr; }
    /// Nothing waits for the disk.
    [[nodiscard]] bool isQuiet() const { return !m_planned; }

    server::sync::SessionId connect(SimPeer peer);
    void receive(server::sync::SessionId session, const std::string &frame);
    void disconnect(server::sync::SessionId session);
    /// One bulk answer: status and the texts in it.
    std::pair<int, std::vector<std::string>> bulk(const std::string &target, const std::string &token);

    void send(server::sync::SessionId session, const std::string &frame, protocol::Codec codec) override;
    void close(server::sync::SessionId session, protocol::CloseCode code, const std::string &reason) override;

    Desk desk;
    SimDirectory directory;
    server::sync::Ephemera ephemera;
    int busy = 15; ///< percent of frames with mutations of which one is put off

private:
    void planBatch();
    std::string refuseSome(server::sync::SessionId session, const std::string &frame);

    SimLoop &m_loop;
    std::unique_ptr<NodeScheduler> m_scheduler;
    std::unique_ptr<server::sync::SessionCore> m_core;
    std::map<server::sync::SessionId, SimPeer> m_peers;
    server::sync::SessionId m_next = 0;
    bool m_planned = false;
};

} // namespace tests
