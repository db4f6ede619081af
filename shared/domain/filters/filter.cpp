#include "shared/domain/filters/filter.h"

#include "shared/base/text.h"
#include "shared/base/time_text.h"
#include "shared/domain/conversations/conversation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace domain {

namespace {

using Op = FilterOperation;

constexpr std::array<std::pair<std::string_view, Op>, 10> operationNames{{
    {"equal_to", Op::EqualTo},
    {"not_equal_to", Op::NotEqualTo},
    {"contains", Op::Contains},
    {"does_not_contain", Op::DoesNotContain},
    {"starts_with", Op::StartsWith},
    {"is_present", Op::IsPresent},
    {"is_not_present", Op::IsNotPresent},
    {"is_greater_than", Op::IsGreaterThan},
    {"is_less_than", Op::IsLessThan},
    {"days_before", Op::DaysBefore},
}};

enum class Kind { Status, Priority, Number, Choice, Text, Moment, Own };

struct Attribute {
    FilterSubject subject;
    std::string_view name;
    Kind kind;
};

constexpr auto conversation = FilterSubject::Conversation;
constexpr auto contact = FilterSubject::Contact;
constexpr Attribute attributes[] = {
    {conversation, "status", Kind::Status},
    {conversation, "priority", Kind::Priority},
    {conversation, "assignee_id", Kind::Number},
    {conversation, "inbox_id", Kind::Number},
    {conversation, "team_id", Kind::Number},
    {conversation, "contact_id", Kind::Number},
    {conversation, "display_id", Kind::Text},
    {conversation, "labels", Kind::Choice},
    {conversation, "browser_language", Kind::Text},
    {conversation, "conversation_language", Kind::Text},
    {conversation, "country_code", Kind::Text},
    {conversation, "referer", Kind::Text},
    {conversation, "mail_subject", Kind::Text},
    {conversation, "created_at", Kind::Moment},
    {conversation, "last_activity_at", Kind::Moment},
    {contact, "name", Kind::Text},
    {contact, "email", Kind::Text},
    {contact, "phone_number", Kind::Text},
    {contact, "identifier", Kind::Text},
    {contact, "city", Kind::Text},
    {contact, "company_name", Kind::Text},
    {contact, "country", Kind::Text},
    {contact, "country_code", Kind::Text},
    {contact, "referer", Kind::Text},
    {contact, "blocked", Kind::Choice},
    {contact, "labels", Kind::Choice},
    {contact, "created_at", Kind::Moment},
    {contact, "last_activity_at", Kind::Moment},
};

base::Error invalid(const char *what)
{
    return {base::ErrorCode::Invalid, what};
}

Kind kindOf(FilterSubject subject, std::string_view name)
{
    for (const auto &attribute : attributes)
        if (attribute.subject == subject && attribute.name == name)
            return attribute.kind;
    return Kind::Own;
}

bool isPresence(Op operation)
{
    return operation == Op::IsPresent || operation == Op::IsNotPresent;
}

bool isEquality(Op operation)
{
    return operation == Op::EqualTo || operation == Op::NotEqualTo;
}

bool isOrder(Op operation)
{
    return operation == Op::IsGreaterThan || operation == Op::IsLessThan || operation == Op::DaysBefore;
}

bool fits(Kind kind, Op operation)
{
    switch (kind) {
    case Kind::Status:
    case Kind::Priority:
        return isEquality(operation);
    case Kind::Number:
    case Kind::Choice:
        return isEquality(operation) || isPresence(operation);
    case Kind::Text:
        return !isOrder(operation);
    case Kind::Moment:
        return isOrder(operation);
    case Kind::Own:
        return true;
    }
    return false;
}

std::optional<double> numberOf(const std::string &text)
{
    double value = 0;
    const auto *end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && at == end && std::isfinite(value) ? std::optional{value} : std::nullopt;
}

std::optional<std::chrono::days> daysOf(const std::string &text)
{
    constexpr std::int64_t most = 36'500;
    const auto days = base::wholeNumber(text);
    return days && *days >= 0 && *days <= most ? std::optional{std::chrono::days{*days}} : std::nullopt;
}

bool isValue(Kind kind, Op operation, const std::string &text)
{
    if (!base::isUtf8(text) || base::length(text) > maxFilterText)
        return false;
    if (operation == Op::DaysBefore)
        return daysOf(text).has_value();
    switch (kind) {
    case Kind::Status:
        return text == "all" || conversationStatusFromText(text);
    case Kind::Priority:
        return text == "none" || priorityFromText(text);
    case Kind::Number:
        return base::wholeNumber(text).has_value();
    case Kind::Moment:
        return base::timeFromText(text).has_value();
    case Kind::Own:
        return !isOrder(operation) || base::timeFromText(text) || numberOf(text);
    case Kind::Choice:
    case Kind::Text:
        return true;
    }
    return false;
}

bool momentHolds(base::Timestamp at, Op operation, const std::string &value, base::Timestamp now)
{
    if (operation == Op::DaysBefore) {
        const auto days = daysOf(value);
        return days && at < now - *days;
    }
    const auto given = base::timeFromText(value);
    return given && (operation == Op::IsGreaterThan ? at > *given : at < *given);
}

// The account's own fields hold numbers and days as texts.
bool textOrderHolds(const std::string &text, Op operation, const std::string &value, base::Timestamp now)
{
    if (const auto own = numberOf(text), given = numberOf(value); operation != Op::DaysBefore && own && given)
        return operation == Op::IsGreaterThan ? *own > *given : *own < *given;
    const auto at = base::timeFromText(text);
    return at && momentHolds(*at, operation, value, now);
}

bool anyPair(const std::vector<std::string> &texts, const std::vector<std::string> &values,
             bool (*holds)(std::string_view text, std::string_view value))
{
    return std::any_of(texts.begin(), texts.end(), [&](const auto &text) {
        const auto low = base::lowered(text);
        return std::any_of(values.begin(), values.end(),
                           [&](const auto &value) { return holds(low, base::lowered(value)); });
    });
}

bool isSame(std::string_view text, std::string_view value)
{
    return text == value || value == "all";
}

bool isInside(std::string_view text, std::string_view value)
{
    return text.find(value) != std::string_view::npos;
}

bool isStart(std::string_view text, std::string_view value)
{
    return text.starts_with(value);
}

bool isExactly(std::string_view text, std::string_view value)
{
    return text == value;
}

bool holds(const FilterCondition &condition, const FilterValue &has, base::Timestamp now)
{
    const auto &values = condition.values;
    // Only a status has "all" among its values.
    const auto same = condition.attribute == "status" ? isSame : isExactly;
    switch (condition.operation) {
    case Op::EqualTo:
        return anyPair(has.texts, values, same);
    case Op::NotEqualTo:
        return !anyPair(has.texts, values, same);
    case Op::Contains:
        return anyPair(has.texts, values, isInside);
    case Op::DoesNotContain:
        return !anyPair(has.texts, values, isInside);
    case Op::StartsWith:
        return anyPair(has.texts, values, isStart);
    case Op::IsPresent:
        return has.moment || !has.texts.empty();
    case Op::IsNotPresent:
        return !has.moment && has.texts.empty();
    case Op::IsGreaterThan:
    case Op::IsLessThan:
    case Op::DaysBefore:
        break;
    }
    if (has.moment)
        return momentHolds(*has.moment, condition.operation, values.front(), now);
    return std::any_of(has.texts.begin(), has.texts.end(), [&](const auto &text) {
        return textOrderHolds(text, condition.operation, values.front(), now);
    });
}

} // namespace

std::string_view toText(FilterOperation operation)
{
    for (const auto &[name, value] : operationNames)
        if (value == operation)
            return name;
    return {};
}

std::optional<FilterOperation> filterOperationFromText(std::string_view text)
{
    for (const auto &[name, value] : operationNames)
        if (name == text)
            return value;
    return std::nullopt;
}

bool isFilterAttribute(FilterSubject subject, std::string_view attribute)
{
    return kindOf(subject, attribute) != Kind::Own;
}

base::Status check(const Filter &filter, FilterSubject subject)
{
    if (filter.conditions.empty() || filter.conditions.size() > maxFilterConditions)
        return invalid("payload");
    for (const auto &condition : filter.conditions) {
        const auto &name = condition.attribute;
        if (name.empty() || !base::isUtf8(name) || base::length(name) > maxFilterText)
            return invalid("attribute_key");
        const auto kind = kindOf(subject, name);
        if (!fits(kind, condition.operation))
            return invalid("filter_operator");
        if (isPresence(condition.operation))
            continue;
        const auto &values = condition.values;
        if (values.empty() || values.size() > maxFilterValues ||
            !std::all_of(values.begin(), values.end(),
                         [&](const auto &value) { return isValue(kind, condition.operation, value); }))
            return invalid("values");
    }
    return base::Done{};
}

bool matches(const Filter &filter, const FilterFields &fields, base::Timestamp now)
{
    bool group = true; // the conditions since the last "or"
    for (const auto &condition : filter.conditions) {
        group = group && holds(condition, fields(condition.attribute), now);
        if (condition.orNext && group)
            return true;
        if (condition.orNext)
            group = &condition != &filter.conditions.back(); // a dangling "or" joins nothing
    }
    return group;
}

std::optional<std::vector<std::string>> required(const Filter &filter, std::string_view attribute)
{
    std::vector<std::string> all;
    bool saysSo = false;
    for (const auto &condition : filter.conditions) {
        if (!saysSo && condition.attribute == attribute && condition.operation == Op::EqualTo) {
            saysSo = true;
            all.insert(all.end(), condition.values.begin(), condition.values.end());
        }
        const bool ends = condition.orNext || &condition == &filter.conditions.back();
        if (ends && !saysSo)
            return std::nullopt;
        if (ends)
            saysSo = false;
    }
    if (attribute == "status" && std::find(all.begin(), all.end(), "all") != all.end())
        return std::nullopt;
    return all;
}

} // namespace domain
