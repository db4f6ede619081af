#include "shared/base/uuid.h"

#include <algorithm>
#include <cstring>

namespace base {

namespace {

int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::optional<Uuid> Uuid::parse(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < 36;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i++] != '-')
                return std::nullopt;
            continue;
        }
        const int high = nibble(text[i]);
        const int low = nibble(text[i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[at++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return Uuid{bytes};
}

std::optional<Uuid> Uuid::fromBytes(std::string_view bytes)
{
    if (bytes.size() != 16)
        return std::nullopt;
    std::array<std::uint8_t, 16> raw{};
    std::memcpy(raw.data(), bytes.data(), 16);
    return Uuid{raw};
}

std::string Uuid::text() const
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        out += digits[m_bytes[i] >> 4];
        out += digits[m_bytes[i] & 15];
    }
    return out;
}

std::string Uuid::bytes() const
{
    return {reinterpret_cast<const char *>(m_bytes.data()), m_bytes.size()};
}

Uuid UuidMaker::next()
{
    std::array<std::uint8_t, 16> bytes{};
    m_random.fill(bytes.data(), bytes.size());
    std::int64_t ms = toMs(m_clock.now());
    std::uint32_t counter = 0;
    {
        const std::lock_guard lock{m_mutex};
        if (ms > m_lastMs) {
            m_lastMs = ms;
            m_counter =
                static_cast<std::uint32_t>((bytes[6] << 8 | bytes[7]) & 0x3ff); // leaves room to count up
        } else if (++m_counter > 0xfff) {
            ++m_lastMs;
            m_counter = 0;
        }
        ms = m_lastMs;
        counter = m_counter;
    }
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    bytes[6] = static_cast<std::uint8_t>(0x70 | (counter >> 8));
    bytes[7] = static_cast<std::uint8_t>(counter & 0xff);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
    return Uuid{bytes};
}

} // namespace base
