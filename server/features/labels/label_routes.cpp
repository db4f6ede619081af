#include "server/features/labels/label_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

namespace server::labels {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using ports::HttpResponse;

base::Json labelJson(const LabelRow &row)
{
    return {{"id", row.label.number},
            {"title", row.label.title},
            {"description", row.label.description},
            {"color", row.label.color},
            {"show_on_sidebar", row.label.showOnSidebar}};
}

// The fields stand at the top, or below "label".
base::Result<LabelChanges> changesOf(const base::Json &body)
{
    const auto &nested = base::member(body, "label");
    ApiFields fields{nested.is_object() ? nested : body};
    LabelChanges changes{fields.text("title"), fields.text("description"), fields.text("color"),
                         fields.flag("show_on_sidebar")};
    if (const auto status = fields.status(); !status)
        return status.error();
    return changes;
}

} // namespace

void LabelRoutes::add(ports::Router &router)
{
    using Who = accounts::ApiGate::Who;
    m_gate.inAccount(router, "GET", "/labels", [this](ApiCall &call) { return list(call); });
    m_gate.inAccount(
        router, "POST", "/labels", [this](ApiCall &call) { return create(call); }, Who::Administrator);
    m_gate.inAccount(router, "GET", "/labels/{id}", [this](ApiCall &call) { return show(call); });
    m_gate.inAccount(
        router, "PATCH", "/labels/{id}", [this](ApiCall &call) { return change(call); }, Who::Administrator);
    m_gate.inAccount(
        router, "DELETE", "/labels/{id}", [this](ApiCall &call) { return remove(call); }, Who::Administrator);
}

LabelRoutes::Answer LabelRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : LabelStore{tx}.all(call.account))
            payload.push_back(labelJson(row));
    });
    return ports::jsonAnswer({{"payload", std::move(payload)}});
}

LabelRoutes::Answer LabelRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    const auto number = call.number("id");
    m_gate.read([&](storage::Transaction &tx) {
        if (const auto row = number ? LabelStore{tx}.find(call.account, *number) : std::nullopt)
            answer = ports::jsonAnswer(labelJson(*row));
    });
    return answer;
}

LabelRoutes::Answer LabelRoutes::create(ApiCall &call)
{
    const auto fields = changesOf(call.body());
    if (!fields)
        return fields.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = m_service.create(ctx, *fields);
        if (!row)
            return row.error();
        return labelJson(*row);
    });
}

LabelRoutes::Answer LabelRoutes::change(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    const auto changes = changesOf(call.body());
    if (!changes)
        return changes.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = m_service.change(ctx, *number, *changes);
        if (!row)
            return row.error();
        return labelJson(*row);
    });
}

LabelRoutes::Answer LabelRoutes::remove(ApiCall &call)
{
    const auto number = call.number("id");
    if (!number)
        return base::Error{ErrorCode::NotFound, {}};
    const auto status =
        m_gate.write(call, [&](sync::WriteContext &ctx) { return m_service.remove(ctx, *number); });
    if (!status)
        return status.error();
    return HttpResponse{};
}

} // namespace server::labels
