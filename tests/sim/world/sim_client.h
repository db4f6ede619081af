#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/sync/auditor.h"
#include "client/sync/engine.h"
#include "tests/sim/world/client_watch.h"
#include "tests/sim/world/sim_net.h"
#include "tests/sim/world/sim_server.h"

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace tests {

/// One person's program: the real engine over real files, on a network that may fail at any frame and a disk
/// that may fail at any commit.
class SimClient {
public:
    struct Setup {
        std::string name; ///< in the story
        server::sync::Actor who;
        const client::sync::OverlayRegistry &overlays;
        const client::sync::OverlayRegistry &olderOverlays; ///< of an app that knows less
    };

    SimClient(SimLoop &loop, SimServer &server, Setup setup);
    ~SimClient();

    void start();
    /// The process ends at once: nothing is said, nothing more is stored.
    void crash();
    [[nodiscard]] bool isUp() const { return m_engine != nullptr && !m_dying; }
    [[nodiscard]] bool isDying() const { return m_dying; }
    [[nodiscard]] bool hasFiles() const { return m_outbox != nullptr; }
    [[nodiscard]] bool wasRewound() const { return m_rewound; }
    /// Ends the process at the n-th failpoint from now; 0 for never.
    void crashAtFailpoint(int n) { m_crashIn = n; }
    /// The next n commits of either file fail with this SQLite code.
    void failCommits(int n, int code);
    /// Runs work of this process; a crash in it ends the process only.
    void run(const std::function<void()> &work);

    /// Cuts the connection. `silently`: this side does not notice.
    void cut(bool silently);
    /// Lets go of messages as a program without room for them does.
    void makeRoom();
    /// Begins to compare what is held with what the server says, as the app does daily; the one before ends.
    void audit(bool repair, const client::sync::Auditor::Answer &answer);
    void setReachable(bool reachable);
    void stall(SimNet::Way way);
    void heal();
    /// Bulk answers take up to so long on their way down.
    void slowBulk(base::Duration most) { m_slowBulk = most; }
    [[nodiscard]] base::Duration bulkDelay() const { return m_slowBulk; }
    /// Happens to the next delta frame.
    void disturb(SimNet::Mischief what);

    /// While the program is down.
    void tearCache();
    /// The machine loses its power: the newest commits of the cache are gone, those of the outbox are not.
    void losePower();
    void signInAgain();
    void saveHome();
    [[nodiscard]] bool hasSavedHome() const { return m_savedHome != nullptr; }
    void restoreHome();
    /// Another machine made from this one's disk: same device, same token.
    void copyHomeOf(const SimClient &other);
    void setOlder(bool older);
    [[nodiscard]] bool isOlder() const { return m_older; }

    void renewToken();
    client::sync::Engine &engine() { return *m_engine; }
    client::storage::CacheStore &cache() { return *m_cache; }
    client::storage::OutboxStore &outbox() { return *m_outbox; }
    client::sync::Bulk &bulk() { return *m_net; }
    base::Scheduler &scheduler();
    SimLoop &loop() { return m_loop; }
    SimServer &server() { return m_server; }
    ClientWatch &watch() { return m_watch; }
    /// The server has not ended the connection either, though this side may not know yet.
    [[nodiscard]] bool isConnected() const { return m_net && m_net->isUp(); }
    [[nodiscard]] SimNet *net() { return m_net.get(); }
    [[nodiscard]] bool isReachable() const { return m_reachable; }
    [[nodiscard]] const std::string &name() const { return m_setup.name; }
    [[nodiscard]] const server::sync::Actor &who() const { return m_setup.who; }
    [[nodiscard]] const base::Uuid &device() const { return *m_setup.who.device; }
    [[nodiscard]] const client::sync::OverlayRegistry &overlays() const
    {
        return m_older ? m_setup.olderOverlays : m_setup.overlays;
    }
    /// The cache may begin at an earlier place than where it was.
    [[nodiscard]] bool mayHaveLostCommits() const { return m_lostCommits; }
    void forgiveLostCommits() { m_lostCommits = false; }
    NodeClock clock;
    int problemsTold = 0;
    int renewals = 0; ///< times it became another device
    int audits = 0;   ///< that came to their end

private:
    class Tokens;
    class GuardedScheduler;

    [[nodiscard]] QString file(const char *name) const { return m_folder.filePath(QLatin1String{name}); }
    void openFiles();
    void makeEngine();
    void storageFailed(bool damage);
    void becomeAnotherDevice();
    void die();

    SimLoop &m_loop;
    SimServer &m_server;
    Setup m_setup;
    QTemporaryDir m_folder;
    std::unique_ptr<QTemporaryDir> m_savedHome;
    server::sync::Actor m_savedWho;
    std::unique_ptr<GuardedScheduler> m_scheduler;
    std::unique_ptr<SimNet> m_net;
    std::unique_ptr<Tokens> m_tokens;
    std::unique_ptr<client::storage::OutboxStore> m_outbox;
    std::unique_ptr<client::storage::CacheStore> m_cache;
    std::unique_ptr<client::sync::Engine> m_engine;
    std::unique_ptr<client::sync::Auditor> m_auditor;
    ClientWatch m_watch;
    std::string m_token;
    int m_tokenSerial = 0;
    base::Duration m_slowBulk{};
    int m_crashIn = 0;
    int m_failures = 0;
    int m_failureCode = 0;
    bool m_reachable = true;
    bool m_dying = false;
    bool m_older = false;
    bool m_lostCommits = false;
    bool m_rewound = false;
};

} // namespace tests
