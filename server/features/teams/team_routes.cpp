#include "server/features/teams/team_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_presenter.h"
#include "server/features/teams/team_presenter.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

namespace server::teams {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using ports::HttpResponse;

constexpr std::size_t maxUsersAtOnce = 1000;

base::Result<TeamChanges> changesOf(const base::Json &body)
{
    const auto &nested = base::member(body, "team");
    ApiFields fields{nested.is_object() ? nested : body};
    TeamChanges changes{fields.text("name"), fields.text("description"), fields.flag("allow_auto_assign")};
    if (const auto status = fields.status(); !status)
        return status.error();
    return changes;
}

} // namespace

void TeamRoutes::add(ports::Router &router)
{
    using Who = accounts::ApiGate::Who;
    const auto route = [&](const char *method, const char *path, Who who, auto handler) {
        m_gate.inAccount(router, method, path, std::move(handler), who);
    };
    route("GET", "/teams", Who::Member, [this](ApiCall &call) { return list(call); });
    route("POST", "/teams", Who::Administrator, [this](ApiCall &call) { return create(call); });
    route("GET", "/teams/{team_id}", Who::Member, [this](ApiCall &call) { return show(call); });
    route("PATCH", "/teams/{team_id}", Who::Administrator, [this](ApiCall &call) { return change(call); });
    route("DELETE", "/teams/{team_id}", Who::Administrator, [this](ApiCall &call) { return remove(call); });
    const char *membersPath = "/teams/{team_id}/team_members";
    route("GET", membersPath, Who::Member, [this](ApiCall &call) { return members(call); });
    using Members = TeamService::Members;
    for (const auto &[method, how] : {std::pair{"POST", Members::Add}, std::pair{"PATCH", Members::Set},
                                      std::pair{"DELETE", Members::Remove}})
        route(method, membersPath, Who::Administrator,
              [this, how = how](ApiCall &call) { return changeMembers(call, how); });
}

TeamRoutes::Answer TeamRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : TeamStore{tx}.all(call.account))
            payload.push_back(teamJson(tx, row, call.actor.number));
    });
    return ports::jsonAnswer(payload);
}

TeamRoutes::Answer TeamRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    const auto number = call.number("team_id");
    m_gate.read([&](storage::Transaction &tx) {
        if (const auto row = number ? TeamStore{tx}.find(call.account, *number) : std::nullopt)
            answer = ports::jsonAnswer(teamJson(tx, *row, call.actor.number));
    });
    return answer;
}

TeamRoutes::Answer TeamRoutes::create(ApiCall &call)
{
    const auto fields = changesOf(call.body());
    if (!fields)
        return fields.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = m_service.create(ctx, *fields);
        if (!row)
            return row.error();
        return teamJson(ctx.tx(), *row, call.actor.number);
    });
}

TeamRoutes::Answer TeamRoutes::change(ApiCall &call)
{
    const auto number = call.number("team_id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    const auto changes = changesOf(call.body());
    if (!changes)
        return changes.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = m_service.change(ctx, *number, *changes);
        if (!row)
            return row.error();
        return teamJson(ctx.tx(), *row, call.actor.number);
    });
}

TeamRoutes::Answer TeamRoutes::remove(ApiCall &call)
{
    const auto number = call.number("team_id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    const auto status =
        m_gate.write(call, [&](sync::WriteContext &ctx) { return m_service.remove(ctx, *number); });
    if (!status)
        return status.error();
    return HttpResponse{};
}

TeamRoutes::Answer TeamRoutes::members(ApiCall &call)
{
    const auto number = call.number("team_id");
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    m_gate.read([&](storage::Transaction &tx) {
        const TeamStore store{tx};
        if (!number || !store.find(call.account, *number))
            return;
        auto payload = base::Json::array();
        for (const auto user : store.memberNumbers(*number))
            if (const auto member = accounts::UserStore{tx}.member(call.account, user))
                payload.push_back(accounts::agentJson(*member, call.account, m_gate.ephemera()));
        answer = ports::jsonAnswer(payload);
    });
    return answer;
}

TeamRoutes::Answer TeamRoutes::changeMembers(ApiCall &call, TeamService::Members how)
{
    const auto number = call.number("team_id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    ApiFields fields{call.body()};
    const auto users = fields.integers("user_ids");
    if (!fields.status() || !fields.has("user_ids") || users.size() > maxUsersAtOnce)
        return base::Error{ErrorCode::Invalid, "user_ids"};
    const auto status = m_gate.write(
        call, [&](sync::WriteContext &ctx) { return m_service.changeMembers(ctx, *number, users, how); });
    if (!status)
        return status.error();
    return how == TeamService::Members::Remove ? Answer{HttpResponse{}} : members(call);
}

} // namespace server::teams
