#include "server/features/macros/macro_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_store.h"
#include "server/features/macros/macro_service.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::macros {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;
using ports::HttpResponse;

constexpr std::size_t maxConversations = 500; // a request

// Numbers go out as numbers, whatever clients put in.
base::Json paramJson(domain::MacroParam kind, const std::string &param)
{
    const bool isNumber =
        (kind == domain::MacroParam::Agent || kind == domain::MacroParam::Team) && param != domain::macroSelf;
    return isNumber ? base::Json(std::stoll(param)) : base::Json(param);
}

base::Json macroJson(storage::Transaction &tx, const MacroRow &row)
{
    auto actions = base::Json::array();
    for (const auto &step : row.macro.steps) {
        const auto kind = domain::macroParam(step.action).value_or(domain::MacroParam::None);
        auto params = base::Json::array();
        for (const auto &param : step.params)
            params.push_back(paramJson(kind, param));
        actions.push_back({{"action_name", step.action}, {"action_params", params}});
    }
    base::Json author{{"id", row.author}};
    if (const auto member = accounts::UserStore{tx}.member(row.account, row.author))
        author["name"] = member->user.name;
    return {{"id", row.macro.number}, {"account_id", row.account},
            {"name", row.macro.name}, {"visibility", row.macro.isShared ? "global" : "personal"},
            {"created_by", author},   {"actions", actions}};
}

std::string paramText(const base::Json &param)
{
    if (param.is_string())
        return param.get<std::string>();
    return param.is_number_integer() ? std::to_string(param.get<std::int64_t>()) : std::string{};
}

// What is absent stays.
base::Result<domain::Macro> changed(const base::Json &body, domain::Macro macro)
{
    const auto &nested = base::member(body, "macro");
    const auto &from = nested.is_object() ? nested : body;
    ApiFields fields{from};
    if (auto name = fields.text("name"))
        macro.name = *std::move(name);
    if (const auto visibility = fields.text("visibility"))
        macro.isShared = *visibility == "global";
    const auto &actions = base::member(from, "actions");
    if (actions.is_array() && actions.size() <= domain::maxMacroSteps) {
        macro.steps.clear();
        for (const auto &action : actions) {
            domain::MacroStep step{base::textField(action, "action_name").value_or(""), {}};
            for (const auto &param : base::member(action, "action_params"))
                step.params.push_back(paramText(param));
            macro.steps.push_back(std::move(step));
        }
    } else if (!actions.is_null()) {
        return base::Error{ErrorCode::Invalid, "actions"};
    }
    if (const auto status = fields.status(); !status)
        return status.error();
    return macro;
}

} // namespace

void MacroRoutes::add(ports::Router &router)
{
    m_gate.inAccount(router, "GET", "/macros", [this](ApiCall &call) { return list(call); });
    m_gate.inAccount(router, "POST", "/macros", [this](ApiCall &call) { return create(call); });
    m_gate.inAccount(router, "GET", "/macros/{id}", [this](ApiCall &call) { return show(call); });
    for (const auto *method : {"PATCH", "PUT"})
        m_gate.inAccount(router, method, "/macros/{id}", [this](ApiCall &call) { return change(call); });
    m_gate.inAccount(router, "DELETE", "/macros/{id}", [this](ApiCall &call) { return remove(call); });
    m_gate.inAccount(router, "POST", "/macros/{id}/execute", [this](ApiCall &call) { return execute(call); });
}

MacroRoutes::Answer MacroRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : MacroStore{tx}.of(call.account, call.actor.number))
            payload.push_back(macroJson(tx, row));
    });
    return ports::jsonAnswer({{"payload", payload}});
}

MacroRoutes::Answer MacroRoutes::show(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    base::Result<base::Json> found = base::Error{ErrorCode::NotFound, {}};
    m_gate.read([&](storage::Transaction &tx) {
        const auto row = MacroService::usable(tx, call.account, call.actor, number);
        found = row ? base::Result<base::Json>{macroJson(tx, *row)} : row.error();
    });
    if (!found)
        return found.error();
    return ports::jsonAnswer({{"payload", *found}});
}

MacroRoutes::Answer MacroRoutes::create(ApiCall &call)
{
    return save(call, [&call](sync::WriteContext &ctx) -> base::Result<domain::Macro> {
        domain::Macro macro;
        macro.id = {ctx.newId()};
        return changed(call.body(), std::move(macro));
    });
}

MacroRoutes::Answer MacroRoutes::change(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    return save(call, [&call, number](sync::WriteContext &ctx) -> base::Result<domain::Macro> {
        const auto known = MacroService::usable(ctx.tx(), ctx.account(), ctx.actor(), number);
        return known ? changed(call.body(), known->macro) : known.error();
    });
}

MacroRoutes::Answer MacroRoutes::save(ApiCall &call, const Which &which)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto macro = which(ctx);
        if (!macro)
            return macro.error();
        const auto row = MacroService::save(ctx, *macro);
        if (!row)
            return row.error();
        return base::Json{{"payload", macroJson(ctx.tx(), *row)}};
    });
}

MacroRoutes::Answer MacroRoutes::remove(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto known = MacroService::usable(ctx.tx(), ctx.account(), ctx.actor(), number);
        return known ? MacroService::remove(ctx, known->macro.id.value) : base::Status{known.error()};
    });
    if (!status)
        return status.error();
    return HttpResponse{};
}

// One job per conversation: what one refuses does not undo what was done to another.
MacroRoutes::Answer MacroRoutes::execute(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    ApiFields fields{call.body()};
    const auto displays = fields.integers("conversation_ids");
    if (const auto read = fields.status(); !read)
        return read.error();
    if (displays.empty() || displays.size() > maxConversations)
        return base::Error{ErrorCode::Invalid, "conversation_ids"};
    base::Result<MacroRow> macro = base::Error{ErrorCode::NotFound, {}};
    m_gate.read([&](storage::Transaction &tx) {
        macro = MacroService::usable(tx, call.account, call.actor, number);
    });
    if (!macro)
        return macro.error();
    auto payload = base::Json::array();
    for (const auto display : displays) {
        const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
            const auto outcome = MacroService::runStored(ctx, m_registry, macro->macro, display);
            return outcome ? base::Status{base::Done{}} : base::Status{outcome.error()};
        });
        payload.push_back({{"conversation_id", display},
                           {"status", status ? std::string{"ok"} : base::toText(status.error().code)}});
    }
    return ports::jsonAnswer({{"payload", payload}});
}

} // namespace server::macros
