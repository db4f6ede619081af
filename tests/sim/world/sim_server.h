#pragma once

#include "server/sync/bulk_reader.h"
#include "server/sync/directory.h"
#include "server/sync/session_core.h"
#include "shared/base/json.h"
#include "tests/server_features/desk.h"
#include "tests/sim/sim_loop.h"
#include "tests/sim/world/server_watch.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tests {

/// Thrown at a failpoint: the process ends here, between two commits.
struct SimCrash {};

/// Tokens are names of devices and end after a while: signing in is not what is simulated.
class SimDirectory : public server::sync::Directory {
public:
    explicit SimDirectory(const base::Clock &clock) : m_clock{clock} {}

    void add(const std::string &token, const server::sync::Actor &actor);
    /// All tokens end now.
    void expireAll() { m_actors.clear(); }
    [[nodiscard]] bool knows(const std::string &token) const;
    base::Result<server::sync::Principal> authenticate(server::storage::Transaction &,
                                                       std::string_view token) override;
    std::vector<std::string> scopes(server::storage::Transaction &tx,
                                    const server::sync::Principal &who) override;

private:
    struct Known {
        server::sync::Actor actor;
        base::Timestamp until;
    };

    const base::Clock &m_clock;
    std::map<std::string, Known, std::less<>> m_actors;
};

/// The other end of one connection, as the server's process sees it.
struct SimPeer {
    std::string name;
    std::function<void(const std::string &frame)> frame;
    std::function<void(int code)> closed;
};

/// The real server core over a real database, in one simulated process that can be killed and started again.
class SimServer : public server::sync::FrameSink {
public:
    explicit SimServer(SimLoop &loop, std::uint64_t seed);
    ~SimServer() override;

    void start();
    /// Queued jobs, connections and answers under way are gone.
    void crash();
    /// Ends the process at the n-th visit of this failpoint from now.
    void crashAt(const std::string &failpoint, int n);
    /// The next n commits fail with this SQLite code.
    void failCommits(int n, int code);
    /// Runs work of this process; a crash in it ends the process only.
    void run(const std::function<void()> &work);
    [[nodiscard]] bool isUp() const { return m_core != nullptr; }
    /// Nothing waits for the disk.
    [[nodiscard]] bool isQuiet() const { return !m_planned; }

    /// The database's clock follows the machine's.
    void syncClock();
    NodeClock clock;

    // The machine, while the program is down.
    void backUp(const std::string &folder);
    void restore(const std::string &folder);

    server::sync::SessionId connect(SimPeer peer);
    void receive(server::sync::SessionId session, const std::string &frame);
    void disconnect(server::sync::SessionId session);
    /// One bulk answer: status and the texts in it.
    std::pair<int, std::vector<std::string>> bulk(const std::string &target, const std::string &token);

    void send(server::sync::SessionId session, const std::string &frame, protocol::Codec codec) override;
    void close(server::sync::SessionId session, protocol::CloseCode code, const std::string &reason) override;

    /// The whole journal as it is, for the recorder.
    void recordJournal();

    // For the oracles.
    std::optional<protocol::Receipt> receiptOf(const base::Uuid &user, const base::Uuid &mid);
    bool hasConversation(const base::Uuid &id);
    bool hasMessage(const base::Uuid &mid, const base::Uuid &conversation);

    Desk desk;
    SimDirectory directory;
    server::sync::Ephemera ephemera;
    ServerWatch watch;
    base::UuidMaker ids; ///< of devices that sign in
    int busy = 15;       ///< percent of frames with mutations of which one is put off
    int restores = 0;

private:
    struct Peer {
        SimPeer peer;
        base::Uuid user;
        std::string token;
        base::Json scopes = {};
        std::vector<std::int64_t> unacked; ///< where its delta frames lead that it has not committed
    };

    void registerMutations();
    void openDatabase();
    void makeExecutor();
    void planBatch();
    std::string refuseSome(server::sync::SessionId session, const std::string &frame);
    void lookAtReceived(Peer &peer, const std::string &frame);
    void lookAtSent(Peer &peer, const std::string &frame);
    void lookAtChanges(const Peer &peer, const base::Json &frame);
    void committed(const server::sync::Committed &committed);
    void recordCommit();
    void recordPage(const Peer &peer, const base::Json &frame);

    SimLoop &m_loop;
    server::sync::MutationRegistry m_mutations; ///< the real ones, counted
    std::unique_ptr<NodeScheduler> m_scheduler;
    std::unique_ptr<server::sync::SessionCore> m_core;
    std::map<server::sync::SessionId, Peer> m_peers;
    server::sync::SessionId m_next = 0;
    std::int64_t m_recorded = 0; ///< up to this number
    std::string m_crashPoint;
    int m_crashIn = 0;
    int m_failures = 0;
    int m_failureCode = 0;
    bool m_planned = false;
};

} // namespace tests
