#pragma once

#include "server/platform/socket_io.h"
#include "server/ports/http.h"

#include <chrono>
#include <cstdint>

namespace server::platform {

/// How slow a body may come: the first `grace` is free, then `bytesPerSecond` on average, and never silent
/// for longer than `grace`.
struct BodyPace {
    std::chrono::milliseconds grace{10'000};
    std::int64_t bytesPerSecond = 16 * 1024;
};

/// A body of known length, read from a connection as the handler asks for it. Blocks its worker.
class SocketBody : public ports::BodyReader {
public:
    SocketBody(int socket, std::int64_t length, const BodyPace &pace);

    std::size_t read(char *into, std::size_t size) override;
    /// Bytes the handler has not taken.
    [[nodiscard]] std::int64_t left() const { return m_length - m_read; }

private:
    int m_socket;
    std::int64_t m_length;
    std::int64_t m_read = 0;
    BodyPace m_pace;
    SteadyTime m_start;
};

} // namespace server::platform
