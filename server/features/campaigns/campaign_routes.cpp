#include "server/features/campaigns/campaign_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_presenter.h"
#include "server/features/inboxes/inbox_presenter.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

namespace server::campaigns {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using ports::HttpResponse;

// The fields stand at the top, or below "campaign".
base::Result<CampaignChanges> changesOf(const base::Json &body)
{
    const auto &nested = base::member(body, "campaign");
    ApiFields fields{nested.is_object() ? nested : body};
    CampaignChanges changes;
    changes.title = fields.text("title");
    changes.description = fields.text("description");
    changes.message = fields.text("message");
    changes.enabled = fields.flag("enabled");
    changes.inOpeningHours = fields.flag("trigger_only_during_business_hours");
    changes.inbox = fields.integer("inbox_id");
    changes.sender = fields.integer("sender_id");
    if (fields.has("sender_id") && !changes.sender)
        changes.sender = 0; // null: the inbox itself
    const auto given = fields.object("trigger_rules");
    ApiFields rules{given};
    changes.url = rules.text("url");
    changes.secondsOnPage = rules.integer("time_on_page");
    for (const auto &status : {fields.status(), rules.status()})
        if (!status)
            return status.error();
    return changes;
}

} // namespace

void CampaignRoutes::add(ports::Router &router)
{
    constexpr auto who = accounts::ApiGate::Who::Administrator;
    m_gate.inAccount(
        router, "GET", "/campaigns", [this](ApiCall &call) { return list(call); }, who);
    m_gate.inAccount(
        router, "POST", "/campaigns", [this](ApiCall &call) { return create(call); }, who);
    m_gate.inAccount(
        router, "GET", "/campaigns/{id}", [this](ApiCall &call) { return show(call); }, who);
    m_gate.inAccount(
        router, "PATCH", "/campaigns/{id}", [this](ApiCall &call) { return change(call); }, who);
    m_gate.inAccount(
        router, "DELETE", "/campaigns/{id}", [this](ApiCall &call) { return remove(call); }, who);
}

base::Json CampaignRoutes::jsonOf(storage::Transaction &tx, const ApiCall &call, const CampaignRow &row) const
{
    const auto inbox = inboxes::InboxStore{tx}.find(row.account, row.inbox);
    const auto sender = row.sender ? accounts::UserStore{tx}.member(row.account, *row.sender) : std::nullopt;
    base::Json who;
    if (sender)
        who = {{"id", sender->user.number},
               {"name", sender->user.name},
               {"available_name", sender->displayName.empty() ? sender->user.name : sender->displayName},
               {"email", sender->user.email},
               {"thumbnail", ""}};
    return {{"id", row.number},
            {"title", row.title},
            {"description", row.description},
            {"account_id", row.account},
            {"inbox", inbox ? inboxes::inboxReference(*inbox, m_gate.origin(call.request)) : base::Json()},
            {"sender", std::move(who)},
            {"message", row.message},
            {"enabled", row.enabled},
            {"campaign_type", "ongoing"},
            {"campaign_status", "active"},
            {"trigger_rules", {{"url", row.url}, {"time_on_page", row.secondsOnPage}}},
            {"trigger_only_during_business_hours", row.inOpeningHours},
            {"created_at", accounts::isoTime(row.createdAt)},
            {"updated_at", accounts::isoTime(row.updatedAt)}};
}

CampaignRoutes::Answer CampaignRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : CampaignStore{tx}.all(call.account))
            payload.push_back(jsonOf(tx, call, row));
    });
    return ports::jsonAnswer(payload);
}

CampaignRoutes::Answer CampaignRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    const auto number = call.number("id");
    m_gate.read([&](storage::Transaction &tx) {
        if (const auto row = number ? CampaignStore{tx}.find(call.account, *number) : std::nullopt)
            answer = ports::jsonAnswer(jsonOf(tx, call, *row));
    });
    return answer;
}

CampaignRoutes::Answer CampaignRoutes::create(ApiCall &call)
{
    const auto fields = changesOf(call.body());
    if (!fields)
        return fields.error();
    base::Json json;
    const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = CampaignService::create(ctx, *fields);
        if (!row)
            return row.error();
        json = jsonOf(ctx.tx(), call, *row);
        return base::Done{};
    });
    if (!status)
        return status.error();
    return ports::jsonAnswer(json);
}

CampaignRoutes::Answer CampaignRoutes::change(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    const auto fields = changesOf(call.body());
    if (!fields)
        return fields.error();
    base::Json json;
    const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = CampaignService::change(ctx, *number, *fields);
        if (!row)
            return row.error();
        json = jsonOf(ctx.tx(), call, *row);
        return base::Done{};
    });
    if (!status)
        return status.error();
    return ports::jsonAnswer(json);
}

CampaignRoutes::Answer CampaignRoutes::remove(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    const auto status =
        m_gate.write(call, [&](sync::WriteContext &ctx) { return CampaignService::remove(ctx, *number); });
    if (!status)
        return status.error();
    return HttpResponse{};
}

} // namespace server::campaigns
