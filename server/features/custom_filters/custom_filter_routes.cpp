#include "server/features/custom_filters/custom_filter_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/filters/filter_codec.h"

namespace server::custom_filters {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;

constexpr std::int64_t mostFilters = 1000; // of one user
constexpr std::size_t longestName = 255;
constexpr std::size_t longestQuery = 64 << 10;

base::Error invalid(const char *field)
{
    return {ErrorCode::Invalid, field};
}

base::Json filterJson(const CustomFilterRow &row)
{
    const auto query = base::parseJson(row.query);
    return {{"id", row.number},
            {"name", row.name},
            {"type", toText(row.type)},
            {"filter_type", toText(row.type)},
            {"query", query ? *query : base::Json::object()},
            {"created_at", accounts::isoTime(row.createdAt)},
            {"updated_at", accounts::isoTime(row.updatedAt)}};
}

// What a report shows is not said in conditions.
base::Status checkQuery(const CustomFilterRow &row)
{
    if (row.query.size() > longestQuery)
        return base::Error{ErrorCode::TooLarge, "query"};
    if (row.type == FilterType::Report)
        return base::Done{};
    const auto query = base::parseJson(row.query);
    const auto filter =
        protocol::filterFromJson(query ? base::member(*query, "payload") : base::Json{},
                                 row.type == FilterType::Contact ? domain::FilterSubject::Contact
                                                                 : domain::FilterSubject::Conversation);
    return filter ? base::Status{base::Done{}} : base::Status{filter.error()};
}

// The fields stand at the top, or below "custom_filter". What is absent stays.
base::Status readInto(const base::Json &body, CustomFilterRow &row)
{
    const auto &nested = base::member(body, "custom_filter");
    ApiFields fields{nested.is_object() ? nested : body};
    if (const auto name = fields.text("name"))
        row.name = std::string{base::trimmed(base::cleaned(*name))};
    const auto type = fields.text(fields.has("type") ? "type" : "filter_type");
    if (type) {
        const auto known = filterTypeFromText(*type);
        if (!known)
            return invalid("type");
        row.type = *known;
    }
    if (auto query = fields.objectText("query"))
        row.query = *std::move(query);
    if (const auto status = fields.status(); !status)
        return status;
    if (row.name.empty() || !base::isUtf8(row.name) || base::length(row.name) > longestName)
        return invalid("name");
    return checkQuery(row);
}

base::Result<CustomFilterRow> own(storage::Transaction &tx, const ApiCall &call)
{
    const auto number = call.number("custom_filter_id");
    auto row = number ? CustomFilterStore{tx}.find(call.account, call.actor.number, *number) : std::nullopt;
    if (!row)
        return base::Error{ErrorCode::NotFound, "custom_filter"};
    return *std::move(row);
}

} // namespace

void connect(accounts::AccountService &accounts)
{
    accounts.onRemoved([](sync::WriteContext &ctx, const accounts::MemberRow &member) {
        CustomFilterStore{ctx.tx()}.removeAll(ctx.account(), member.user.number);
    });
}

void CustomFilterRoutes::add(ports::Router &router)
{
    const auto route = [&](const char *method, const std::string &path,
                           Answer (CustomFilterRoutes::*handler)(ApiCall &)) {
        m_gate.inAccount(router, method, "/custom_filters" + path,
                         [this, handler](ApiCall &call) { return (this->*handler)(call); });
    };
    route("GET", "", &CustomFilterRoutes::list);
    route("POST", "", &CustomFilterRoutes::create);
    route("GET", "/{custom_filter_id}", &CustomFilterRoutes::show);
    route("PATCH", "/{custom_filter_id}", &CustomFilterRoutes::change);
    route("PUT", "/{custom_filter_id}", &CustomFilterRoutes::change);
    route("DELETE", "/{custom_filter_id}", &CustomFilterRoutes::remove);
}

CustomFilterRoutes::Answer CustomFilterRoutes::list(ApiCall &call)
{
    const auto name = call.request.queryValue("filter_type");
    const auto type = name.empty() ? FilterType::Conversation : filterTypeFromText(name);
    if (!type)
        return invalid("filter_type");
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &row : CustomFilterStore{tx}.all(call.account, call.actor.number, *type))
            payload.push_back(filterJson(row));
    });
    return ports::jsonAnswer(payload);
}

CustomFilterRoutes::Answer CustomFilterRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    m_gate.read([&](storage::Transaction &tx) {
        const auto row = own(tx, call);
        answer = row ? Answer{ports::jsonAnswer(filterJson(*row))} : Answer{row.error()};
    });
    return answer;
}

CustomFilterRoutes::Answer CustomFilterRoutes::create(ApiCall &call)
{
    CustomFilterRow row;
    if (const auto status = readInto(call.body(), row); !status)
        return status.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        CustomFilterStore store{ctx.tx()};
        row.account = ctx.account();
        row.user = ctx.actor().number;
        row.createdAt = row.updatedAt = ctx.now();
        if (store.count(row.account, row.user) >= mostFilters)
            return base::Error{ErrorCode::TooLarge, "custom_filters"};
        row.number = store.insert(row);
        return filterJson(row);
    });
}

CustomFilterRoutes::Answer CustomFilterRoutes::change(ApiCall &call)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        auto row = own(ctx.tx(), call);
        if (!row)
            return row.error();
        if (const auto status = readInto(call.body(), *row); !status)
            return status.error();
        row->updatedAt = ctx.now();
        CustomFilterStore{ctx.tx()}.update(*row);
        return filterJson(*row);
    });
}

CustomFilterRoutes::Answer CustomFilterRoutes::remove(ApiCall &call)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = own(ctx.tx(), call);
        if (!row)
            return row.error();
        CustomFilterStore{ctx.tx()}.remove(row->number);
        return base::Json{};
    });
}

} // namespace server::custom_filters
