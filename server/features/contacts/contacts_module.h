#pragma once

#include "server/storage/database.h"
#include "server/sync/entity_registry.h"

#include <vector>

namespace server::contacts {

std::vector<storage::Migration> migrations();

/// Reader of contact rows.
void registerRows(sync::EntityRegistry &registry);

} // namespace server::contacts
