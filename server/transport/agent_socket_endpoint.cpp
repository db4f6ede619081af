#include "server/transport/agent_socket_endpoint.h"

#include "server/ports/answers.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace server::transport {

namespace {

constexpr std::size_t maxWaitingFrames = 256;
constexpr std::size_t maxWaitingBytes = 4 << 20;
constexpr std::chrono::seconds longestLine{60};
constexpr base::Duration comeBack{2000}; // by then another node, or this one again
constexpr ports::Rate hellosPerNode{200, base::Duration{5}};

} // namespace

AgentSocketEndpoint::AgentSocketEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter,
                                         const base::Clock &clock, const MakeCore &makeCore)
    : ScheduledEndpoint{scheduler, {maxWaitingFrames, maxWaitingBytes, "too many frames waiting"}}
    , m_limiter{limiter}
    , m_clock{clock}
    , m_core{makeCore(*this)}
{
}

AgentSocketEndpoint::~AgentSocketEndpoint() = default;

// Refusing here costs no database work and no session.
ports::HttpResponse AgentSocketEndpoint::accept(const ports::HttpRequest &)
{
    if (isDraining())
        return ports::tooBusy(comeBack);
    if (m_limiter.take("sync-hello", hellosPerNode))
        return ports::tooBusy(placeInLine());
    ports::HttpResponse accepted;
    accepted.status = 101;
    return accepted;
}

// Whoever is sent away is told a time of their own, as if they stood in line: told the same, they would all
// come back at once.
base::Duration AgentSocketEndpoint::placeInLine()
{
    const auto now = m_clock.monotonic();
    const std::lock_guard lock{m_lineMutex};
    m_lineEnd = std::min(std::max(m_lineEnd, now) + hellosPerNode.every, now + longestLine);
    return m_lineEnd - now;
}

void AgentSocketEndpoint::socketOpened(ports::SocketId socket, const ports::HttpRequest &)
{
    m_core->opened(socket);
}

void AgentSocketEndpoint::socketReceived(ports::SocketId socket, const std::string &payload, bool binary)
{
    if (!binary) {
        m_core->received(socket, payload);
        return;
    }
    if (const auto frame = protocol::unpack(payload, protocol::maxClientFrameBytes))
        m_core->received(socket, *frame);
    else
        m_core->malformed(socket, frame.error().detail);
}

void AgentSocketEndpoint::socketClosed(ports::SocketId socket)
{
    m_core->closed(socket);
}

void AgentSocketEndpoint::sendAllAway(base::Duration window)
{
    m_core->drain(window);
}

void AgentSocketEndpoint::send(sync::SessionId session, const std::string &frame, protocol::Codec codec)
{
    sendTo(session, m_packed.of(frame, codec));
}

void AgentSocketEndpoint::close(sync::SessionId session, protocol::CloseCode code, const std::string &reason)
{
    closeSocket(session, static_cast<std::uint16_t>(code), reason);
}

} // namespace server::transport
