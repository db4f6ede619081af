#include "server/features/teams/team_presenter.h"

#include "shared/base/json.h"

namespace server::teams {

base::Json teamJson(storage::Transaction &tx, const TeamRow &row, std::int64_t caller)
{
    return {{"id", row.team.number},
            {"name", row.team.name},
            {"description", row.team.description},
            {"allow_auto_assign", row.team.allowAutoAssign},
            {"account_id", row.account},
            {"is_member", TeamStore{tx}.isMember(row.team.number, caller)}};
}

} // namespace server::teams
