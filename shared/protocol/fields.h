#pragma once

#include "shared/base/clock.h"
#include "shared/base/json.h"
#include "shared/base/result.h"
#include "shared/base/uuid.h"

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// Writing and reading of structs field by field: a `Fields<T>` list is walked by both directions, so they
/// cannot drift apart. Include only in codec sources.
namespace protocol {

template <class T>
struct IsOptional : std::false_type {
};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
};
template <class T>
struct IsVector : std::false_type {
};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {
};
template <class T>
concept IsId = requires(const T &id)
{
    {
        id.value
        } -> std::convertible_to<base::Uuid>;
};
template <class T>
concept IsNamedEnum = std::is_enum_v<T>;

template <class T>
struct Fields; ///< specialised beside each codec: static void walk(auto &self, auto &&visit)
template <class T>
struct EnumText; ///< specialised beside each codec: static std::optional<T> parse(std::string_view)

/// Puts one value; leaves the key out when it is the type's empty value.
struct Writer {
    base::Json &json;

    template <class T>
    void operator()(const char *key, const T &value)
    {
        if constexpr (IsOptional<T>::value) {
            if (value)
                json[key] = encoded(*value);
        } else if (value != T{}) {
            json[key] = encoded(value);
        } else if constexpr (IsNamedEnum<T>) {
            json[key] = encoded(value);
        }
    }

    template <class T>
    static base::Json encoded(const T &value)
    {
        if constexpr (IsVector<T>::value) {
            auto list = base::Json::array();
            for (const auto &item : value)
                list.push_back(encoded(item));
            return list;
        } else if constexpr (IsId<T>) {
            return value.text();
        } else if constexpr (std::is_same_v<T, base::Timestamp>) {
            return base::toMs(value);
        } else if constexpr (IsNamedEnum<T>) {
            return std::string{toText(value)};
        } else if constexpr (std::is_class_v<T> && !std::is_same_v<T, std::string>) {
            base::Json nested = base::Json::object();
            Fields<T>::walk(value, Writer{nested});
            return nested;
        } else {
            return value;
        }
    }
};

/// Takes one value; an absent key leaves the default. Remembers the first key whose value was of another
/// type.
struct Reader {
    const base::Json &json;
    std::string *bad;

    template <class T>
    void operator()(const char *key, T &value)
    {
        const auto &field = base::member(json, key);
        if (field.is_null())
            return;
        if (!decoded(field, value) && bad->empty())
            *bad = key;
    }

    template <class T>
    bool decoded(const base::Json &field, T &value)
    {
        if constexpr (IsOptional<T>::value) {
            typename T::value_type inner{};
            if (!decoded(field, inner))
                return false;
            value = inner;
            return true;
        } else if constexpr (IsVector<T>::value) {
            if (!field.is_array())
                return false;
            for (const auto &item : field) {
                typename T::value_type inner{};
                if (!decoded(item, inner))
                    return false;
                value.push_back(std::move(inner));
            }
            return true;
        } else if constexpr (IsId<T>) {
            const auto id =
                field.is_string() ? base::Uuid::parse(field.get_ref<const std::string &>()) : std::nullopt;
            if (id)
                value = T{*id};
            return id.has_value();
        } else if constexpr (std::is_same_v<T, base::Timestamp>) {
            if (!field.is_number_integer())
                return false;
            value = base::fromMs(field.template get<std::int64_t>());
            return true;
        } else if constexpr (IsNamedEnum<T>) {
            const auto parsed =
                field.is_string() ? EnumText<T>::parse(field.get_ref<const std::string &>()) : std::nullopt;
            if (parsed)
                value = *parsed;
            return parsed.has_value();
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (!field.is_string())
                return false;
            value = field.get_ref<const std::string &>();
            return true;
        } else if constexpr (std::is_same_v<T, bool>) {
            if (!field.is_boolean())
                return false;
            value = field.template get<bool>();
            return true;
        } else if constexpr (std::is_integral_v<T>) {
            if (!field.is_number_integer())
                return false;
            value = static_cast<T>(field.template get<std::int64_t>());
            return true;
        } else {
            if (!field.is_object())
                return false;
            Fields<T>::walk(value, Reader{field, bad});
            return true;
        }
    }
};

template <class T>
base::Json write(const T &value)
{
    base::Json json = base::Json::object();
    Fields<T>::walk(value, Writer{json});
    return json;
}

template <class T>
base::Result<T> read(const base::Json &json, T value, base::ErrorCode code)
{
    if (!json.is_object())
        return base::Error{code, "not an object"};
    std::string bad;
    Fields<T>::walk(value, Reader{json, &bad});
    if (!bad.empty())
        return base::Error{code, bad};
    return value;
}

} // namespace protocol
