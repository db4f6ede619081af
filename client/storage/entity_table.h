#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/base/uuid.h"
#include "shared/protocol/entity_type.h"

#include <QVariant>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace client::storage {

/// The step of the cache's migrations that brings a column; see cache_store.cpp.
enum class AddedBy { First, Settings, Labels };

/// How one kind of row is kept: its table, the columns taken out of the JSON for lists, and the texts of its
/// statements (made once, so that connections can keep them prepared).
struct EntityTable {
    protocol::EntityType type;
    std::string name;
    bool childOfConversation = false; ///< moves and goes with its conversation
    std::string create;
    std::map<AddedBy, std::string> added; ///< columns that came after the table, by step
    std::string upsert;
    std::string select;
    std::string remove;
    std::string byParent;
    std::string moveChildren;
    std::string confirm;
    std::string sweep;
    std::string inScope;
    std::string ids;
    std::string zeroRevisions;
};

/// All kinds, parents first.
std::span<const EntityTable> entityTables();
const EntityTable &entityTable(protocol::EntityType type);

/// The values of the extracted columns, in the order of the upsert's tail.
QVariantList extracted(protocol::EntityType type, const base::Json &row);

/// Whether the shared codec can read the row.
base::Status checkRow(protocol::EntityType type, const base::Uuid &id,
                      const std::optional<base::Uuid> &parent, const base::Json &row);

} // namespace client::storage
