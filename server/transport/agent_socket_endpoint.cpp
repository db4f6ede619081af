#include "server/transport/agent_socket_endpoint.h"

#include "server/ports/answers.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <future>

namespace server::transport {

namespace {

constexpr std::size_t maxWaitingFrames = 256;
constexpr std::size_t maxWaitingBytes = 4 << 20;
constexpr ports::Rate hellosPerNode{200, base::Duration{5}};

} // namespace

struct AgentSocketEndpoint::Inbox {
    std::atomic<std::size_t> frames{0};
    std::atomic<std::size_t> bytes{0};
};

AgentSocketEndpoint::AgentSocketEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter,
                                         const MakeCore &makeCore)
    : m_scheduler{scheduler}
    , m_limiter{limiter}
    , m_core{makeCore(*this)}
{
}

AgentSocketEndpoint::~AgentSocketEndpoint() = default;

// Refusing here costs no database work and no session.
ports::HttpResponse AgentSocketEndpoint::accept(const ports::HttpRequest &)
{
    if (m_draining)
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

void AgentSocketEndpoint::opened(ports::SocketId socket, const ports::HttpRequest &, ports::SocketHub &hub)
{
    m_hub = &hub;
    ++m_connections;
    m_inboxes.emplace(socket, std::make_shared<Inbox>());
    m_scheduler.post([this, socket] { m_core->opened(socket); });
}

void AgentSocketEndpoint::received(ports::SocketId socket, std::string_view payload, bool binary)
{
    const auto found = m_inboxes.find(socket);
    if (found == m_inboxes.end())
        return;
    const auto &inbox = found->second;
    const auto size = payload.size();
    if (++inbox->frames > maxWaitingFrames || (inbox->bytes += size) > maxWaitingBytes) {
        m_hub.load()->close(socket, static_cast<std::uint16_t>(protocol::CloseCode::Limit),
                            "too many frames waiting");
        return;
    }
    m_scheduler.post([this, socket, inbox, binary, size, copy = std::string{payload}] {
        --inbox->frames;
        inbox->bytes -= size;
        pass(socket, copy, binary);
    });
}

void AgentSocketEndpoint::pass(ports::SocketId socket, const std::string &payload, bool binary)
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

void AgentSocketEndpoint::closed(ports::SocketId socket, std::uint16_t)
{
    if (m_inboxes.erase(socket) == 0)
        return;
    --m_connections;
    m_scheduler.post([this, socket] { m_core->closed(socket); });
}

void AgentSocketEndpoint::send(sync::SessionId session, const std::string &frame, protocol::Codec codec)
{
    if (!m_last.packed || m_last.codec != codec || m_last.frame != frame) {
        auto packed = std::make_shared<ports::Frame>(ports::Frame{protocol::pack(frame, codec), true});
        m_last = {frame, codec, std::move(packed)};
    }
    m_hub.load()->send(session, m_last.packed);
}

void AgentSocketEndpoint::close(sync::SessionId session, protocol::CloseCode code, const std::string &reason)
{
    m_hub.load()->close(session, static_cast<std::uint16_t>(code), reason);
}

void AgentSocketEndpoint::drain()
{
    m_draining = true;
    std::promise<void> done;
    m_scheduler.post([&] {
        m_core->drain();
        done.set_value();
    });
    done.get_future().wait();
}

} // namespace server::transport
