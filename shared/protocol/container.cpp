#include "shared/protocol/container.h"

#include <algorithm>
#include <zlib.h>
#include <zstd.h>

namespace protocol {

namespace {

std::string bigEndian(std::size_t value)
{
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8)
        out += static_cast<char>(value >> shift & 0xff);
    return out;
}

std::size_t readBigEndian(std::string_view bytes)
{
    std::size_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

std::string compressed(std::string_view text, Codec codec)
{
    if (codec == Codec::Zstd) {
        std::string out(ZSTD_compressBound(text.size()), '\0');
        const auto size = ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3);
        if (ZSTD_isError(size))
            return {};
        out.resize(size);
        return out;
    }
    uLongf size = compressBound(static_cast<uLong>(text.size()));
    std::string out(size, '\0');
    if (compress2(reinterpret_cast<Bytef *>(out.data()), &size, reinterpret_cast<const Bytef *>(text.data()),
                  static_cast<uLong>(text.size()), 6) != Z_OK)
        return {};
    out.resize(size);
    return out;
}

} // namespace

std::string pack(std::string_view text, Codec codec)
{
    if (codec != Codec::Raw && text.size() >= smallestCompressed) {
        const auto payload = compressed(text, codec);
        if (!payload.empty() && payload.size() < text.size())
            return static_cast<char>(codec) + bigEndian(text.size()) + payload;
    }
    std::string out = static_cast<char>(Codec::Raw) + bigEndian(text.size());
    out += text;
    return out;
}

base::Result<std::string> unpack(std::string_view envelope, std::size_t most)
{
    if (envelope.size() < 5)
        return base::Error{base::ErrorCode::Protocol, "envelope shorter than its head"};
    const auto codec = static_cast<std::uint8_t>(envelope[0]);
    const auto length = readBigEndian(envelope.substr(1, 4));
    const auto payload = envelope.substr(5);
    if (length > most)
        return base::Error{base::ErrorCode::TooLarge,
                           "envelope announces " + std::to_string(length) + " bytes"};
    if (codec == static_cast<std::uint8_t>(Codec::Raw)) {
        if (payload.size() != length)
            return base::Error{base::ErrorCode::Protocol, "envelope length differs"};
        return std::string{payload};
    }
    std::string out(length, '\0');
    if (codec == static_cast<std::uint8_t>(Codec::Zstd)) {
        const auto size = ZSTD_decompress(out.data(), out.size(), payload.data(), payload.size());
        if (ZSTD_isError(size) || size != length)
            return base::Error{base::ErrorCode::Protocol, "broken zstd payload"};
        return out;
    }
    if (codec == static_cast<std::uint8_t>(Codec::Zlib)) {
        uLongf size = static_cast<uLongf>(length);
        const auto state =
            uncompress(reinterpret_cast<Bytef *>(out.data()), &size,
                       reinterpret_cast<const Bytef *>(payload.data()), static_cast<uLong>(payload.size()));
        if (state != Z_OK || size != length)
            return base::Error{base::ErrorCode::Protocol, "broken zlib payload"};
        return out;
    }
    return base::Error{base::ErrorCode::Protocol, "unknown codec " + std::to_string(codec)};
}

void appendEnvelope(std::string &body, std::string_view envelope)
{
    body += bigEndian(envelope.size());
    body += envelope;
}

base::Result<std::string_view> takeEnvelope(std::string_view &body, std::size_t most)
{
    if (body.size() < 4)
        return std::string_view{};
    const auto length = readBigEndian(body);
    if (length > most)
        return base::Error{base::ErrorCode::TooLarge, "bundle of " + std::to_string(length) + " bytes"};
    if (body.size() < 4 + length)
        return std::string_view{};
    const auto envelope = body.substr(4, length);
    body.remove_prefix(4 + length);
    return envelope;
}

Codec choose(const std::vector<int> &offered)
{
    for (const int wanted : {static_cast<int>(Codec::Zstd), static_cast<int>(Codec::Zlib)})
        if (std::find(offered.begin(), offered.end(), wanted) != offered.end())
            return static_cast<Codec>(wanted);
    return Codec::Raw;
}

} // namespace protocol
