#pragma once

#include "server/storage/transaction.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace server::sync {

/// Reads the `v` of one row, as its receivers may see it; nothing when the entity is gone. Must be one
/// indexed read.
using RowReader =
    std::function<std::optional<base::Json>(storage::Transaction &, AccountNumber, const base::Uuid &id)>;

/// One conversation's newest messages and what hangs on them, for bundles and windows.
struct Window {
    std::vector<Change> rows; ///< messages and message states, oldest first; kind is always Upsert
    std::int64_t lowest = 1;  ///< number of the first message in it
    std::int64_t highest = 0; ///< number of the last message in it; 0 for none
};

/// What a program keeps of conversations: nothing means that it keeps all (sync-protocol 5.5).
struct Keeping {
    std::optional<base::Timestamp> hotSince;    ///< resolved ones without activity since then: no messages
    std::optional<base::Timestamp> recentSince; ///< of long ones, messages since then beside the newest
};

/// How sync reads conversations without knowing their tables. Implemented by the conversations feature.
class ConversationSource {
public:
    virtual ~ConversationSource() = default;
    /// Conversations of an inbox scope in order of usefulness (open ones first, newest activity first), after
    /// the place `token` names (empty: from the start). At most `limit`; `token` becomes the place after the
    /// last.
    virtual std::vector<base::Uuid> page(storage::Transaction &tx, AccountNumber account,
                                         const std::string &scope, std::string &token, std::size_t limit) = 0;
    /// How many page() would give in all.
    virtual std::int64_t count(storage::Transaction &tx, AccountNumber account, const std::string &scope) = 0;
    /// At most `limit` messages with numbers below `before` (0: the newest).
    virtual Window window(storage::Transaction &tx, AccountNumber account, const base::Uuid &conversation,
                          std::int64_t before, std::size_t limit) = 0;
    /// How many of a conversation's newest messages such a program wants at first; 0 when it keeps none.
    virtual std::size_t wanted(storage::Transaction &tx, AccountNumber account,
                               const base::Uuid &conversation, const Keeping &keeping) = 0;
    /// Ids of its messages with numbers below `n`.
    virtual std::set<base::Uuid> messagesBelow(storage::Transaction &tx, AccountNumber account,
                                               const base::Uuid &conversation, std::int64_t n) = 0;
};

/// Which kinds of rows exist and how each is read. Filled before the server starts.
class EntityRegistry {
public:
    void add(protocol::EntityType type, RowReader reader);
    [[nodiscard]] const RowReader *find(protocol::EntityType type) const;
    void setConversations(std::unique_ptr<ConversationSource> source);
    [[nodiscard]] ConversationSource *conversations() const { return m_conversations.get(); }

private:
    std::map<protocol::EntityType, RowReader> m_readers;
    std::unique_ptr<ConversationSource> m_conversations;
};

} // namespace server::sync
