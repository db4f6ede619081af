#include "shared/base/text.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace base {

namespace {

// Length of the well-formed sequence at the start of `text`, 0 when there is none.
std::size_t sequence(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto tail = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
    if (text.empty())
        return 0;
    const auto first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return tail(1) ? 2 : 0;
    if ((first & 0xf0) == 0xe0) {
        if (!tail(1) || !tail(2) || (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f))
            return 0;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (!tail(1) || !tail(2) || !tail(3) || (first == 0xf0 && byte(1) < 0x90) ||
            (first == 0xf4 && byte(1) > 0x8f))
            return 0;
        return 4;
    }
    return 0;
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

bool isUtf8(std::string_view text)
{
    while (!text.empty()) {
        const auto size = sequence(text);
        if (size == 0)
            return false;
        text.remove_prefix(size);
    }
    return true;
}

std::size_t length(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<std::uint8_t>(c) & 0xc0) != 0x80;
    return count;
}

std::string truncated(std::string_view text, std::size_t most)
{
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size() && count < most; ++count) {
        const auto size = sequence(text.substr(at));
        at += size == 0 ? 1 : size;
    }
    return std::string{text.substr(0, at)};
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string cleaned(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r') {
            if (i + 1 >= text.size() || text[i + 1] != '\n')
                out += '\n';
        } else if (static_cast<std::uint8_t>(c) >= 0x20 ? c != 0x7f : (c == '\n' || c == '\t')) {
            out += c;
        }
    }
    return out;
}

std::string preview(std::string_view text, std::size_t most)
{
    std::string line;
    bool space = false;
    for (const char c : trimmed(text)) {
        if (isSpace(c)) {
            space = true;
            continue;
        }
        if (space)
            line += ' ';
        space = false;
        line += c;
    }
    if (length(line) <= most)
        return line;
    return truncated(line, most > 1 ? most - 1 : most) + "…";
}

std::string lowered(std::string_view text)
{
    std::string out{text};
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return whole ? std::optional{value} : std::nullopt;
}

std::string toHex(std::string_view bytes)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        out += digits[static_cast<std::uint8_t>(c) >> 4];
        out += digits[static_cast<std::uint8_t>(c) & 15];
    }
    return out;
}

std::optional<std::string> fromHex(std::string_view text)
{
    std::string bytes;
    if (text.size() % 2 != 0)
        return std::nullopt;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        unsigned value = 0;
        const auto *end = text.data() + at + 2;
        const auto read = std::from_chars(text.data() + at, end, value, 16);
        if (read.ec != std::errc{} || read.ptr != end)
            return std::nullopt;
        bytes += static_cast<char>(value);
    }
    return bytes;
}

std::string toBase64Url(std::string_view bytes)
{
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<std::uint8_t>(c);
        for (count += 8; count >= 6; count -= 6)
            out += alphabet[bits >> (count - 6) & 63];
    }
    if (count > 0)
        out += alphabet[bits << (6 - count) & 63];
    return out;
}

std::string fromBase64Url(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos)
            return {};
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    return out;
}

bool equalSecrets(std::string_view a, std::string_view b)
{
    unsigned difference = a.size() == b.size() ? 0U : 1U;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto other = b.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(b[i % b.size()]);
        difference |= static_cast<unsigned>(static_cast<std::uint8_t>(a[i]) ^ other);
    }
    return difference == 0;
}

} // namespace base
