#include "server/features/attachments/file_name.h"

#include "shared/base/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace server::attachments {

namespace {

constexpr std::size_t maxNameLength = 160;
constexpr std::size_t maxEndingBytes = 16;

std::optional<int> hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return std::nullopt;
}

// U+200E/F, U+202A..E and U+2066..9 turn the reading direction: "gpj.exe" shown as "exe.jpg".
bool isDirectionMark(std::string_view at)
{
    if (at.size() < 3 || at[0] != '\xE2')
        return false;
    const auto second = static_cast<unsigned char>(at[1]);
    const auto third = static_cast<unsigned char>(at[2]);
    return (second == 0x80 && (third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE))) ||
           (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

std::string withoutTraps(std::string_view name)
{
    std::string safe;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (isDirectionMark(name.substr(i)))
            i += 2;
        else if (c == '\n' || c == '\t')
            safe += ' ';
        else if (std::string_view{"\"*:<>?|%;"}.find(c) != std::string_view::npos)
            safe += '_';
        else
            safe += c;
    }
    return safe;
}

std::string shortened(const std::string &name)
{
    if (base::length(name) <= maxNameLength)
        return name;
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || name.size() - dot > maxEndingBytes)
        return base::truncated(name, maxNameLength);
    const auto ending = name.substr(dot);
    return base::truncated(name, maxNameLength - base::length(ending)) + ending;
}

bool isOneOf(std::string_view type, const auto &list)
{
    return std::find(list.begin(), list.end(), type) != list.end();
}

} // namespace

std::string safeFileName(std::string_view name)
{
    if (!base::isUtf8(name))
        return "file";
    const auto slash = name.find_last_of("/\\");
    if (slash != std::string_view::npos)
        name.remove_prefix(slash + 1);
    auto safe = withoutTraps(base::cleaned(name));
    const auto first = safe.find_first_not_of(" .");
    const auto last = safe.find_last_not_of(" .");
    if (first == std::string::npos)
        return "file";
    return shortened(safe.substr(first, last - first + 1));
}

std::string percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : std::nullopt;
        const auto low = high ? hexDigit(text[i + 2]) : std::nullopt;
        if (low) {
            decoded += static_cast<char>(*high * 16 + *low);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string contentDisposition(bool inlineView, std::string_view name)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string ascii;
    std::string encoded;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
        ascii += plain ? c : '_';
        if (std::isalnum(byte) != 0 || std::string_view{"-._~"}.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return std::string{inlineView ? "inline" : "attachment"} + "; filename=\"" + ascii +
           "\"; filename*=UTF-8''" + encoded;
}

std::string typeByName(std::string sniffed, std::string_view name)
{
    if (sniffed == "video/webm" && name.ends_with(".weba"))
        return "audio/webm";
    if (sniffed == "video/mp4" && name.ends_with(".m4a"))
        return "audio/mp4";
    return sniffed;
}

bool isShownInline(std::string_view mime)
{
    static constexpr std::array<std::string_view, 18> shown{
        "image/png",  "image/jpeg", "image/gif",   "image/webp", "image/avif",      "audio/mpeg",
        "audio/ogg",  "audio/wav",  "audio/x-wav", "audio/mp4",  "audio/x-m4a",     "audio/aac",
        "audio/flac", "audio/webm", "video/mp4",   "video/webm", "video/quicktime", "application/pdf"};
    return isOneOf(mime, shown);
}

bool isRefusedType(std::string_view mime)
{
    static constexpr std::array<std::string_view, 10> refused{
        "application/x-dosexec",    "application/vnd.microsoft.portable-executable",
        "application/x-executable", "application/x-pie-executable",
        "application/x-sharedlib",  "application/x-mach-binary",
        "application/x-msi",        "application/x-elf",
        "application/x-msdownload", "application/x-object"};
    return isOneOf(mime, refused);
}

} // namespace server::attachments
