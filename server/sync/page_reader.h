#pragma once

#include "server/sync/entity_registry.h"
#include "server/sync/journal.h"
#include "server/sync/row_text.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace server::sync {

/// Where one client stands.
struct Cursor {
    std::int64_t epoch = 0;
    std::int64_t q = 0;
};

/// Why a client must begin its scopes again, instead of a page (sync-protocol 8.3).
enum class ResetReason { None, Epoch, Ahead, Floor, FarBehind, Asked };
std::string_view toText(ResetReason reason);
/// Revisions the client holds may mean something else now.
bool forgetsRevisions(ResetReason reason);

/// The next changes for one client.
struct Page {
    ResetReason reset = ResetReason::None;
    Head head;
    std::int64_t to = 0;   ///< the cursor after it
    bool more = false;     ///< cut: there is more up to the head
    std::int64_t left = 0; ///< rows that follow, an estimate
    std::string changes;   ///< JSON objects, separated by commas
    std::size_t count = 0;
};

/// Reads the journal for clients (sync-protocol 3.5). Every page checks epoch, floor and distance on its own
/// snapshot, because a connection may be slower than compaction. One thread.
class PageReader {
public:
    explicit PageReader(const EntityRegistry &registry) : m_registry{registry} {}

    /// `scopes` are the client's now, as read in this snapshot; the rows' `s` is the index in it. Nothing
    /// numbered above `upTo` is given.
    Page read(storage::Transaction &tx, AccountNumber account, const std::vector<std::string> &scopes,
              const Cursor &cursor, std::int64_t upTo);
    /// Changes between the cursor and the head: exact up to 100,000, above that an estimate.
    std::int64_t left(storage::Transaction &tx, AccountNumber account, const std::vector<std::string> &scopes,
                      std::int64_t cursor, std::int64_t head);

    /// The users' own scopes ("u:…") in which something lies between the cursor and `upTo`.
    static std::set<std::string> personalScopes(storage::Transaction &tx, AccountNumber account,
                                                std::int64_t cursor, std::int64_t upTo);

private:
    struct ScopeIds {
        std::map<std::int64_t, std::size_t> index;
        std::string list; ///< as JSON, to bind
    };

    ScopeIds ids(storage::Transaction &tx, AccountNumber account, const std::vector<std::string> &scopes);
    ResetReason resetFor(storage::Transaction &tx, AccountNumber account, const ScopeIds &scopes,
                         const Head &head, const Cursor &cursor);
    std::string text(storage::Transaction &tx, AccountNumber account, std::int64_t epoch,
                     const RowPlace &place, const std::string &op);

    const EntityRegistry &m_registry;
    RowCache m_cache;
    std::map<std::pair<AccountNumber, std::string>, std::int64_t>
        m_scopeIds; // committed ones only: they never change
};

} // namespace server::sync
