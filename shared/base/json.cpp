#include "shared/base/json.h"

namespace base {

namespace {

// Only measures depth; the real parse follows. A deep document is refused before it can exhaust the stack on
// destruction.
bool tooDeep(std::string_view text, int most)
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > most)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

} // namespace

Result<Json> parseJson(std::string_view text, const JsonLimits &limits)
{
    if (text.size() > limits.bytes)
        return Error{ErrorCode::TooLarge, "JSON over " + std::to_string(limits.bytes) + " bytes"};
    if (tooDeep(text, limits.depth))
        return Error{ErrorCode::Invalid, "JSON nested too deep"};
    auto value = Json::parse(text, nullptr, false);
    if (value.is_discarded())
        return Error{ErrorCode::Invalid, "not JSON"};
    return value;
}

std::string toText(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json &member(const Json &object, std::string_view key)
{
    static const Json null;
    if (!object.is_object())
        return null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
}

std::optional<std::string> textField(const Json &object, std::string_view key)
{
    const auto &value = member(object, key);
    return value.is_string() ? std::optional{value.get<std::string>()} : std::nullopt;
}

std::optional<std::int64_t> integerField(const Json &object, std::string_view key)
{
    const auto &value = member(object, key);
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        return std::nullopt;
    return value.is_number_integer() ? std::optional{value.get<std::int64_t>()} : std::nullopt;
}

std::optional<bool> flagField(const Json &object, std::string_view key)
{
    const auto &value = member(object, key);
    return value.is_boolean() ? std::optional{value.get<bool>()} : std::nullopt;
}

std::optional<Uuid> uuidField(const Json &object, std::string_view key)
{
    const auto &value = member(object, key);
    return value.is_string() ? Uuid::parse(value.get_ref<const std::string &>()) : std::nullopt;
}

} // namespace base
