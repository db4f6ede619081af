#include "server/features/accounts/api_fields.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <cstdio>

namespace server::accounts {

namespace {

std::optional<std::int64_t> integerOf(const base::Json &value)
{
    if (value.is_number_unsigned())
        return value.get<std::uint64_t>() <= INT64_MAX ? std::optional{value.get<std::int64_t>()}
                                                       : std::nullopt;
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_string())
        return base::wholeNumber(value.get_ref<const std::string &>());
    return std::nullopt;
}

std::optional<bool> flagOf(const base::Json &value)
{
    if (value.is_boolean())
        return value.get<bool>();
    const auto text = value.is_string() ? value.get<std::string>() : base::toText(value);
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    return std::nullopt;
}

} // namespace

bool ApiFields::has(const char *key) const
{
    return m_object.is_object() && m_object.contains(key);
}

std::optional<std::string> ApiFields::text(const char *key)
{
    const auto &value = base::member(m_object, key);
    if (value.is_null())
        return std::nullopt;
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number())
        return base::toText(value);
    refuse(key);
    return std::nullopt;
}

std::optional<std::int64_t> ApiFields::integer(const char *key)
{
    const auto &value = base::member(m_object, key);
    if (value.is_null())
        return std::nullopt;
    const auto number = integerOf(value);
    if (!number)
        refuse(key);
    return number;
}

std::optional<bool> ApiFields::flag(const char *key)
{
    const auto &value = base::member(m_object, key);
    if (value.is_null())
        return std::nullopt;
    const auto flag = flagOf(value);
    if (!flag)
        refuse(key);
    return flag;
}

base::Json ApiFields::object(const char *key)
{
    const auto &value = base::member(m_object, key);
    if (value.is_null() || value.is_object())
        return value;
    if (value.is_string()) {
        auto parsed = base::parseJson(value.get_ref<const std::string &>());
        if (parsed && parsed->is_object())
            return *parsed;
    }
    refuse(key);
    return {};
}

std::optional<std::string> ApiFields::objectText(const char *key)
{
    const auto value = object(key);
    return value.is_object() ? std::optional{base::toText(value)} : std::nullopt;
}

std::vector<std::int64_t> ApiFields::integers(const char *key)
{
    std::vector<std::int64_t> numbers;
    const auto &value = base::member(m_object, key);
    if (value.is_null())
        return numbers;
    if (!value.is_array())
        refuse(key);
    for (const auto &item : value) {
        const auto number = integerOf(item);
        if (!number)
            refuse(key);
        else
            numbers.push_back(*number);
    }
    return numbers;
}

std::vector<std::string> ApiFields::texts(const char *key)
{
    std::vector<std::string> all;
    const auto &value = base::member(m_object, key);
    if (value.is_null())
        return all;
    if (!value.is_array())
        refuse(key);
    for (const auto &item : value) {
        if (!item.is_string())
            refuse(key);
        else
            all.push_back(item.get<std::string>());
    }
    return all;
}

base::Status ApiFields::status() const
{
    if (m_bad.empty())
        return base::Done{};
    return base::Error{base::ErrorCode::Invalid, m_bad};
}

void ApiFields::refuse(const char *key)
{
    if (m_bad.empty())
        m_bad = key;
}

std::string isoTime(base::Timestamp at)
{
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

std::int64_t unixTime(base::Timestamp at)
{
    return base::toMs(at) / 1000;
}

} // namespace server::accounts
