#pragma once

#include "server/features/teams/team_store.h"
#include "shared/base/json_fwd.h"

namespace server::teams {

/// A team as the REST API tells it to `caller` (users.id).
base::Json teamJson(storage::Transaction &tx, const TeamRow &row, std::int64_t caller);

} // namespace server::teams
