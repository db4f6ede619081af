#pragma once

#include "shared/base/clock.h"
#include "shared/base/uuid.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace server::storage {

/// 16-byte ids and other binary values; told apart from text so that the right SQL type is bound.
struct Blob {
    std::string bytes;
    bool operator==(const Blob &) const = default;
};

/// One SQL value, to bind or as read. Converting constructors keep call sites short.
class Value {
public:
    Value() = default;
    Value(std::nullptr_t) {}
    Value(std::int64_t number) : m_value{number} {}
    Value(int number) : m_value{std::int64_t{number}} {}
    Value(bool flag) : m_value{std::int64_t{flag}} {}
    Value(double number) : m_value{number} {}
    Value(std::string text) : m_value{std::move(text)} {}
    Value(std::string_view text) : m_value{std::string{text}} {}
    Value(const char *text) : m_value{std::string{text}} {}
    Value(Blob blob) : m_value{std::move(blob)} {}
    Value(const base::Uuid &id) : m_value{Blob{id.bytes()}} {}
    Value(base::Timestamp at) : m_value{base::toMs(at)} {}
    template <class Tag>
    Value(const base::Id<Tag> &id) : Value{id.value}
    {
    }
    template <class T>
    Value(const std::optional<T> &maybe) : Value{maybe ? Value{*maybe} : Value{}}
    {
    }

    using Held = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;
    [[nodiscard]] const Held &held() const { return m_value; }
    [[nodiscard]] bool isNull() const { return m_value.index() == 0; }

private:
    Held m_value;
};

/// One row of an answer, copied out of the statement. Columns by position. Asking for another type than
/// stored is a programming mistake: the type's empty value comes back, except that NULL reads as nothing in
/// the maybe… forms.
class Row {
public:
    explicit Row(std::vector<Value> values) : m_values{std::move(values)} {}

    [[nodiscard]] std::size_t size() const { return m_values.size(); }
    [[nodiscard]] bool isNull(std::size_t column) const { return m_values[column].isNull(); }
    [[nodiscard]] std::int64_t integer(std::size_t column) const;
    [[nodiscard]] std::string text(std::size_t column) const;
    [[nodiscard]] std::string blob(std::size_t column) const;
    [[nodiscard]] base::Uuid uuid(std::size_t column) const;
    [[nodiscard]] base::Timestamp time(std::size_t column) const;
    [[nodiscard]] bool flag(std::size_t column) const { return integer(column) != 0; }
    [[nodiscard]] std::optional<std::int64_t> maybeInteger(std::size_t column) const;
    [[nodiscard]] std::optional<std::string> maybeText(std::size_t column) const;
    [[nodiscard]] std::optional<base::Uuid> maybeUuid(std::size_t column) const;
    [[nodiscard]] std::optional<base::Timestamp> maybeTime(std::size_t column) const;

private:
    std::vector<Value> m_values;
};

} // namespace server::storage
