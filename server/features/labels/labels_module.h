#pragma once

#include "server/storage/database.h"
#include "server/sync/entity_registry.h"

#include <vector>

namespace server::labels {

std::vector<storage::Migration> migrations();

/// Reader of label rows.
void registerRows(sync::EntityRegistry &registry);

} // namespace server::labels
