#include "server/features/canned_responses/canned_response_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/canned_responses/canned_response_service.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

namespace server::canned_responses {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using ports::HttpResponse;

base::Json cannedJson(const CannedResponseRow &row)
{
    return {{"id", row.response.number},
            {"account_id", row.account},
            {"short_code", row.response.shortCode},
            {"content", row.response.content},
            {"created_at", accounts::isoTime(row.createdAt)},
            {"updated_at", accounts::isoTime(row.updatedAt)}};
}

// The fields stand at the top, or below "canned_response". What is absent stays.
base::Status readInto(const base::Json &body, domain::CannedResponse &response)
{
    const auto &nested = base::member(body, "canned_response");
    ApiFields fields{nested.is_object() ? nested : body};
    if (auto code = fields.text("short_code"))
        response.shortCode = *std::move(code);
    if (auto content = fields.text("content"))
        response.content = *std::move(content);
    return fields.status();
}

} // namespace

void CannedResponseRoutes::add(ports::Router &router)
{
    m_gate.inAccount(router, "GET", "/canned_responses", [this](ApiCall &call) { return list(call); });
    m_gate.inAccount(router, "POST", "/canned_responses", [this](ApiCall &call) { return create(call); });
    for (const auto *method : {"PATCH", "PUT"})
        m_gate.inAccount(router, method, "/canned_responses/{id}",
                         [this](ApiCall &call) { return change(call); });
    m_gate.inAccount(router, "DELETE", "/canned_responses/{id}",
                     [this](ApiCall &call) { return remove(call); });
}

CannedResponseRoutes::Answer CannedResponseRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : CannedResponseStore{tx}.all(call.account, call.request.queryValue("search")))
            payload.push_back(cannedJson(row));
    });
    return ports::jsonAnswer(payload);
}

CannedResponseRoutes::Answer CannedResponseRoutes::create(ApiCall &call)
{
    domain::CannedResponse response;
    if (const auto status = readInto(call.body(), response); !status)
        return status.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        response.id = {ctx.newId()};
        const auto row = CannedResponseService::save(ctx, response);
        if (!row)
            return row.error();
        return cannedJson(*row);
    });
}

CannedResponseRoutes::Answer CannedResponseRoutes::change(ApiCall &call)
{
    const auto number = call.number("id");
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto known = number ? CannedResponseStore{ctx.tx()}.find(ctx.account(), *number) : std::nullopt;
        if (!known)
            return base::Error{ErrorCode::NotFound, {}};
        auto response = known->response;
        if (const auto read = readInto(call.body(), response); !read)
            return read.error();
        const auto row = CannedResponseService::save(ctx, response);
        if (!row)
            return row.error();
        return cannedJson(*row);
    });
}

CannedResponseRoutes::Answer CannedResponseRoutes::remove(ApiCall &call)
{
    const auto number = call.number("id");
    const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto known = number ? CannedResponseStore{ctx.tx()}.find(ctx.account(), *number) : std::nullopt;
        if (!known)
            return base::Error{ErrorCode::NotFound, {}};
        return CannedResponseService::remove(ctx, known->response.id.value);
    });
    if (!status)
        return status.error();
    return HttpResponse{};
}

} // namespace server::canned_responses
