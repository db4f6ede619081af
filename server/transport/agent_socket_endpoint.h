#pragma once

#include "server/ports/rate_limiter.h"
#include "server/sync/frame_sink.h"
#include "server/sync/scheduled_endpoint.h"
#include "server/sync/session_core.h"
#include "server/transport/packed_frames.h"
#include "shared/base/clock.h"

#include <functional>
#include <memory>
#include <mutex>

namespace server::transport {

/// `/sync/v1/ws`: carries frames between the sockets of agents' programs and their sessions. Envelopes are
/// opened and packed on the sessions' scheduler.
class AgentSocketEndpoint : public sync::ScheduledEndpoint, private sync::FrameSink {
public:
    using MakeCore = std::function<std::unique_ptr<sync::SessionCore>(sync::FrameSink &)>;

    /// `makeCore` is called once, here; the core sends through the sink it is given.
    AgentSocketEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter, const base::Clock &clock,
                        const MakeCore &makeCore);
    ~AgentSocketEndpoint() override;

    ports::HttpResponse accept(const ports::HttpRequest &request) override;

    [[nodiscard]] std::size_t maxMessage() const override { return 1 << 20; }
    [[nodiscard]] std::size_t maxQueued() const override { return 8 << 20; }
    [[nodiscard]] std::size_t maxQueuedFrames() const override { return 1024; }
    [[nodiscard]] std::string subProtocol() const override { return "desk-sync.v1"; }

private:
    void socketOpened(ports::SocketId socket, const ports::HttpRequest &request) override;
    void socketReceived(ports::SocketId socket, const std::string &payload, bool binary) override;
    void socketClosed(ports::SocketId socket) override;
    void sendAllAway(base::Duration window) override;

    void send(sync::SessionId session, const std::string &frame, protocol::Codec codec) override;
    void close(sync::SessionId session, protocol::CloseCode code, const std::string &reason) override;

    base::Duration placeInLine();

    ports::RateLimiter &m_limiter;
    const base::Clock &m_clock;
    std::mutex m_lineMutex;     // guards m_lineEnd: upgrades are asked for on HTTP workers
    base::Duration m_lineEnd{}; ///< when the last of those sent away may come

    PackedFrames m_packed;
    std::unique_ptr<sync::SessionCore> m_core;
};

} // namespace server::transport
