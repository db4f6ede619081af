#pragma once

#include "client/storage/cache_store.h"
#include "shared/base/scheduler.h"

#include <functional>

namespace client::sync {

/// Brings the cache's full-text index up to date in small steps, so that frames and what the user does get
/// their turn in between. Lives on the sync thread, no longer than the cache and the scheduler.
class SearchIndexer {
public:
    struct Events {
        std::function<bool()> mayRun;            ///< asked before each step; wake() when it may again
        std::function<void(bool damage)> failed; ///< the file failed; the indexer has stopped
    };

    SearchIndexer(storage::CacheStore &cache, base::Scheduler &scheduler, Events events);
    ~SearchIndexer();
    SearchIndexer(const SearchIndexer &) = delete;
    SearchIndexer &operator=(const SearchIndexer &) = delete;

    /// There may be messages that are not indexed.
    void wake();

private:
    void step();

    storage::CacheStore &m_cache;
    base::Scheduler &m_scheduler;
    Events m_events;
    base::TimerId m_timer = 0;
};

} // namespace client::sync
