#include "server/sync/scheduled_endpoint.h"

#include "shared/protocol/close_code.h"

#include <future>

namespace server::sync {

struct ScheduledEndpoint::Waiting {
    std::atomic<std::size_t> frames{0};
    std::atomic<std::size_t> bytes{0};
};

ScheduledEndpoint::ScheduledEndpoint(base::Scheduler &scheduler, WaitingLimits limits)
    : m_scheduler{scheduler}
    , m_limits{std::move(limits)}
{
}

ScheduledEndpoint::~ScheduledEndpoint() = default;

void ScheduledEndpoint::opened(ports::SocketId socket, const ports::HttpRequest &request,
                               ports::SocketHub &hub)
{
    m_hub = &hub;
    ++m_connections;
    m_waiting.emplace(socket, std::make_shared<Waiting>());
    m_scheduler.post([this, socket, asked = std::make_shared<const ports::HttpRequest>(request)] {
        socketOpened(socket, *asked);
    });
}

void ScheduledEndpoint::received(ports::SocketId socket, std::string_view payload, bool binary)
{
    const auto found = m_waiting.find(socket);
    if (found == m_waiting.end())
        return;
    const auto &waiting = found->second;
    const auto size = payload.size();
    if (++waiting->frames > m_limits.frames || (waiting->bytes += size) > m_limits.bytes) {
        closeSocket(socket, static_cast<std::uint16_t>(protocol::CloseCode::Limit), m_limits.reason);
        return;
    }
    m_scheduler.post([this, socket, waiting, binary, size, copy = std::string{payload}] {
        --waiting->frames;
        waiting->bytes -= size;
        socketReceived(socket, copy, binary);
    });
}

void ScheduledEndpoint::closed(ports::SocketId socket, std::uint16_t)
{
    if (m_waiting.erase(socket) == 0)
        return;
    --m_connections;
    m_scheduler.post([this, socket] { socketClosed(socket); });
}

void ScheduledEndpoint::sendTo(ports::SocketId socket, ports::SharedFrame frame)
{
    m_hub.load()->send(socket, std::move(frame));
}

void ScheduledEndpoint::closeSocket(ports::SocketId socket, std::uint16_t code, const std::string &reason)
{
    m_hub.load()->close(socket, code, reason);
}

void ScheduledEndpoint::drain(base::Duration window)
{
    m_draining = true;
    std::promise<void> done;
    m_scheduler.post([&] {
        sendAllAway(window);
        done.set_value();
    });
    done.get_future().wait();
}

} // namespace server::sync
