#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/teams/team_service.h"
#include "server/sync/entity_registry.h"

#include <vector>

namespace server::teams {

std::vector<storage::Migration> migrations();

/// Reader of team rows.
void registerRows(sync::EntityRegistry &registry);

/// Removal of a user ends their memberships.
void connect(accounts::AccountService &accounts, TeamService &teams);

} // namespace server::teams
