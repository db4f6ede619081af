#pragma once

#include "server/features/client_api/cable_core.h"
#include "server/sync/scheduled_endpoint.h"

#include <functional>
#include <memory>
#include <string>

namespace server::client_api {

/// `/cable`: carries frames between the sockets of contacts' programs and the core. The upgrade carries no
/// secret and no cookie is read, so that it matters not which page asks; who listens is said in a frame.
class CableEndpoint : public sync::ScheduledEndpoint, private CableSink {
public:
    using MakeCore = std::function<std::unique_ptr<CableCore>(CableSink &)>;

    /// `makeCore` is called once, here. `publicUrl` as ApiGate's.
    CableEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter, std::string publicUrl,
                  const MakeCore &makeCore);
    ~CableEndpoint() override;

    ports::HttpResponse accept(const ports::HttpRequest &request) override;

    [[nodiscard]] std::size_t maxMessage() const override { return maxFrameBytes; }
    [[nodiscard]] std::size_t maxQueued() const override { return 512 * 1024; }
    [[nodiscard]] std::size_t maxQueuedFrames() const override { return 256; }
    [[nodiscard]] std::string subProtocol() const override { return "actioncable-v1-json"; }

private:
    void socketOpened(ports::SocketId socket, const ports::HttpRequest &request) override;
    void socketReceived(ports::SocketId socket, const std::string &payload, bool binary) override;
    void socketClosed(ports::SocketId socket) override;
    void sendAllAway(base::Duration window) override;

    void send(ports::SocketId socket, ports::SharedFrame frame) override;
    void close(ports::SocketId socket, std::uint16_t code, const std::string &reason) override;

    static constexpr std::size_t maxFrameBytes = 4 * 1024;

    ports::RateLimiter &m_limiter;
    const std::string m_publicUrl;
    std::unique_ptr<CableCore> m_core;
};

} // namespace server::client_api
