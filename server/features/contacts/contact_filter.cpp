#include "server/features/contacts/contact_filter.h"

#include "server/features/accounts/api_fields.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace server::contacts {

namespace {

constexpr std::size_t mostConditions = 30;
constexpr std::size_t mostValues = 100;
constexpr std::array<std::string_view, 10> operations{
    "equal_to",   "not_equal_to",   "contains",        "does_not_contain", "starts_with",
    "is_present", "is_not_present", "is_greater_than", "is_less_than",     "days_before"};

base::Error invalid(const char *what)
{
    return {base::ErrorCode::Invalid, what};
}

std::string plainText(const base::Json &value)
{
    return base::lowered(value.is_string() ? value.get<std::string>() : base::toText(value));
}

std::string fromAttributes(const std::string &object, std::string_view key)
{
    const auto parsed = base::parseJson(object);
    const auto &value = parsed ? base::member(*parsed, key) : base::member({}, key);
    return value.is_null() ? std::string{} : plainText(value);
}

std::optional<base::Timestamp> momentOf(const ContactRow &row, std::string_view attribute)
{
    if (attribute == "created_at")
        return row.contact.createdAt;
    return attribute == "last_activity_at" ? row.contact.lastActivityAt : std::nullopt;
}

std::string textOf(const ContactRow &row, std::string_view attribute)
{
    const auto &contact = row.contact;
    if (attribute == "blocked")
        return contact.blocked ? "true" : "false";
    const std::pair<std::string_view, const std::string &> columns[] = {
        {"name", contact.name},       {"email", contact.email},          {"phone_number", contact.phone},
        {"city", contact.city},       {"company_name", contact.company}, {"identifier", contact.identifier},
        {"country", contact.country}, {"country_code", contact.country}};
    for (const auto &[name, value] : columns)
        if (name == attribute)
            return base::lowered(value);
    auto own = fromAttributes(row.customAttributes, attribute);
    return own.empty() ? fromAttributes(row.additionalAttributes, attribute) : own;
}

bool compareMoments(base::Timestamp at, std::string_view operation, const std::string &value,
                    base::Timestamp now)
{
    const auto given =
        accounts::timeFromText(value.size() == 10 && value[4] == '-' ? value + "T00:00:00Z" : value);
    if (operation == "days_before") {
        const auto days = given ? base::toMs(*given) / 1000 : 0; // a bare number
        return at < now - std::chrono::days{days};
    }
    if (!given)
        return false;
    return operation == "is_greater_than" ? at > *given : at < *given;
}

bool holdsText(const std::string &text, std::string_view operation, const std::vector<std::string> &values)
{
    const auto any = [&](const auto &test) { return std::any_of(values.begin(), values.end(), test); };
    if (operation == "is_present")
        return !text.empty();
    if (operation == "is_not_present")
        return text.empty();
    if (operation == "equal_to")
        return any([&](const auto &value) { return value == text; });
    if (operation == "not_equal_to")
        return !any([&](const auto &value) { return value == text; });
    if (operation == "contains")
        return any([&](const auto &value) { return text.find(value) != std::string::npos; });
    if (operation == "does_not_contain")
        return !any([&](const auto &value) { return text.find(value) != std::string::npos; });
    return any([&](const auto &value) { return text.starts_with(value); });
}

bool isAboutTime(std::string_view operation)
{
    return operation == "is_greater_than" || operation == "is_less_than" || operation == "days_before";
}

} // namespace

base::Result<ContactFilter> ContactFilter::fromJson(const base::Json &payload)
{
    if (!payload.is_array() || payload.empty() || payload.size() > mostConditions)
        return invalid("payload");
    ContactFilter filter;
    for (const auto &item : payload) {
        Condition condition;
        condition.attribute = base::textField(item, "attribute_key").value_or("");
        condition.operation = base::textField(item, "filter_operator").value_or("");
        condition.joinsWithOr =
            base::lowered(base::textField(item, "query_operator").value_or("and")) == "or";
        const auto &values = base::member(item, "values");
        for (const auto &value : values.is_array() ? values : base::Json::array({values}))
            if (!value.is_null())
                condition.values.push_back(plainText(value));
        if (condition.attribute.empty() || condition.attribute.size() > 100)
            return invalid("attribute_key");
        if (std::find(operations.begin(), operations.end(), condition.operation) == operations.end())
            return invalid("filter_operator");
        const bool needsValue = !condition.operation.ends_with("_present");
        if ((needsValue && condition.values.empty()) || condition.values.size() > mostValues)
            return invalid("values");
        filter.m_conditions.push_back(std::move(condition));
    }
    return filter;
}

bool ContactFilter::matches(const ContactRow &row, base::Timestamp now) const
{
    bool outcome = true;
    bool joinsWithOr = false;
    for (const auto &condition : m_conditions) {
        const auto at = momentOf(row, condition.attribute);
        const bool holds =
            isAboutTime(condition.operation)
                ? at && compareMoments(*at, condition.operation, condition.values.front(), now)
                : holdsText(textOf(row, condition.attribute), condition.operation, condition.values);
        outcome = joinsWithOr ? outcome || holds : outcome && holds;
        joinsWithOr = condition.joinsWithOr;
    }
    return outcome;
}

} // namespace server::contacts
