#include "shared/base/crc32c.h"

#include <array>
#include <charconv>

namespace base {

namespace {

constexpr std::uint32_t polynomial = 0x82F63B78; // reversed

// Eight bytes a step ("slicing by 8"): tables[k] advances a byte over k further zero bytes.
constexpr auto tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> made{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        auto value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1) ^ ((value & 1) != 0 ? polynomial : 0);
        made[0][i] = value;
    }
    for (std::size_t k = 1; k < made.size(); ++k)
        for (std::size_t i = 0; i < 256; ++i)
            made[k][i] = (made[k - 1][i] >> 8) ^ made[0][made[k - 1][i] & 0xff];
    return made;
}();

} // namespace

std::uint32_t crc32c(std::string_view bytes)
{
    std::uint32_t crc = ~std::uint32_t{0};
    const auto byteAt = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    while (bytes.size() >= 8) {
        std::uint32_t next = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            const auto mixed = i < 4 ? byteAt(i) ^ ((crc >> (8 * i)) & 0xff) : byteAt(i);
            next ^= tables[7 - i][mixed];
        }
        crc = next;
        bytes.remove_prefix(8);
    }
    for (const char c : bytes)
        crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(c)) & 0xff];
    return ~crc;
}

std::string crc32cText(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto crc = crc32c(bytes);
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4)
        text += digits[(crc >> shift) & 0xf];
    return text;
}

std::optional<std::uint32_t> crc32cFromText(std::string_view text)
{
    std::uint32_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    const bool whole = text.size() == 8 && read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole ? std::optional{value} : std::nullopt;
}

} // namespace base
