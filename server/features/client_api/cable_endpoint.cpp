#include "server/features/client_api/cable_endpoint.h"

#include "server/ports/answers.h"

namespace server::client_api {

namespace {

constexpr std::size_t maxWaitingFrames = 32;
constexpr ports::Rate socketRate{60, base::Duration{500}}; // of one address

} // namespace

CableEndpoint::CableEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter, std::string publicUrl,
                             const MakeCore &makeCore)
    : ScheduledEndpoint{scheduler, {maxWaitingFrames, maxWaitingFrames * maxFrameBytes, "limit"}}
    , m_limiter{limiter}
    , m_publicUrl{std::move(publicUrl)}
    , m_core{makeCore(*this)}
{
}

CableEndpoint::~CableEndpoint() = default;

ports::HttpResponse CableEndpoint::accept(const ports::HttpRequest &request)
{
    if (isDraining())
        return ports::refusal({base::ErrorCode::Unavailable, {}});
    if (const auto wait = m_limiter.take("cable-socket:" + request.remoteNetwork, socketRate))
        return ports::tooOften(*wait);
    ports::HttpResponse accepted;
    accepted.status = 101;
    return accepted;
}

void CableEndpoint::socketOpened(ports::SocketId socket, const ports::HttpRequest &request)
{
    m_core->opened(socket, ports::originOf(request, m_publicUrl));
}

void CableEndpoint::socketReceived(ports::SocketId socket, const std::string &payload, bool binary)
{
    if (binary)
        m_core->malformed(socket);
    else
        m_core->received(socket, payload);
}

void CableEndpoint::socketClosed(ports::SocketId socket)
{
    m_core->closed(socket);
}

void CableEndpoint::sendAllAway(base::Duration window)
{
    m_core->drain(window);
}

void CableEndpoint::send(ports::SocketId socket, ports::SharedFrame frame)
{
    sendTo(socket, std::move(frame));
}

void CableEndpoint::close(ports::SocketId socket, std::uint16_t code, const std::string &reason)
{
    closeSocket(socket, code, reason);
}

} // namespace server::client_api
