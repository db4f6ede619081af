#pragma once

#include "server/features/accounts/account_service.h"
#include "server/storage/database.h"
#include "server/sync/entity_registry.h"
#include "server/sync/mutation_registry.h"

#include <vector>

namespace server::macros {

std::vector<storage::Migration> migrations();

/// Takes away what an agent who leaves had for themselves.
void connect(accounts::AccountService &accounts);
/// Reader of macro rows.
void registerRows(sync::EntityRegistry &registry);
/// `macro.save`, `macro.delete` and `macro.run`, which calls others of the registry: it must live as long.
void registerMutations(sync::MutationRegistry &registry);

} // namespace server::macros
