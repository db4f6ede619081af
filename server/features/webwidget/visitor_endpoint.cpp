#include "server/features/webwidget/visitor_endpoint.h"

#include "server/ports/answers.h"
#include "shared/protocol/close_code.h"

#include <future>

namespace server::webwidget {

namespace {

constexpr int maxWaitingFrames = 64;
constexpr ports::Rate socketRate{60, base::Duration{500}}; // of one address

} // namespace

VisitorEndpoint::VisitorEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter,
                                 const MakeCore &makeCore)
    : m_scheduler{scheduler}
    , m_limiter{limiter}
    , m_core{makeCore(*this)}
{
}

VisitorEndpoint::~VisitorEndpoint() = default;

ports::HttpResponse VisitorEndpoint::accept(const ports::HttpRequest &request)
{
    if (m_draining)
        return ports::refusal({base::ErrorCode::Unavailable, {}});
    if (const auto wait = m_limiter.take("visitor-socket:" + request.remoteAddress, socketRate))
        return ports::tooOften(*wait);
    ports::HttpResponse accepted;
    accepted.status = 101;
    return accepted;
}

void VisitorEndpoint::opened(ports::SocketId socket, const ports::HttpRequest &, ports::SocketHub &hub)
{
    m_hub = &hub;
    ++m_connections;
    m_waiting.emplace(socket, std::make_shared<std::atomic<int>>(0));
    m_scheduler.post([this, socket] { m_core->opened(socket); });
}

void VisitorEndpoint::received(ports::SocketId socket, std::string_view payload, bool binary)
{
    const auto found = m_waiting.find(socket);
    if (found == m_waiting.end())
        return;
    const auto waiting = found->second;
    if (++*waiting > maxWaitingFrames) {
        m_hub.load()->close(socket, static_cast<std::uint16_t>(protocol::CloseCode::Limit), "limit");
        return;
    }
    m_scheduler.post([this, socket, waiting, binary, copy = std::string{payload}] {
        --*waiting;
        if (binary)
            m_core->malformed(socket);
        else
            m_core->received(socket, copy);
    });
}

void VisitorEndpoint::closed(ports::SocketId socket, std::uint16_t)
{
    if (m_waiting.erase(socket) == 0)
        return;
    --m_connections;
    m_scheduler.post([this, socket] { m_core->closed(socket); });
}

void VisitorEndpoint::send(ports::SocketId socket, std::string frame)
{
    m_hub.load()->send(socket, std::make_shared<ports::Frame>(ports::Frame{std::move(frame), false}));
}

void VisitorEndpoint::close(ports::SocketId socket, std::uint16_t code, const std::string &reason)
{
    m_hub.load()->close(socket, code, reason);
}

void VisitorEndpoint::drain()
{
    m_draining = true;
    std::promise<void> done;
    m_scheduler.post([&] {
        m_core->drain();
        done.set_value();
    });
    done.get_future().wait();
}

} // namespace server::webwidget
