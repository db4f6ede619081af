#include "shared/protocol/filters/filter_codec.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace protocol {

namespace {

base::Error invalid(const char *what)
{
    return {base::ErrorCode::Invalid, what};
}

std::optional<std::string> valueText(const base::Json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number() || value.is_boolean())
        return base::toText(value);
    if (value.is_object() && value.contains("id"))
        return value["id"].is_structured() ? std::nullopt : valueText(value["id"]);
    return std::nullopt;
}

base::Result<domain::FilterCondition> conditionFromJson(const base::Json &item)
{
    domain::FilterCondition condition;
    condition.attribute = base::textField(item, "attribute_key").value_or("");
    const auto operation =
        domain::filterOperationFromText(base::textField(item, "filter_operator").value_or(""));
    if (!operation)
        return invalid("filter_operator");
    condition.operation = *operation;
    const auto join = base::lowered(base::textField(item, "query_operator").value_or(""));
    if (!join.empty() && join != "and" && join != "or")
        return invalid("query_operator");
    condition.orNext = join == "or";
    const auto &values = base::member(item, "values");
    const bool isList = values.is_array();
    if (isList && values.size() > domain::maxFilterValues)
        return invalid("values");
    for (const auto &value : isList ? values : base::Json::array({values})) {
        if (value.is_null())
            continue;
        auto text = valueText(value);
        if (!text)
            return invalid("values");
        condition.values.push_back(*std::move(text));
    }
    return condition;
}

} // namespace

base::Result<domain::Filter> filterFromJson(const base::Json &conditions, domain::FilterSubject subject)
{
    if (!conditions.is_array() || conditions.size() > domain::maxFilterConditions)
        return invalid("payload");
    domain::Filter filter;
    for (const auto &item : conditions) {
        auto condition = conditionFromJson(item);
        if (!condition)
            return condition.error();
        filter.conditions.push_back(*std::move(condition));
    }
    if (const auto status = domain::check(filter, subject); !status)
        return status.error();
    return filter;
}

base::Json toJson(const domain::Filter &filter)
{
    auto list = base::Json::array();
    for (const auto &condition : filter.conditions)
        list.push_back({{"attribute_key", condition.attribute},
                        {"filter_operator", toText(condition.operation)},
                        {"values", condition.values},
                        {"query_operator", condition.orNext ? "or" : "and"}});
    return list;
}

domain::FilterValue fieldValue(const base::Json &object, std::string_view name)
{
    const auto &value = base::member(object, name);
    if (value.is_null())
        return {};
    auto text = value.is_string() ? value.get<std::string>() : base::toText(value);
    return text.empty() ? domain::FilterValue{} : domain::FilterValue{{std::move(text)}, {}};
}

} // namespace protocol
