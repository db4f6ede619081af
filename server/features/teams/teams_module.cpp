#include "server/features/teams/teams_module.h"

#include "shared/base/json.h"
#include "shared/protocol/setting_rows.h"

namespace server::teams {

std::vector<storage::Migration> migrations()
{
    return TeamStore::migrations();
}

void registerRows(sync::EntityRegistry &registry)
{
    registry.add(protocol::EntityType::Team,
                 [](storage::Transaction &tx, sync::AccountNumber account,
                    const base::Uuid &id) -> std::optional<base::Json> {
                     const auto row = TeamStore{tx}.find(account, id);
                     return row ? std::optional{protocol::toRow(row->team)} : std::nullopt;
                 });
}

void connect(accounts::AccountService &accounts, TeamService &teams)
{
    accounts.onRemoved([&teams](sync::WriteContext &ctx, const accounts::MemberRow &member) {
        teams.removeEverywhere(ctx, member);
    });
}

} // namespace server::teams
