#include "server/transport/agent_socket_endpoint.h"

#include "server/ports/answers.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

namespace server::transport {

namespace {

constexpr std::size_t maxWaitingFrames = 256;
constexpr std::size_t maxWaitingBytes = 4 << 20;
constexpr ports::Rate hellosPerNode{200, base::Duration{5}};

} // namespace

AgentSocketEndpoint::AgentSocketEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter,
                                         const MakeCore &makeCore)
    : ScheduledEndpoint{scheduler, {maxWaitingFrames, maxWaitingBytes, "too many frames waiting"}}
    , m_limiter{limiter}
    , m_core{makeCore(*this)}
{
}

AgentSocketEndpoint::~AgentSocketEndpoint() = default;

// Refusing here costs no database work and no session.
ports::HttpResponse AgentSocketEndpoint::accept(const ports::HttpRequest &)
{
    if (isDraining())
        return ports::refusal({base::ErrorCode::Unavailable, {}});
    if (const auto wait = m_limiter.take("sync-hello", hellosPerNode)) {
        auto answer = ports::refusal({base::ErrorCode::Busy, {}});
        answer.headers.set("Retry-After", std::to_string(wait->count() / 1000 + 1));
        return answer;
    }
    ports::HttpResponse accepted;
    accepted.status = 101;
    return accepted;
}

void AgentSocketEndpoint::socketOpened(ports::SocketId socket)
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

void AgentSocketEndpoint::sendAllAway()
{
    m_core->drain();
}

void AgentSocketEndpoint::send(sync::SessionId session, const std::string &frame, protocol::Codec codec)
{
    if (!m_last.packed || m_last.codec != codec || m_last.frame != frame) {
        auto packed = std::make_shared<ports::Frame>(ports::Frame{protocol::pack(frame, codec), true});
        m_last = {frame, codec, std::move(packed)};
    }
    sendTo(session, m_last.packed);
}

void AgentSocketEndpoint::close(sync::SessionId session, protocol::CloseCode code, const std::string &reason)
{
    closeSocket(session, static_cast<std::uint16_t>(code), reason);
}

} // namespace server::transport
