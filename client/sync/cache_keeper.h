#pragma once

#include "client/storage/hot_set.h"
#include "client/storage/outbox_store.h"
#include "client/sync/engine.h"

#include <set>

namespace client::sync {

/// Keeps the cache within what its policy allows, in small steps (sync-protocol 5.5): resolved conversations
/// that nobody needs lose their messages, then, only when there is no room, the oldest parts of long ones.
///
/// What a pending, refused or held intent is about, what a draft was written for and what is on screen is
/// never touched, and no conversation that is not resolved loses its newest messages. No thread, no time of
/// its own: Housekeeper calls it.
class CacheKeeper {
public:
    CacheKeeper(Engine &engine, storage::CacheStore &cache, storage::OutboxStore &outbox,
                const base::Clock &clock)
        : m_engine{engine}
        , m_cache{cache}
        , m_outbox{outbox}
        , m_clock{clock}
    {
    }

    /// One transaction's worth; false when there is nothing left to do. Throws StorageError.
    bool step(const storage::CachePolicy &policy);

private:
    [[nodiscard]] std::set<base::Uuid> needed();
    std::vector<base::Uuid> next(const storage::CachePolicy &policy, bool *trim);

    Engine &m_engine;
    storage::CacheStore &m_cache;
    storage::OutboxStore &m_outbox;
    const base::Clock &m_clock;
};

} // namespace client::sync
