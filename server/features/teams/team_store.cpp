#include "server/features/teams/team_store.h"

namespace server::teams {

namespace {

#define SELECT_TEAM "SELECT id, uuid, account_id, name, description, allow_auto_assign FROM teams "

TeamRow fromRow(const storage::Row &row)
{
    TeamRow found;
    auto &team = found.team;
    team.number = row.integer(0);
    team.id = {row.uuid(1)};
    found.account = row.integer(2);
    team.name = row.text(3);
    team.description = row.text(4);
    team.allowAutoAssign = row.integer(5) != 0;
    return found;
}

} // namespace

std::vector<storage::Migration> TeamStore::migrations()
{
    return {{32, "teams", R"(
        CREATE TABLE teams (
            id                INTEGER PRIMARY KEY,
            uuid              BLOB NOT NULL UNIQUE,
            account_id        INTEGER NOT NULL REFERENCES accounts (id),
            name              TEXT NOT NULL,
            description       TEXT NOT NULL,
            allow_auto_assign INTEGER NOT NULL,
            created_at        INTEGER NOT NULL,
            updated_at        INTEGER NOT NULL,
            UNIQUE (account_id, name)
        ) STRICT;
        CREATE TABLE team_members (
            team_id    INTEGER NOT NULL REFERENCES teams (id),
            user_id    INTEGER NOT NULL REFERENCES users (id),
            user_uuid  BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (team_id, user_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX team_members_user ON team_members (user_id);
    )"}};
}

std::optional<TeamRow> TeamStore::whole(const std::optional<storage::Row> &row) const
{
    if (!row)
        return std::nullopt;
    auto found = fromRow(*row);
    for (const auto &member : m_tx.all(
             "SELECT user_uuid FROM team_members WHERE team_id = ? ORDER BY user_id", {found.team.number}))
        found.team.members.push_back({member.uuid(0)});
    return found;
}

std::optional<TeamRow> TeamStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return whole(m_tx.one(SELECT_TEAM "WHERE id = ? AND account_id = ?", {number, account}));
}

std::optional<TeamRow> TeamStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    return whole(m_tx.one(SELECT_TEAM "WHERE uuid = ? AND account_id = ?", {id, account}));
}

std::optional<TeamRow> TeamStore::byName(sync::AccountNumber account, std::string_view name) const
{
    return whole(m_tx.one(SELECT_TEAM "WHERE account_id = ? AND name = ?", {account, name}));
}

std::vector<TeamRow> TeamStore::all(sync::AccountNumber account) const
{
    std::vector<TeamRow> teams;
    for (const auto &row : m_tx.all(SELECT_TEAM "WHERE account_id = ? ORDER BY name", {account}))
        teams.push_back(fromRow(row));
    return teams;
}

std::vector<std::int64_t> TeamStore::ofUser(sync::AccountNumber account, std::int64_t user) const
{
    std::vector<std::int64_t> numbers;
    for (const auto &row : m_tx.all(R"(
            SELECT t.id
              FROM team_members m JOIN teams t ON t.id = m.team_id
             WHERE m.user_id = ? AND t.account_id = ?
             ORDER BY t.id)",
                                    {user, account}))
        numbers.push_back(row.integer(0));
    return numbers;
}

std::vector<std::int64_t> TeamStore::memberNumbers(std::int64_t team) const
{
    std::vector<std::int64_t> numbers;
    for (const auto &row :
         m_tx.all("SELECT user_id FROM team_members WHERE team_id = ? ORDER BY user_id", {team}))
        numbers.push_back(row.integer(0));
    return numbers;
}

bool TeamStore::isMember(std::int64_t team, std::int64_t user) const
{
    return m_tx.one("SELECT 1 FROM team_members WHERE team_id = ? AND user_id = ?", {team, user}).has_value();
}

std::int64_t TeamStore::insert(const TeamRow &row, base::Timestamp now)
{
    m_tx.run(
        R"(
        INSERT INTO teams (uuid, account_id, name, description, allow_auto_assign, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?))",
        {row.team.id, row.account, row.team.name, row.team.description, row.team.allowAutoAssign, now, now});
    return m_tx.lastInsertId();
}

void TeamStore::update(const TeamRow &row, base::Timestamp now)
{
    m_tx.run("UPDATE teams SET name = ?, description = ?, allow_auto_assign = ?, updated_at = ? WHERE id = ?",
             {row.team.name, row.team.description, row.team.allowAutoAssign, now, row.team.number});
}

void TeamStore::remove(std::int64_t team)
{
    m_tx.run("DELETE FROM team_members WHERE team_id = ?", {team});
    m_tx.run("DELETE FROM teams WHERE id = ?", {team});
}

bool TeamStore::addMember(std::int64_t team, std::int64_t user, const base::Uuid &id, base::Timestamp now)
{
    return m_tx.run("INSERT INTO team_members (team_id, user_id, user_uuid, created_at) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    {team, user, id, now}) == 1;
}

bool TeamStore::removeMember(std::int64_t team, std::int64_t user)
{
    return m_tx.run("DELETE FROM team_members WHERE team_id = ? AND user_id = ?", {team, user}) == 1;
}

} // namespace server::teams
