#pragma once

#include "client/sync/auditor.h"
#include "client/sync/blob_cache.h"
#include "client/sync/cache_keeper.h"
#include "client/sync/session.h"

#include <functional>
#include <memory>

namespace client::sync {

/// What is to be done now and then beside the frames, in small steps: keeps cache and files within their
/// limits, removes the files of messages that went, and once a day, when nothing moves, compares what is held
/// with the server and repairs it. Lives on the sync thread, no longer than what it is given.
class Housekeeper {
public:
    struct Ports {
        Engine &engine;
        storage::CacheStore &cache;
        storage::OutboxStore &outbox;
        Bulk &bulk;
        base::Scheduler &scheduler;
        const base::Clock &clock;
        BlobCache &files;
    };
    struct Events {
        std::function<void(bool damage)> failed; ///< the cache failed; the housekeeper has stopped
    };

    /// The policy is read from the outbox, where setPolicy() keeps it.
    Housekeeper(Ports ports, Events events);
    ~Housekeeper();
    Housekeeper(const Housekeeper &) = delete;
    Housekeeper &operator=(const Housekeeper &) = delete;

    void start();
    void setPolicy(const storage::CachePolicy &policy);
    [[nodiscard]] StorageUse use();
    /// The stored policy, before there is a housekeeper.
    static storage::CachePolicy policyOf(storage::OutboxStore &outbox);

private:
    void after(base::Duration delay);
    void tick();
    bool keepCache();
    void keepFiles();
    void audit();

    Ports m_ports;
    Events m_events;
    CacheKeeper m_keeper;
    storage::CachePolicy m_policy;
    std::unique_ptr<Auditor> m_auditor;
    bool m_auditing = false;
    base::TimerId m_timer = 0;
};

} // namespace client::sync
