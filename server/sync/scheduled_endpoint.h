#pragma once

#include "server/ports/web_socket.h"
#include "shared/base/scheduler.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace server::sync {

/// What one socket may have waiting for the scheduler; it is closed with `limit` beyond.
struct WaitingLimits {
    std::size_t frames = 0;
    std::size_t bytes = 0;
    std::string reason; ///< said in the close frame
};

/// A WebSocket endpoint whose work is done on a scheduler, so that the socket loop never waits. The scheduler
/// is stopped before this object goes.
class ScheduledEndpoint : public ports::WebSocketEndpoint {
public:
    ~ScheduledEndpoint() override;

    void opened(ports::SocketId socket, const ports::HttpRequest &request, ports::SocketHub &hub) final;
    void received(ports::SocketId socket, std::string_view payload, bool binary) final;
    void closed(ports::SocketId socket, std::uint16_t code) final;

    /// Refuses new ones and sends everybody away, each at a moment of its own within `window`; waits until
    /// that is queued, or with a zero window done. Not from the scheduler.
    void drain(base::Duration window);
    /// Connections now, for metrics.
    [[nodiscard]] std::size_t connections() const { return m_connections; }

protected:
    ScheduledEndpoint(base::Scheduler &scheduler, WaitingLimits limits);

    /// These four run on the scheduler.
    virtual void socketOpened(ports::SocketId socket, const ports::HttpRequest &request) = 0;
    virtual void socketReceived(ports::SocketId socket, const std::string &payload, bool binary) = 0;
    virtual void socketClosed(ports::SocketId socket) = 0;
    virtual void sendAllAway(base::Duration window) = 0;

    [[nodiscard]] bool isDraining() const { return m_draining; }
    void sendTo(ports::SocketId socket, ports::SharedFrame frame);
    void closeSocket(ports::SocketId socket, std::uint16_t code, const std::string &reason);

private:
    struct Waiting; ///< what one socket sent and nobody has looked at yet

    base::Scheduler &m_scheduler;
    const WaitingLimits m_limits;
    std::atomic<ports::SocketHub *> m_hub{nullptr};
    std::atomic<std::size_t> m_connections{0};
    std::atomic<bool> m_draining{false};
    std::unordered_map<ports::SocketId, std::shared_ptr<Waiting>> m_waiting; // the socket loop's alone
};

} // namespace server::sync
