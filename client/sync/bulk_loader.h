#pragma once

#include "client/storage/cache_store.h"
#include "client/sync/replica.h"
#include "client/sync/wire.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace client::sync {

/// Decides which snapshots and windows are asked for, at most two at a time: what somebody looks at first,
/// then small scopes, then inboxes, then windows of conversations that moved (sync-protocol 6.4, 6.5).
/// Belongs to one connection at a time; its answers go to the Replica through `commit`.
class BulkLoader {
public:
    struct Ports {
        storage::CacheStore &cache;
        Replica &replica;
        Bulk &bulk;
        base::Scheduler &scheduler;
        base::Random &random;
        const base::Clock &clock;
        /// Runs work in a transaction of the cache, with everything that follows from it. False when it
        /// failed: the connection is being dropped.
        std::function<bool(const std::function<base::Status()> &)> commit;
        /// The access token for requests.
        std::function<std::string()> access;
        /// The token was refused.
        std::function<void()> unauthorized;
        /// Runs what the network or a timer brings; a failing disk ends in here.
        std::function<void(const std::function<void()> &)> guarded;
    };

    explicit BulkLoader(Ports ports);
    ~BulkLoader();

    void connected();
    void disconnected();
    /// Starts what may start. After every frame.
    void pump();
    /// A delta came: conversations that were not visible are asked for again.
    void deltaApplied();
    /// Messages below `before` of a conversation.
    void loadOlder(const base::Uuid &conversation, std::int64_t before);
    [[nodiscard]] bool isIdle() const { return m_running.empty(); }

private:
    struct Task {
        std::string scope;       ///< a snapshot …
        base::Uuid conversation; ///< … or a window
        std::int64_t before = 0;
        std::int64_t serial = 0;
        auto operator<=>(const Task &) const = default;
        [[nodiscard]] bool isSnapshot() const { return !scope.empty(); }
    };

    std::optional<Task> next() const;
    bool isRunning(const Task &task) const;
    std::string target(const Task &task) const;
    void start(const Task &task);
    void part(const Task &task, const std::string &text);
    void done(BulkId id, const Task &task, const BulkEnd &end);
    void beginAgain(const std::string &scope);
    void pauseFor(base::Duration delay);

    Ports m_ports;
    bool m_connected = false;
    std::map<BulkId, Task> m_running;
    std::map<base::Uuid, std::int64_t> m_older;
    std::set<base::Uuid> m_invisible; // until the next delta
    base::TimerId m_pause = 0;
    int m_failures = 0;
};

} // namespace client::sync
