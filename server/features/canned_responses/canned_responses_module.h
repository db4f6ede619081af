#pragma once

#include "server/storage/database.h"
#include "server/sync/entity_registry.h"
#include "server/sync/mutation_registry.h"

#include <vector>

namespace server::canned_responses {

std::vector<storage::Migration> migrations();

/// Reader of canned response rows.
void registerRows(sync::EntityRegistry &registry);
/// `canned.save` and `canned.delete`.
void registerMutations(sync::MutationRegistry &registry);

} // namespace server::canned_responses
