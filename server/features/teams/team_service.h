#pragma once

#include "server/features/accounts/user_store.h"
#include "server/features/teams/team_store.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace server::teams {

/// Fields to change; what is absent stays.
struct TeamChanges {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<bool> allowAutoAssign;
};

/// Teams and who is in them. Methods with a WriteContext run inside executor jobs; doors ask for an
/// administrator.
class TeamService {
public:
    using Removed = std::function<void(sync::WriteContext &, const TeamRow &)>;

    /// Fails with Invalid and the field, AlreadyExists ("name"), or TooLarge when there are too many.
    base::Result<TeamRow> create(sync::WriteContext &ctx, const TeamChanges &fields);
    /// Fails as create() does, and with NotFound.
    base::Result<TeamRow> change(sync::WriteContext &ctx, std::int64_t team, const TeamChanges &changes);
    /// Its conversations belong to no team then. Fails with NotFound.
    base::Status remove(sync::WriteContext &ctx, std::int64_t team);

    enum class Members { Add, Set, Remove };
    /// Fails with NotFound (team) or Invalid ("user_ids": not a user of the account).
    base::Status changeMembers(sync::WriteContext &ctx, std::int64_t team,
                               const std::vector<std::int64_t> &users, Members how);
    /// For users who leave the account.
    void removeEverywhere(sync::WriteContext &ctx, const accounts::MemberRow &member);

    /// What else must happen when a team goes, in the same transaction. Register before the server starts.
    void onRemoved(Removed listener) { m_removed.push_back(std::move(listener)); }

private:
    std::vector<Removed> m_removed;
};

} // namespace server::teams
