#pragma once

#include "server/ports/web_socket.h"
#include "shared/protocol/codec.h"

#include <array>
#include <cstddef>
#include <string>

namespace server::transport {

/// Packs frames, and equal ones once: what an account's sessions of one view are told is the same text for
/// all of them, and a few views take turns. One thread.
class PackedFrames {
public:
    /// The frame in its envelope, ready for any number of sockets.
    ports::SharedFrame of(const std::string &frame, protocol::Codec codec);
    /// How many were compressed, for tests and measurements.
    [[nodiscard]] std::size_t packed() const { return m_count; }

private:
    struct Entry {
        std::size_t hash = 0;
        std::string frame;
        protocol::Codec codec = protocol::Codec::Raw;
        ports::SharedFrame packed;
    };

    std::array<Entry, 16> m_newest;
    std::size_t m_next = 0;
    std::size_t m_count = 0;
};

} // namespace server::transport
