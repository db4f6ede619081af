#pragma once

#include "client/storage/cache_store.h"
#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <map>
#include <string>
#include <vector>

namespace client::sync {

/// The read side of the protocol over the cache: what the frames and bulk answers of docs/protocol.md A.4 and
/// A.5 do to the rows (sync-protocol 4.3, 5.4, 6). No wire, no time. Each call belongs inside a transaction
/// of the cache; on an error that transaction is rolled back and the connection dropped.
class Replica {
public:
    explicit Replica(storage::CacheStore &cache);

    [[nodiscard]] std::int64_t epoch() const { return m_epoch; }
    [[nodiscard]] std::int64_t cursor() const { return m_cursor; }
    /// No scope is waiting for a snapshot, and at least one is known.
    [[nodiscard]] bool allLive() const;
    /// Reads epoch and cursor again: after a roll-back.
    void reload();

    /// Resolved conversations without activity since then keep no messages; 0: all keep theirs.
    void setKeepSince(base::Timestamp since) { m_keepSince = since; }
    [[nodiscard]] base::Timestamp keepSince() const { return m_keepSince; }
    /// More is kept than before: everything of the inboxes is read again.
    void readInboxesAgain();
    /// Rows that could not be read may be readable now; how many were.
    std::int64_t retryQuarantined();

    /// A connection begins or ends: the list of scopes and the memory of removals belong to one connection.
    void connectionChanged();
    base::Status reset(const base::Json &frame);
    base::Status scopes(const base::Json &frame);
    base::Status delta(const base::Json &frame);
    /// False when it belongs to an older snapshot: ignored.
    base::Result<bool> bundle(const base::Json &frame);
    enum class WindowOutcome { Applied, NotVisible, Ignored };
    base::Result<WindowOutcome> window(const base::Json &frame, std::int64_t before);
    /// What the server says of one bucket of the digest replaces what is held of it.
    base::Status bucket(const base::Json &frame);
    /// The messages held of a conversation are not the server's: they are read again.
    void distrustWindow(const base::Uuid &conversation);

    /// While any is outstanding, removals are remembered: its answer may be older than they are.
    void bulkBegan() { ++m_bulk; }
    void bulkEnded();

private:
    struct Row {
        storage::EntityKey key;
        std::int64_t q = 0;
        std::int64_t sv = 0;
        std::optional<base::Uuid> parent;
        std::string scope;
        const base::Json *value = nullptr;
    };

    base::Result<std::optional<Row>> read(const base::Json &change, const std::string &scope);
    bool upsert(const Row &row, bool live, std::int64_t asOf);
    void wantWhatIsNew(const Row &row, const std::optional<storage::StoredRow> &held);
    void bundleBrought(const Row &row, const base::Json &item, std::int64_t asOf);
    void askForMessages(const base::Uuid &conversation);
    [[nodiscard]] bool isHot(const base::Json &conversation) const;
    void remove(const Row &row, bool onlyInScope);
    void drop(const storage::EntityKey &key);
    bool isBetween(const storage::EntityKey &child, std::int64_t lo, std::int64_t hi);
    bool removedSince(const storage::EntityKey &key, std::int64_t asOf) const;
    std::int64_t nextGeneration();
    void store();
    void settleWants(std::int64_t from);

    storage::CacheStore &m_cache;
    std::int64_t m_epoch = 0;
    std::int64_t m_cursor = 0;
    std::int64_t m_generation = 0;
    int m_bulk = 0;
    base::Timestamp m_keepSince{};
    std::vector<std::string> m_scopeList;
    std::map<storage::EntityKey, std::int64_t> m_removed;
    std::vector<base::Uuid> m_newConversations; // of the frame being applied
};

} // namespace client::sync
