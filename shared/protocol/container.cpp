#include "shared/protocol/container.h"

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

} // namespace

std::string pack(std::string_view text, Codec codec)
{
    if (codec != Codec::Raw && text.size() >= smallestCompressed) {
        const auto payload = compress(text, codec);
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
    if (codec > static_cast<std::uint8_t>(Codec::ZstdDictionary))
        return base::Error{base::ErrorCode::Protocol, "unknown codec " + std::to_string(codec)};
    std::string out(length, '\0');
    if (!decompress(payload, static_cast<Codec>(codec), out.data(), out.size()))
        return base::Error{base::ErrorCode::Protocol, "broken payload of codec " + std::to_string(codec)};
    return out;
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

} // namespace protocol
