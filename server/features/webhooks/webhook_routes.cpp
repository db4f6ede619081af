#include "server/features/webhooks/webhook_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/inboxes/inbox_presenter.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/features/webhooks/webhook_rules.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::webhooks {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using accounts::isoTime;
using base::ErrorCode;
using ports::HttpResponse;
using State = DeliveryRow::State;

constexpr std::size_t mostReplayed = 500; // a request
constexpr std::int64_t mostListed = 100;

// The fields stand at the top, or below "webhook". What is absent stays.
base::Result<WebhookFields> fieldsFrom(const base::Json &body, WebhookFields known)
{
    const auto &nested = base::member(body, "webhook");
    const auto &from = nested.is_object() ? nested : body;
    ApiFields fields{from};
    if (auto name = fields.text("name"))
        known.name = std::string{base::trimmed(*name)};
    if (auto url = fields.text("url"))
        known.url = std::string{base::trimmed(*url)};
    if (fields.has("subscriptions")) {
        known.subscriptions = fields.texts("subscriptions");
        auto &names = known.subscriptions;
        for (auto at = names.begin(); at != names.end();) // each once, in their order
            at = std::find(names.begin(), at, *at) != at ? names.erase(at) : at + 1;
    }
    if (from.contains("inbox_id"))
        known.inbox = fields.integer("inbox_id");
    if (const auto status = fields.status(); !status)
        return status.error();
    return known;
}

// Those of nobody's typing: whoever wants them says so.
std::vector<std::string> usualSubscriptions()
{
    std::vector<std::string> names;
    for (const auto name : eventNames)
        if (!name.starts_with("conversation_typing_"))
            names.emplace_back(name);
    return names;
}

const char *stateName(const DeliveryRow &row)
{
    switch (row.state) {
    case State::Done:
        return "delivered";
    case State::Dead:
        return "failed";
    case State::Behind:
    case State::Ready:
        break;
    }
    return row.attempts > 0 ? "retrying" : "waiting";
}

base::Json deliveryJson(const DeliveryRow &row)
{
    const bool isDecided = row.state == State::Done || row.state == State::Dead;
    base::Json json{
        {"id", row.number},
        {"delivery_id", row.id.text()},
        {"event", row.event.name},
        {"conversation_id", row.event.conversation ? base::Json(row.event.conversation) : base::Json()},
        {"status", stateName(row)},
        {"attempts", row.attempts},
        {"max_attempts", row.tries},
        {"response_status", row.status ? base::Json(row.status) : base::Json()},
        {"reason", row.reason.empty() ? base::Json() : base::Json(row.reason)},
        {"duration_ms", row.ms},
        {"created_at", isoTime(row.event.at)},
        {"next_attempt_at", isDecided ? base::Json() : base::Json(isoTime(row.notBefore))},
        {"finished_at", row.finishedAt ? base::Json(isoTime(*row.finishedAt)) : base::Json()}};
    if (!row.event.body.empty())
        json["payload"] = row.event.body;
    return json;
}

base::Result<LogPage> pageOf(const ApiCall &call)
{
    LogPage page;
    page.before = call.queryNumber("before", 0);
    page.limit =
        static_cast<std::size_t>(std::clamp<std::int64_t>(call.queryNumber("limit", 25), 1, mostListed));
    const auto wanted = call.request.queryValue("status");
    if (wanted == "failed")
        page.state = State::Dead;
    else if (wanted == "delivered")
        page.state = State::Done;
    else if (wanted == "waiting")
        page.state = State::Ready;
    else if (!wanted.empty())
        return base::Error{ErrorCode::Invalid, "status"};
    return page;
}

void again(sync::WriteContext &ctx, DeliveryStore &store, const DeliveryRow &row)
{
    store.replay(row, ctx.now(), ctx.now() + effortFor(row.event.name, row.target < 0).life);
}

} // namespace

void WebhookRoutes::add(ports::Router &router)
{
    const auto route = [&](const char *method, const char *path, Answer (WebhookRoutes::*work)(ApiCall &)) {
        m_gate.inAccount(
            router, method, path, [this, work](ApiCall &call) { return (this->*work)(call); },
            accounts::ApiGate::Who::Administrator);
    };
    route("GET", "/webhooks", &WebhookRoutes::list);
    route("POST", "/webhooks", &WebhookRoutes::create);
    route("PATCH", "/webhooks/{id}", &WebhookRoutes::change);
    route("PUT", "/webhooks/{id}", &WebhookRoutes::change);
    route("POST", "/webhooks/{id}/secret", &WebhookRoutes::renewSecret);
    route("DELETE", "/webhooks/{id}", &WebhookRoutes::remove);
    addLog(router, "/webhooks/{id}",
           [](storage::Transaction &tx, const ApiCall &call) -> base::Result<Target> {
               const auto row = WebhookService::find(tx, call.account, call.number("id").value_or(0));
               return row ? base::Result<Target>{row->number} : base::Error{ErrorCode::NotFound, {}};
           });
    addLog(router, "/inboxes/{id}",
           [](storage::Transaction &tx, const ApiCall &call) -> base::Result<Target> {
               const auto row = inboxes::InboxStore{tx}.find(call.account, call.number("id").value_or(0));
               return row ? base::Result<Target>{-row->inbox.number} : base::Error{ErrorCode::NotFound, {}};
           });
}

void WebhookRoutes::addLog(ports::Router &router, const std::string &path, const Which &which)
{
    using Work = Answer (WebhookRoutes::*)(ApiCall &, const Which &);
    const auto route = [&](const char *method, const std::string &below, Work work) {
        m_gate.inAccount(
            router, method, path + below,
            [this, which, work](ApiCall &call) { return (this->*work)(call, which); },
            accounts::ApiGate::Who::Administrator);
    };
    route("GET", "/deliveries", &WebhookRoutes::log);
    route("POST", "/deliveries/replay", &WebhookRoutes::replayDead);
    route("GET", "/deliveries/{delivery_id}", &WebhookRoutes::show);
    route("POST", "/deliveries/{delivery_id}/replay", &WebhookRoutes::replay);
}

base::Json WebhookRoutes::jsonOf(storage::Transaction &tx, const WebhookRow &row) const
{
    base::Json json{
        {"id", row.number}, {"account_id", row.account},          {"name", row.name},
        {"url", row.url},   {"subscriptions", row.subscriptions}, {"secret", m_webhooks.secret(row)}};
    const auto inbox = row.inbox ? inboxes::InboxStore{tx}.find(row.account, *row.inbox) : std::nullopt;
    if (inbox)
        json["inbox"] = {{"id", inbox->inbox.number}, {"name", inbox->inbox.name}};
    return json;
}

WebhookRoutes::Answer WebhookRoutes::list(ApiCall &call)
{
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : WebhookStore{tx}.all(call.account))
            payload.push_back(jsonOf(tx, row));
    });
    return ports::jsonAnswer(payload);
}

WebhookRoutes::Answer
WebhookRoutes::save(ApiCall &call, const std::function<base::Result<WebhookRow>(sync::WriteContext &)> &work)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = work(ctx);
        if (!row)
            return row.error();
        return jsonOf(ctx.tx(), *row);
    });
}

WebhookRoutes::Answer WebhookRoutes::create(ApiCall &call)
{
    const auto fields = fieldsFrom(call.body(), {{}, {}, usualSubscriptions(), std::nullopt});
    if (!fields)
        return fields.error();
    return save(call, [&](sync::WriteContext &ctx) { return m_webhooks.create(ctx, *fields); });
}

WebhookRoutes::Answer WebhookRoutes::change(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    return save(call, [&](sync::WriteContext &ctx) -> base::Result<WebhookRow> {
        const auto known = WebhookService::find(ctx.tx(), ctx.account(), number);
        if (!known)
            return base::Error{ErrorCode::NotFound, {}};
        const auto fields =
            fieldsFrom(call.body(), {known->name, known->url, known->subscriptions, known->inbox});
        return fields ? m_webhooks.change(ctx, number, *fields) : fields.error();
    });
}

WebhookRoutes::Answer WebhookRoutes::renewSecret(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    return save(call, [&](sync::WriteContext &ctx) { return m_webhooks.renewSecret(ctx, number); });
}

WebhookRoutes::Answer WebhookRoutes::remove(ApiCall &call)
{
    const auto number = call.number("id").value_or(0);
    const auto status =
        m_gate.write(call, [&](sync::WriteContext &ctx) { return WebhookService::remove(ctx, number); });
    if (!status)
        return status.error();
    return HttpResponse{};
}

WebhookRoutes::Answer WebhookRoutes::log(ApiCall &call, const Which &which)
{
    const auto page = pageOf(call);
    if (!page)
        return page.error();
    base::Result<base::Json> payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        const auto target = which(tx, call);
        if (!target) {
            payload = target.error();
            return;
        }
        for (const auto &row : DeliveryStore{tx}.log(*target, *page))
            payload->push_back(deliveryJson(row));
    });
    if (!payload)
        return payload.error();
    return ports::jsonAnswer({{"payload", *payload}});
}

WebhookRoutes::Answer WebhookRoutes::show(ApiCall &call, const Which &which)
{
    const auto id = base::Uuid::parse(call.request.param("delivery_id"));
    base::Result<base::Json> found = base::Error{ErrorCode::NotFound, {}};
    m_gate.read([&](storage::Transaction &tx) {
        const auto target = which(tx, call);
        const auto row = target && id ? DeliveryStore{tx}.find(*target, *id) : std::nullopt;
        if (row)
            found = deliveryJson(*row);
    });
    if (!found)
        return found.error();
    return ports::jsonAnswer(*found);
}

// What waits already is on its way: there is nothing to add.
WebhookRoutes::Answer WebhookRoutes::replay(ApiCall &call, const Which &which)
{
    const auto id = base::Uuid::parse(call.request.param("delivery_id"));
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        DeliveryStore store{ctx.tx()};
        const auto target = which(ctx.tx(), call);
        auto row = target && id ? store.find(*target, *id) : std::nullopt;
        if (!row)
            return base::Error{ErrorCode::NotFound, {}};
        if (row->state == State::Done || row->state == State::Dead) {
            again(ctx, store, *row);
            row = store.find(row->number);
        }
        return deliveryJson(*row);
    });
}

WebhookRoutes::Answer WebhookRoutes::replayDead(ApiCall &call, const Which &which)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto target = which(ctx.tx(), call);
        if (!target)
            return target.error();
        DeliveryStore store{ctx.tx()};
        const auto numbers = store.dead(*target, mostReplayed);
        for (const auto number : numbers)
            again(ctx, store, *store.find(number));
        return base::Json{{"replayed", numbers.size()}};
    });
}

} // namespace server::webhooks
