#include "server/transport/packed_frames.h"

#include "shared/protocol/container.h"

#include <functional>

namespace server::transport {

namespace {

constexpr std::size_t largestKept = 64 << 10; // larger ones are a catch-up, which is one client's own

} // namespace

ports::SharedFrame PackedFrames::of(const std::string &frame, protocol::Codec codec)
{
    const bool isKept = frame.size() >= protocol::smallestCompressed && frame.size() <= largestKept;
    const auto hash = isKept ? std::hash<std::string>{}(frame) : 0;
    if (isKept)
        for (const auto &entry : m_newest)
            if (entry.packed && entry.hash == hash && entry.codec == codec && entry.frame == frame)
                return entry.packed;
    ++m_count;
    auto packed = std::make_shared<ports::Frame>(ports::Frame{protocol::pack(frame, codec), true});
    if (isKept) {
        m_newest[m_next] = {hash, frame, codec, packed};
        m_next = (m_next + 1) % m_newest.size();
    }
    return packed;
}

} // namespace server::transport
