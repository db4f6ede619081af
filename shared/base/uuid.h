#pragma once

#include "shared/base/clock.h"
#include "shared/base/random.h"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// 16 bytes that name one thing for ever (RFC 9562).
class Uuid {
public:
    Uuid() = default;
    explicit Uuid(const std::array<std::uint8_t, 16> &bytes) : m_bytes{bytes} {}

    /// From 36 characters; nothing when it has another form. Upper case is accepted.
    static std::optional<Uuid> parse(std::string_view text);
    /// From 16 raw bytes, the database form; nothing for another size.
    static std::optional<Uuid> fromBytes(std::string_view bytes);

    /// 36 lower-case characters, the wire form.
    [[nodiscard]] std::string text() const;
    /// 16 raw bytes, the database form.
    [[nodiscard]] std::string bytes() const;
    [[nodiscard]] bool isNull() const { return *this == Uuid{}; }
    [[nodiscard]] const std::array<std::uint8_t, 16> &raw() const { return m_bytes; }

    auto operator<=>(const Uuid &) const = default;

private:
    std::array<std::uint8_t, 16> m_bytes{};
};

/// Makes UUIDv7: sorted by time of making within one generator, even when the clock goes back. Any thread.
class UuidMaker {
public:
    UuidMaker(const Clock &clock, Random &random) : m_clock{clock}, m_random{random} {}
    Uuid next();

private:
    const Clock &m_clock;
    Random &m_random;
    std::mutex m_mutex; // guards the two below
    std::int64_t m_lastMs = 0;
    std::uint32_t m_counter = 0;
};

/// An id that cannot be taken for another kind's.
template <class Tag>
struct Id {
    Uuid value;

    [[nodiscard]] std::string text() const { return value.text(); }
    [[nodiscard]] std::string bytes() const { return value.bytes(); }
    [[nodiscard]] bool isNull() const { return value.isNull(); }
    auto operator<=>(const Id &) const = default;
};

} // namespace base

template <>
struct std::hash<base::Uuid> {
    std::size_t operator()(const base::Uuid &id) const noexcept
    {
        std::size_t value = 1469598103934665603ULL;
        for (const auto byte : id.raw())
            value = (value ^ byte) * 1099511628211ULL;
        return value;
    }
};
