#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace server::platform {

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

/// What a client said by closing.
struct CloseNote {
    std::uint16_t code = 1005; ///< 1005: it gave none
    std::string reason;
};

/// Makes whole messages from a client's bytes (RFC 6455, 5), however they are cut. Strict: masks, reserved
/// bits, lengths, control frames, UTF-8 and close codes are checked, sizes on the frame header before
/// anything is kept. Holds no memory between messages.
class MessageReader {
public:
    struct Sink {
        /// False ends the reading: what follows is nobody's.
        std::function<bool(std::string_view payload, bool binary)> message;
        std::function<bool(Opcode opcode, std::string_view payload)> control; ///< Ping, Pong
        std::function<void(const CloseNote &note)> close;
    };

    /// Takes bytes, which it may change. The close code when the peer broke the protocol: 1002, 1007 or 1009.
    std::optional<std::uint16_t> feed(char *bytes, std::size_t size, std::size_t maxMessage,
                                      const Sink &sink);

private:
    struct Frame {
        Opcode opcode;
        bool final;
        std::size_t headSize;
        std::uint64_t size;
        char mask[4];
    };

    std::optional<std::uint16_t> parse(char *bytes, std::size_t size, std::size_t maxMessage,
                                       const Sink &sink, std::size_t &used);
    std::optional<std::uint16_t> check(const Frame &frame, std::size_t maxMessage) const;
    std::optional<std::uint16_t> take(const Frame &frame, std::string_view payload, const Sink &sink,
                                      bool &more);

    std::string m_pending; ///< of an unfinished frame
    std::string m_message; ///< fragments so far
    bool m_fragmented = false;
    bool m_binary = false;
};

/// Header of an unmasked frame from the server; at most 10 bytes.
struct FrameHead {
    char bytes[10];
    std::uint8_t size;
};
FrameHead frameHead(Opcode opcode, std::size_t payload);

/// Payload of a close frame; the reason is cut to what a control frame holds.
std::string closePayload(std::uint16_t code, std::string_view reason);

} // namespace server::platform
