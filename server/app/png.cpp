#include "server/app/png.h"

#include <array>
#include <zlib.h>

namespace server::app {

namespace {

std::string bigEndian(std::uint32_t value)
{
    std::string bytes;
    for (const int shift : {24, 16, 8, 0})
        bytes.push_back(static_cast<char>((value >> shift) & 0xff));
    return bytes;
}

std::string chunk(const std::string &type, const std::string &data)
{
    const auto body = type + data;
    const auto crc = crc32(0, reinterpret_cast<const Bytef *>(body.data()), static_cast<uInt>(body.size()));
    return bigEndian(static_cast<std::uint32_t>(data.size())) + body +
           bigEndian(static_cast<std::uint32_t>(crc));
}

std::string deflated(const std::string &raw)
{
    auto size = compressBound(static_cast<uLong>(raw.size()));
    std::string packed(size, '\0');
    compress(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(raw.data()),
             static_cast<uLong>(raw.size()));
    packed.resize(size);
    return packed;
}

char mixed(std::uint64_t from, std::uint64_t to, int at, int of)
{
    const auto parts = static_cast<std::uint64_t>(of);
    const auto part = static_cast<std::uint64_t>(at);
    return static_cast<char>((from * (parts - part) + to * part) / parts);
}

} // namespace

std::string makePng(int width, int height, std::uint64_t seed)
{
    std::string raw;
    for (int y = 0; y < height; ++y) {
        raw.push_back('\0'); // no filter
        for (int x = 0; x < width; ++x)
            for (const int channel : {0, 8, 16})
                raw.push_back(
                    mixed((seed >> channel) & 0xff, (seed >> (24 + channel)) & 0xff, x + y, width + height));
    }
    const std::string eightBitRgb{"\x08\x02\x00\x00\x00", 5};
    const std::string signature{"\x89PNG\r\n\x1a\n"};
    return signature +
           chunk("IHDR", bigEndian(static_cast<std::uint32_t>(width)) +
                             bigEndian(static_cast<std::uint32_t>(height)) + eightBitRgb) +
           chunk("IDAT", deflated(raw)) + chunk("IEND", {});
}

} // namespace server::app
