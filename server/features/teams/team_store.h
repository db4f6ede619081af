#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/teams/team.h"

#include <optional>
#include <string_view>
#include <vector>

namespace server::teams {

struct TeamRow {
    domain::Team team; ///< `members` is filled by the reads of one team only
    sync::AccountNumber account = 0;
};

/// The only code that names the tables teams and team_members. Lives as long as one transaction.
class TeamStore {
public:
    explicit TeamStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<TeamRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::optional<TeamRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    [[nodiscard]] std::optional<TeamRow> byName(sync::AccountNumber account, std::string_view name) const;
    /// By name, without members.
    [[nodiscard]] std::vector<TeamRow> all(sync::AccountNumber account) const;
    /// Numbers of the teams of one user.
    [[nodiscard]] std::vector<std::int64_t> ofUser(sync::AccountNumber account, std::int64_t user) const;
    /// Numbers of the team's members, in order.
    [[nodiscard]] std::vector<std::int64_t> memberNumbers(std::int64_t team) const;
    [[nodiscard]] bool isMember(std::int64_t team, std::int64_t user) const;

    std::int64_t insert(const TeamRow &row, base::Timestamp now); ///< teams.id
    void update(const TeamRow &row, base::Timestamp now);
    /// With its memberships. No conversation may refer to it any more.
    void remove(std::int64_t team);
    bool addMember(std::int64_t team, std::int64_t user, const base::Uuid &id, base::Timestamp now);
    bool removeMember(std::int64_t team, std::int64_t user);

private:
    std::optional<TeamRow> whole(const std::optional<storage::Row> &row) const;

    storage::Transaction &m_tx;
};

} // namespace server::teams
