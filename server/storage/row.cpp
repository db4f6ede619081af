#include "server/storage/row.h"

namespace server::storage {

namespace {

template <class T>
const T *held(const Value &value)
{
    return std::get_if<T>(&value.held());
}

} // namespace

std::int64_t Row::integer(std::size_t column) const
{
    if (const auto *number = held<std::int64_t>(m_values[column]))
        return *number;
    if (const auto *real = held<double>(m_values[column]))
        return static_cast<std::int64_t>(*real);
    return 0;
}

std::string Row::text(std::size_t column) const
{
    const auto *value = held<std::string>(m_values[column]);
    return value ? *value : std::string{};
}

std::string Row::blob(std::size_t column) const
{
    const auto *value = held<Blob>(m_values[column]);
    return value ? value->bytes : std::string{};
}

base::Uuid Row::uuid(std::size_t column) const
{
    return maybeUuid(column).value_or(base::Uuid{});
}

base::Timestamp Row::time(std::size_t column) const
{
    return base::fromMs(integer(column));
}

std::optional<std::int64_t> Row::maybeInteger(std::size_t column) const
{
    return isNull(column) ? std::nullopt : std::optional{integer(column)};
}

std::optional<std::string> Row::maybeText(std::size_t column) const
{
    return isNull(column) ? std::nullopt : std::optional{text(column)};
}

std::optional<base::Uuid> Row::maybeUuid(std::size_t column) const
{
    const auto *value = held<Blob>(m_values[column]);
    return value ? base::Uuid::fromBytes(value->bytes) : std::nullopt;
}

std::optional<base::Timestamp> Row::maybeTime(std::size_t column) const
{
    return isNull(column) ? std::nullopt : std::optional{time(column)};
}

} // namespace server::storage
