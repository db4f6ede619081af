#include "server/platform/message_reader.h"

#include "shared/base/text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace server::platform {

namespace {

constexpr std::uint16_t protocolError = 1002;
constexpr std::uint16_t badText = 1007;
constexpr std::uint16_t tooBig = 1009;

bool isControl(Opcode opcode)
{
    return static_cast<std::uint8_t>(opcode) >= 8;
}

bool isKnown(Opcode opcode)
{
    const auto number = static_cast<std::uint8_t>(opcode);
    return number <= 2 || (number >= 8 && number <= 10);
}

/// Codes an endpoint may send (RFC 6455, 7.4).
bool isCloseCode(std::uint16_t code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::uint64_t bigEndian(const char *bytes, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = (value << 8) | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

void unmask(char *bytes, std::size_t size, const char *mask)
{
    std::uint32_t four = 0;
    std::memcpy(&four, mask, 4);
    const std::uint64_t eight = (static_cast<std::uint64_t>(four) << 32) | four;
    std::size_t i = 0;
    for (; i + 8 <= size; i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, 8);
        word ^= eight;
        std::memcpy(bytes + i, &word, 8);
    }
    for (; i < size; ++i)
        bytes[i] = static_cast<char>(bytes[i] ^ mask[i % 4]);
}

} // namespace

std::optional<std::uint16_t> MessageReader::feed(char *bytes, std::size_t size, std::size_t maxMessage,
                                                 const Sink &sink)
{
    std::size_t used = 0;
    if (m_pending.empty()) {
        const auto broken = parse(bytes, size, maxMessage, sink, used);
        if (!broken && used < size)
            m_pending.assign(bytes + used, size - used);
        return broken;
    }
    m_pending.append(bytes, size);
    const auto broken = parse(m_pending.data(), m_pending.size(), maxMessage, sink, used);
    if (used == m_pending.size())
        m_pending = {};
    else if (used > 0)
        m_pending = m_pending.substr(used);
    return broken;
}

std::optional<std::uint16_t> MessageReader::parse(char *bytes, std::size_t size, std::size_t maxMessage,
                                                  const Sink &sink, std::size_t &used)
{
    while (size - used >= 2) {
        char *at = bytes + used;
        const auto left = size - used;
        Frame frame{};
        frame.opcode = static_cast<Opcode>(at[0] & 0x0f);
        frame.final = (at[0] & 0x80) != 0;
        if ((at[0] & 0x70) != 0 || !isKnown(frame.opcode) || (at[1] & 0x80) == 0)
            return protocolError;
        const auto shortSize = static_cast<std::uint8_t>(at[1] & 0x7f);
        const std::size_t longSize = shortSize == 127 ? 8 : shortSize == 126 ? 2 : 0;
        frame.headSize = 2 + longSize + 4;
        if (left < 2 + longSize)
            return {};
        frame.size = longSize == 0 ? shortSize : bigEndian(at + 2, longSize);
        if ((longSize == 2 && frame.size < 126) ||
            (longSize == 8 && (frame.size < 65536 || frame.size >> 63)))
            return protocolError; // not in the fewest bytes
        if (const auto broken = check(frame, maxMessage))
            return broken;
        if (left < frame.headSize || left - frame.headSize < frame.size)
            return {};
        std::memcpy(frame.mask, at + 2 + longSize, 4);
        const auto payload = static_cast<std::size_t>(frame.size);
        unmask(at + frame.headSize, payload, frame.mask);
        used += frame.headSize + payload;
        bool more = true;
        if (const auto broken = take(frame, {at + frame.headSize, payload}, sink, more))
            return broken;
        if (!more) {
            used = size;
            return {};
        }
    }
    return {};
}

std::optional<std::uint16_t> MessageReader::check(const Frame &frame, std::size_t maxMessage) const
{
    if (isControl(frame.opcode))
        return !frame.final || frame.size > 125 ? std::optional{protocolError} : std::nullopt;
    if ((frame.opcode == Opcode::Continuation) != m_fragmented)
        return protocolError;
    return frame.size > maxMessage - std::min(maxMessage, m_message.size()) ? std::optional{tooBig}
                                                                            : std::nullopt;
}

std::optional<std::uint16_t> MessageReader::take(const Frame &frame, std::string_view payload,
                                                 const Sink &sink, bool &more)
{
    if (frame.opcode == Opcode::Close) {
        CloseNote note;
        if (payload.size() == 1)
            return protocolError;
        if (payload.size() >= 2) {
            note.code = static_cast<std::uint16_t>(bigEndian(payload.data(), 2));
            note.reason = payload.substr(2);
            if (!isCloseCode(note.code))
                return protocolError;
            if (!base::isUtf8(note.reason))
                return badText;
        }
        more = false;
        sink.close(note);
        return {};
    }
    if (isControl(frame.opcode)) {
        more = sink.control(frame.opcode, payload);
        return {};
    }
    if (frame.opcode != Opcode::Continuation)
        m_binary = frame.opcode == Opcode::Binary;
    if (!frame.final) {
        m_fragmented = true;
        m_message.append(payload);
        return {};
    }
    std::string whole;
    if (std::exchange(m_fragmented, false)) {
        whole = std::exchange(m_message, {});
        whole.append(payload);
        payload = whole;
    }
    if (!m_binary && !base::isUtf8(payload))
        return badText;
    more = sink.message(payload, m_binary);
    return {};
}

FrameHead frameHead(Opcode opcode, std::size_t payload)
{
    FrameHead head{};
    head.bytes[0] = static_cast<char>(0x80 | static_cast<std::uint8_t>(opcode));
    const std::size_t longSize = payload < 126 ? 0 : payload < 65536 ? 2 : 8;
    head.bytes[1] = static_cast<char>(longSize == 0 ? payload : longSize == 2 ? 126 : 127);
    for (std::size_t i = 0; i < longSize; ++i)
        head.bytes[2 + i] = static_cast<char>(payload >> (8 * (longSize - 1 - i)));
    head.size = static_cast<std::uint8_t>(2 + longSize);
    return head;
}

std::string closePayload(std::uint16_t code, std::string_view reason)
{
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    auto cut = std::min<std::size_t>(reason.size(), 123);
    while (cut > 0 && cut < reason.size() && (static_cast<unsigned char>(reason[cut]) & 0xc0) == 0x80)
        --cut;
    return payload.append(reason.substr(0, cut));
}

} // namespace server::platform
