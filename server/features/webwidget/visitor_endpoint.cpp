#include "server/features/webwidget/visitor_endpoint.h"

#include "server/ports/answers.h"

namespace server::webwidget {

namespace {

constexpr std::size_t maxWaitingFrames = 64;
constexpr ports::Rate socketRate{60, base::Duration{500}}; // of one address

} // namespace

VisitorEndpoint::VisitorEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter,
                                 const MakeCore &makeCore)
    : ScheduledEndpoint{scheduler, {maxWaitingFrames, maxWaitingFrames * maxFrameBytes, "limit"}}
    , m_limiter{limiter}
    , m_core{makeCore(*this)}
{
}

VisitorEndpoint::~VisitorEndpoint() = default;

ports::HttpResponse VisitorEndpoint::accept(const ports::HttpRequest &request)
{
    if (isDraining())
        return ports::refusal({base::ErrorCode::Unavailable, {}});
    if (const auto wait = m_limiter.take("visitor-socket:" + request.remoteNetwork, socketRate))
        return ports::tooOften(*wait);
    ports::HttpResponse accepted;
    accepted.status = 101;
    return accepted;
}

void VisitorEndpoint::socketOpened(ports::SocketId socket, const ports::HttpRequest &)
{
    m_core->opened(socket);
}

void VisitorEndpoint::socketReceived(ports::SocketId socket, const std::string &payload, bool binary)
{
    if (binary)
        m_core->malformed(socket);
    else
        m_core->received(socket, payload);
}

void VisitorEndpoint::socketClosed(ports::SocketId socket)
{
    m_core->closed(socket);
}

void VisitorEndpoint::sendAllAway(base::Duration window)
{
    m_core->drain(window);
}

void VisitorEndpoint::send(ports::SocketId socket, std::string frame)
{
    sendTo(socket, std::make_shared<ports::Frame>(ports::Frame{std::move(frame), false}));
}

void VisitorEndpoint::close(ports::SocketId socket, std::uint16_t code, const std::string &reason)
{
    closeSocket(socket, code, reason);
}

} // namespace server::webwidget
