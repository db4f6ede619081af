#pragma once

#include "server/features/webwidget/visitor_core.h"

#include <atomic>
#include <functional>
#include <memory>
#include <unordered_map>

namespace server::webwidget {

/// `/w/v1/ws`: carries frames between the sockets of widgets and the visitors' sessions.
class VisitorEndpoint : public ports::WebSocketEndpoint, private VisitorSink {
public:
    using MakeCore = std::function<std::unique_ptr<VisitorCore>(VisitorSink &)>;

    /// `makeCore` is called once, here. The scheduler is stopped before this object goes.
    VisitorEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter, const MakeCore &makeCore);
    ~VisitorEndpoint() override;

    ports::HttpResponse accept(const ports::HttpRequest &request) override;
    void opened(ports::SocketId socket, const ports::HttpRequest &request, ports::SocketHub &hub) override;
    void received(ports::SocketId socket, std::string_view payload, bool binary) override;
    void closed(ports::SocketId socket, std::uint16_t code) override;

    [[nodiscard]] std::size_t maxMessage() const override { return 16 * 1024; }
    [[nodiscard]] std::size_t maxQueued() const override { return 512 * 1024; }
    [[nodiscard]] std::size_t maxQueuedFrames() const override { return 256; }
    [[nodiscard]] std::string subProtocol() const override { return "deskbell-widget.v1"; }

    /// Tells everybody to come back later and waits until that is queued; new ones are refused. Not from the
    /// scheduler.
    void drain();
    /// Connections now, for metrics.
    [[nodiscard]] std::size_t connections() const { return m_connections; }

private:
    using Waiting = std::shared_ptr<std::atomic<int>>; ///< frames of one socket that were not looked at yet

    void send(ports::SocketId socket, std::string frame) override;
    void close(ports::SocketId socket, std::uint16_t code, const std::string &reason) override;

    base::Scheduler &m_scheduler;
    ports::RateLimiter &m_limiter;
    std::atomic<ports::SocketHub *> m_hub{nullptr};
    std::atomic<std::size_t> m_connections{0};
    std::atomic<bool> m_draining{false};
    std::unordered_map<ports::SocketId, Waiting> m_waiting; // the socket loop's alone
    std::unique_ptr<VisitorCore> m_core;
};

} // namespace server::webwidget
