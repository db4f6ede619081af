#pragma once

#include "server/features/webwidget/visitor_core.h"
#include "server/sync/scheduled_endpoint.h"

#include <functional>
#include <memory>

namespace server::webwidget {

/// `/w/v1/ws`: carries frames between the sockets of widgets and the visitors' sessions.
class VisitorEndpoint : public sync::ScheduledEndpoint, private VisitorSink {
public:
    using MakeCore = std::function<std::unique_ptr<VisitorCore>(VisitorSink &)>;

    /// `makeCore` is called once, here.
    VisitorEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter, const MakeCore &makeCore);
    ~VisitorEndpoint() override;

    ports::HttpResponse accept(const ports::HttpRequest &request) override;

    [[nodiscard]] std::size_t maxMessage() const override { return maxFrameBytes; }
    [[nodiscard]] std::size_t maxQueued() const override { return 512 * 1024; }
    [[nodiscard]] std::size_t maxQueuedFrames() const override { return 256; }
    [[nodiscard]] std::string subProtocol() const override { return "deskbell-widget.v1"; }

private:
    void socketOpened(ports::SocketId socket, const ports::HttpRequest &request) override;
    void socketReceived(ports::SocketId socket, const std::string &payload, bool binary) override;
    void socketClosed(ports::SocketId socket) override;
    void sendAllAway(base::Duration window) override;

    void send(ports::SocketId socket, std::string frame) override;
    void close(ports::SocketId socket, std::uint16_t code, const std::string &reason) override;

    static constexpr std::size_t maxFrameBytes = 16 * 1024;

    ports::RateLimiter &m_limiter;
    std::unique_ptr<VisitorCore> m_core;
};

} // namespace server::webwidget
