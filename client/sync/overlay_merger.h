#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/sync/overlay_registry.h"

#include <map>
#include <set>
#include <vector>

namespace client::sync {

/// Keeps the merged rows right: what is shown = the server's row with the pending intents that touch it on
/// top, in the order they were made (sync-protocol 5.2). A shadow exists exactly while a pending intent
/// targets the entity.
///
/// Everything but the constructor and preview() happens inside a transaction of the cache.
class OverlayMerger {
public:
    OverlayMerger(storage::CacheStore &cache, storage::OutboxStore &outbox, const OverlayRegistry &registry,
                  domain::UserId me);

    /// What the shared rule says to this intent on top of what is shown. Changes nothing.
    base::Status preview(const storage::Intent &intent);
    /// An intent of the outbox becomes visible.
    void add(std::int64_t n);
    /// Intents end: accepted and come back, refused, or taken back. The outbox may still hold them.
    void remove(const std::vector<std::int64_t> &numbers);
    /// Server rows with shadows changed.
    void refresh(const std::vector<storage::EntityKey> &keys);
    /// Makes everything anew from the outbox: after a start, or when the two files may differ.
    void reconcile();

private:
    struct Closure {
        std::set<storage::EntityKey> keys;
        std::set<std::int64_t> intents;
    };

    std::vector<storage::EntityKey> targetsOf(const storage::Intent &intent) const;
    void activate(const storage::Intent &intent);
    Closure closureOf(const std::vector<storage::EntityKey> &keys) const;
    void replay(const std::vector<storage::EntityKey> &keys);
    base::Status apply(OverlayView &view, const storage::Intent &intent);

    storage::CacheStore &m_cache;
    storage::OutboxStore &m_outbox;
    const OverlayRegistry &m_registry;
    domain::UserId m_me;
    std::map<std::int64_t, std::vector<storage::EntityKey>> m_active;
    std::map<storage::EntityKey, std::set<std::int64_t>> m_byTarget;
};

} // namespace client::sync
