#include "server/platform/image_size.h"

#include <algorithm>
#include <cstdint>

namespace server::platform {

using ports::ImageSize;

namespace {

/// Numbers at a place; zero beyond the end.
class Bytes {
public:
    explicit Bytes(std::string_view text) : m_text{text} {}

    [[nodiscard]] unsigned at(std::size_t i) const
    {
        return i < m_text.size() ? static_cast<unsigned char>(m_text[i]) : 0U;
    }
    [[nodiscard]] unsigned big16(std::size_t i) const { return at(i) << 8 | at(i + 1); }
    [[nodiscard]] unsigned big32(std::size_t i) const { return big16(i) << 16 | big16(i + 2); }
    [[nodiscard]] unsigned little16(std::size_t i) const { return at(i + 1) << 8 | at(i); }
    [[nodiscard]] unsigned little24(std::size_t i) const { return at(i + 2) << 16 | little16(i); }
    [[nodiscard]] unsigned little32(std::size_t i) const { return little16(i + 2) << 16 | little16(i); }
    [[nodiscard]] bool has(std::size_t i, std::string_view word) const
    {
        return i <= m_text.size() && m_text.substr(i).starts_with(word);
    }
    [[nodiscard]] std::size_t size() const { return m_text.size(); }
    [[nodiscard]] Bytes from(std::size_t i, std::size_t count) const
    {
        return Bytes{m_text.substr(std::min(i, m_text.size()), count)};
    }

private:
    std::string_view m_text;
};

std::optional<ImageSize> sized(unsigned width, unsigned height)
{
    constexpr unsigned most = 1U << 24;
    if (width == 0 || height == 0 || width > most || height > most)
        return {};
    return ImageSize{static_cast<int>(width), static_cast<int>(height)};
}

/// Exif orientation 5 to 8: the picture lies on its side. `tiff` begins at the byte order mark.
bool isTurned(const Bytes &tiff)
{
    const bool big = tiff.has(0, "MM");
    if (!big && !tiff.has(0, "II"))
        return false;
    const auto number16 = [&](std::size_t i) { return big ? tiff.big16(i) : tiff.little16(i); };
    const std::size_t directory = big ? tiff.big32(4) : tiff.little32(4);
    if (directory > tiff.size())
        return false;
    const auto count = number16(directory);
    for (unsigned i = 0; i < count && i < 256; ++i) {
        const auto entry = directory + 2 + i * 12;
        if (number16(entry) == 0x0112)
            return number16(entry + 8) >= 5 && number16(entry + 8) <= 8;
    }
    return false;
}

std::optional<ImageSize> jpegSize(const Bytes &bytes)
{
    bool turned = false;
    std::size_t at = 2;
    while (at + 4 <= bytes.size()) {
        if (bytes.at(at) != 0xff)
            return {};
        const auto marker = bytes.at(at + 1);
        if (marker == 0xff) { // fill
            ++at;
            continue;
        }
        const auto length = bytes.big16(at + 2);
        if (length < 2)
            return {};
        const bool isFrame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (isFrame) {
            const auto height = bytes.big16(at + 5);
            const auto width = bytes.big16(at + 7);
            return turned ? sized(height, width) : sized(width, height);
        }
        if (marker == 0xe1 && bytes.has(at + 4, std::string_view{"Exif\0\0", 6}))
            turned = isTurned(bytes.from(at + 10, length - 2U));
        at += 2 + length;
    }
    return {};
}

std::optional<ImageSize> webpSize(const Bytes &bytes)
{
    if (bytes.has(12, "VP8X"))
        return sized(bytes.little24(24) + 1, bytes.little24(27) + 1);
    if (bytes.has(12, "VP8L") && bytes.at(20) == 0x2f)
        return sized((bytes.little32(21) & 0x3fff) + 1, (bytes.little32(21) >> 14 & 0x3fff) + 1);
    if (bytes.has(12, "VP8 ") && bytes.has(23, std::string_view{"\x9d\x01\x2a", 3}))
        return sized(bytes.little16(26) & 0x3fff, bytes.little16(28) & 0x3fff);
    return {};
}

} // namespace

std::optional<ImageSize> imageSizeOf(std::string_view text)
{
    const Bytes bytes{text};
    if (text.starts_with("\x89PNG\r\n\x1a\n") && bytes.has(12, "IHDR"))
        return sized(bytes.big32(16), bytes.big32(20));
    if (text.starts_with("GIF87a") || text.starts_with("GIF89a"))
        return sized(bytes.little16(6), bytes.little16(8));
    if (text.starts_with("\xff\xd8\xff"))
        return jpegSize(bytes);
    if (text.starts_with("RIFF") && bytes.has(8, "WEBP") && text.size() >= 30)
        return webpSize(bytes);
    return {};
}

} // namespace server::platform
