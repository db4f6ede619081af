#include "server/features/teams/team_service.h"

#include "shared/base/text.h"

#include <algorithm>

namespace server::teams {

namespace {

constexpr std::size_t maxName = 255;
constexpr std::size_t maxDescription = 1000;
constexpr std::size_t maxTeams = 1000; // of an account

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

base::Status apply(const TeamChanges &changes, domain::Team &team)
{
    if (changes.name) {
        // Names are told apart without regard to case, as people do.
        team.name = base::isUtf8(*changes.name) ? base::lowered(base::trimmed(base::cleaned(*changes.name)))
                                                : std::string{};
        if (team.name.empty() || base::length(team.name) > maxName)
            return invalid("name");
    }
    if (changes.description) {
        if (!base::isUtf8(*changes.description) || base::length(*changes.description) > maxDescription)
            return invalid("description");
        team.description = base::cleaned(*changes.description);
    }
    team.allowAutoAssign = changes.allowAutoAssign.value_or(team.allowAutoAssign);
    return base::Done{};
}

base::Status checkName(const TeamStore &store, const TeamRow &row)
{
    const auto other = store.byName(row.account, row.team.name);
    if (other && other->team.number != row.team.number)
        return base::Error{base::ErrorCode::AlreadyExists, "name"};
    return base::Done{};
}

void recordTeam(sync::WriteContext &ctx, const base::Uuid &team)
{
    ctx.record(protocol::EntityType::Team, team, sync::scope::account);
}

} // namespace

base::Result<TeamRow> TeamService::create(sync::WriteContext &ctx, const TeamChanges &fields)
{
    TeamStore store{ctx.tx()};
    if (!fields.name)
        return invalid("name");
    if (store.all(ctx.account()).size() >= maxTeams)
        return base::Error{base::ErrorCode::TooLarge, "teams"};
    TeamRow row;
    row.account = ctx.account();
    row.team.id = {ctx.newId()};
    if (const auto fine = apply(fields, row.team); !fine)
        return fine.error();
    if (const auto fine = checkName(store, row); !fine)
        return fine.error();
    row.team.number = store.insert(row, ctx.now());
    recordTeam(ctx, row.team.id.value);
    return row;
}

base::Result<TeamRow> TeamService::change(sync::WriteContext &ctx, std::int64_t team,
                                          const TeamChanges &changes)
{
    TeamStore store{ctx.tx()};
    auto row = store.find(ctx.account(), team);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "team"};
    const auto before = row->team;
    if (const auto fine = apply(changes, row->team); !fine)
        return fine.error();
    if (row->team == before)
        return *row;
    if (const auto fine = checkName(store, *row); !fine)
        return fine.error();
    store.update(*row, ctx.now());
    recordTeam(ctx, row->team.id.value);
    return *row;
}

base::Status TeamService::remove(sync::WriteContext &ctx, std::int64_t team)
{
    TeamStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), team);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "team"};
    for (const auto &listener : m_removed)
        listener(ctx, *row);
    store.remove(team);
    ctx.record(sync::Change{sync::ChangeKind::Delete, protocol::EntityType::Team, row->team.id.value,
                            sync::scope::account, std::nullopt});
    return base::Done{};
}

base::Status TeamService::changeMembers(sync::WriteContext &ctx, std::int64_t team,
                                        const std::vector<std::int64_t> &users, Members how)
{
    TeamStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), team);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "team"};
    const accounts::UserStore people{ctx.tx()};
    bool changed = false;
    for (const auto user : users) {
        const auto member = people.member(ctx.account(), user);
        if (how == Members::Remove) {
            changed |= store.removeMember(team, user);
        } else {
            if (!member || !member->user.active)
                return invalid("user_ids");
            changed |= store.addMember(team, user, member->user.id.value, ctx.now());
        }
    }
    if (how == Members::Set)
        for (const auto known : store.memberNumbers(team))
            if (std::find(users.begin(), users.end(), known) == users.end())
                changed |= store.removeMember(team, known);
    if (changed)
        recordTeam(ctx, row->team.id.value);
    return base::Done{};
}

void TeamService::removeEverywhere(sync::WriteContext &ctx, const accounts::MemberRow &member)
{
    TeamStore store{ctx.tx()};
    for (const auto team : store.ofUser(ctx.account(), member.user.number)) {
        store.removeMember(team, member.user.number);
        recordTeam(ctx, store.find(ctx.account(), team)->team.id.value);
    }
}

} // namespace server::teams
