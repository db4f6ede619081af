#include "server/features/accounts/api_fields.h"
#include "server/features/conversations/conversation_routes.h"
#include "server/features/teams/team_store.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/domain/labels/label_rules.h"

/// REST: what conversations are sorted by, and whose they are.
namespace server::conversations {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;

base::Error invalid(const char *field)
{
    return {ErrorCode::Invalid, field};
}

base::Json payload(const ConversationRow &row)
{
    return {{"payload", row.conversation.labels}};
}

} // namespace

ConversationRoutes::Answer ConversationRoutes::togglePriority(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto name = fields.text("priority");
    const auto priority = name ? domain::priorityFromText(*name) : domain::Priority::None;
    if (!priority || !fields.has("priority"))
        return invalid("priority");
    return change(call,
                  [&](sync::WriteContext &ctx, const ConversationRow &row) {
                      return m_doors.conversations.setPriority(ctx, row.conversation.id.value, *priority);
                  },
                  {});
}

ConversationRoutes::Answer ConversationRoutes::assign(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto user = fields.integer("assignee_id");
    const auto team = fields.integer("team_id");
    if (const auto status = fields.status(); !status)
        return status.error();
    if (fields.has("team_id"))
        return assignTeam(call, team.value_or(0));
    if (!fields.has("assignee_id"))
        return invalid("assignee_id");
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) -> base::Result<ConversationRow> {
            std::optional<domain::UserId> to;
            if (user && *user != 0) {
                const auto member = accounts::UserStore{ctx.tx()}.member(ctx.account(), *user);
                if (!member)
                    return base::Error{ErrorCode::NotFound, "assignee"};
                to = member->user.id;
            }
            return m_doors.conversations.assign(ctx, row.conversation.id.value, to);
        },
        [](ConversationPresenter &presenter, const ConversationRow &row) {
            auto json = presenter.assignee(row);
            return json.is_null() ? base::Json::object() : json;
        });
}

ConversationRoutes::Answer ConversationRoutes::assignTeam(ApiCall &call, std::int64_t number)
{
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) -> base::Result<ConversationRow> {
            std::optional<domain::TeamId> to;
            if (number != 0) {
                const auto team = teams::TeamStore{ctx.tx()}.find(ctx.account(), number);
                if (!team)
                    return base::Error{ErrorCode::NotFound, "team"};
                to = team->team.id;
            }
            return m_doors.conversations.setTeam(ctx, row.conversation.id.value, to);
        },
        [](ConversationPresenter &presenter, const ConversationRow &row) { return presenter.team(row); });
}

ConversationRoutes::Answer ConversationRoutes::labels(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    m_doors.gate.read([&](storage::Transaction &tx) {
        const auto row = ConversationDoors::find(tx, call);
        answer = row ? Answer{ports::jsonAnswer(payload(*row))} : Answer{row.error()};
    });
    return answer;
}

ConversationRoutes::Answer ConversationRoutes::setLabels(ApiCall &call)
{
    ApiFields fields{call.body()};
    const auto titles = fields.texts("labels");
    if (!fields.status() || !fields.has("labels") || titles.size() > domain::maxLabelsOfOne)
        return invalid("labels");
    return change(
        call,
        [&](sync::WriteContext &ctx, const ConversationRow &row) {
            return m_doors.conversations.setLabels(ctx, row.conversation.id.value, titles);
        },
        [](ConversationPresenter &, const ConversationRow &row) { return payload(row); });
}

} // namespace server::conversations
