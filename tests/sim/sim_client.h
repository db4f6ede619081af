#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/sync/engine.h"
#include "tests/sim/sim_server.h"

#include <QTemporaryDir>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// Thrown at a checkpoint: the client's process ends here, between two commits.
struct SimCrash {};

/// One person's program: the real engine over real files, on a network that may fail at any frame.
class SimClient {
public:
    SimClient(SimLoop &loop, SimServer &server, const server::sync::Actor &who, const std::string &token,
              const client::sync::OverlayRegistry &overlays);
    ~SimClient();

    void start();
    /// The process ends at once: nothing is said, nothing more is stored.
    void crash();
    [[nodiscard]] bool isUp() const { return m_engine != nullptr; }
    /// Ends the process at the n-th checkpoint from now.
    void crashAtCheckpoint(int n) { m_crashIn = n; }
    /// Runs work of this process; a crash in it ends the process only.
    void run(const std::function<void()> &work);

    /// Cuts the connection. `silently`: this side does not notice.
    void cut(bool silently);
    void setReachable(bool reachable);
    /// Lets go of messages as a program without room for them does.
    void makeRoom();

    client::sync::Engine &engine() { return *m_engine; }
    client::storage::CacheStore &cache() { return *m_cache; }
    client::storage::OutboxStore &outbox() { return *m_outbox; }
    client::sync::Bulk &bulk();
    base::Scheduler &scheduler();
    [[nodiscard]] const server::sync::Actor &who() const { return m_who; }
    [[nodiscard]] const base::Uuid &device() const { return *m_who.device; }
    int problemsTold = 0;

private:
    class Net;
    class Tokens;
    class GuardedScheduler;

    SimLoop &m_loop;
    SimServer &m_server;
    server::sync::Actor m_who;
    std::string m_token;
    const client::sync::OverlayRegistry &m_overlays;
    QTemporaryDir m_folder;
    std::unique_ptr<GuardedScheduler> m_scheduler;
    std::unique_ptr<Net> m_net;
    std::unique_ptr<Tokens> m_tokens;
    std::unique_ptr<client::storage::OutboxStore> m_outbox;
    std::unique_ptr<client::storage::CacheStore> m_cache;
    std::unique_ptr<client::sync::Engine> m_engine;
    int m_crashIn = 0;
    bool m_reachable = true;
    bool m_dying = false;
};

} // namespace tests
