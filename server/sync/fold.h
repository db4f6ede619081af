#pragma once

#include "server/sync/change.h"

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace server::sync {

/// What remains of one entity's changes within a batch.
struct Folded {
    protocol::EntityType type = protocol::EntityType::Account;
    base::Uuid id;
    std::optional<Change> state;  ///< the last upsert or delete; nothing when it only left scopes
    std::set<std::string> leaves; ///< scopes it left, besides the one the journal knows
};

/// Reduces a batch to one entry an entity, in the order of each one's last change. Nobody outside saw the
/// steps between, so only the end counts: children recorded before their conversation moved end where it
/// ended.
class Fold {
public:
    void add(const Change &change);
    /// Children recorded in `from` go where their parent went.
    void moveChildren(const base::Uuid &parent, const std::string &from, const std::string &to);
    [[nodiscard]] const std::list<Folded> &entries() const { return m_entries; }

private:
    using Key = std::pair<protocol::EntityType, base::Uuid>;

    Folded &touch(protocol::EntityType type, const base::Uuid &id);
    void dropChildren(const base::Uuid &parent, const std::string &scope);

    std::list<Folded> m_entries;
    std::map<Key, std::list<Folded>::iterator> m_places;
    std::multimap<base::Uuid, Key> m_children;
};

} // namespace server::sync
