#include "server/platform/socket_body.h"

#include <algorithm>

namespace server::platform {

using namespace std::chrono_literals;

SocketBody::SocketBody(int socket, std::int64_t length, const BodyPace &pace)
    : m_socket{socket}
    , m_length{length}
    , m_pace{pace}
    , m_start{std::chrono::steady_clock::now()}
{
}

std::size_t SocketBody::read(char *into, std::size_t size)
{
    const auto wanted =
        static_cast<std::size_t>(std::min<std::int64_t>(left(), static_cast<std::int64_t>(size)));
    if (wanted == 0)
        return 0;
    for (;;) {
        const auto result = receive(m_socket, into, wanted);
        if (result.state == IoState::Ok) {
            m_read += static_cast<std::int64_t>(result.size);
            return result.size;
        }
        if (result.state != IoState::Blocked)
            throw ports::BodyError{};
        const auto earned =
            std::chrono::milliseconds{m_read * 1000 / std::max<std::int64_t>(m_pace.bytesPerSecond, 1)};
        const auto due =
            std::min(m_start + m_pace.grace + earned, std::chrono::steady_clock::now() + m_pace.grace);
        if (!waitReadable(m_socket, due))
            throw ports::BodyError{};
    }
}

} // namespace server::platform
