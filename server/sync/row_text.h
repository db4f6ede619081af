#pragma once

#include "server/sync/entity_registry.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace server::sync {

/// Where a row stands in the journal.
struct RowPlace {
    protocol::EntityType type = protocol::EntityType::Account;
    base::Uuid id;
    std::int64_t seq = 0;
    std::int64_t scopeVersion = 0;
    std::optional<base::Uuid> parent;
};

/// The id by which receivers know a row. Everybody has a read state of a conversation, so each has a name of
/// its own in the journal; its only receiver knows it by its conversation.
base::Uuid wireId(protocol::EntityType type, const base::Uuid &id, const std::optional<base::Uuid> &parent);

/// The wire form of a row without its opening brace, so that a receiver's own fields can go in front:
/// `"t":"message","id":"…","q":12,"v":{…}}`. Nothing when the entity is gone or its kind is not registered.
std::optional<std::string> rowText(storage::Transaction &tx, const EntityRegistry &registry,
                                   AccountNumber account, const RowPlace &place);
/// The same of a removal; `op` is 'D' or 'X'.
std::string removalText(const RowPlace &place, const std::string &op);

/// Remembers the wire form of the newest rows, so that one change is read and written as text once for all
/// its receivers: what a number of an epoch says never changes. One thread.
class RowCache {
public:
    const std::string *find(AccountNumber account, std::int64_t epoch, std::int64_t seq) const;
    void keep(AccountNumber account, std::int64_t epoch, std::int64_t seq, const std::string &text);

private:
    using Key = std::tuple<AccountNumber, std::int64_t, std::int64_t>;

    std::map<Key, std::string> m_texts;
    std::list<Key> m_order; // oldest first
    std::size_t m_bytes = 0;
};

} // namespace server::sync
