#pragma once

#include "server/ports/rate_limiter.h"
#include "server/ports/web_socket.h"
#include "server/sync/frame_sink.h"
#include "server/sync/session_core.h"
#include "shared/base/scheduler.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace server::transport {

/// `/sync/v1/ws`: carries frames between the sockets of agents' programs and their sessions. Envelopes are
/// opened and packed on the sessions' scheduler, so that the socket loop never waits.
class AgentSocketEndpoint : public ports::WebSocketEndpoint, private sync::FrameSink {
public:
    using MakeCore = std::function<std::unique_ptr<sync::SessionCore>(sync::FrameSink &)>;

    /// `makeCore` is called once, here; the core sends through the sink it is given. The scheduler is stopped
    /// before this object goes.
    AgentSocketEndpoint(base::Scheduler &scheduler, ports::RateLimiter &limiter, const MakeCore &makeCore);
    ~AgentSocketEndpoint() override;

    ports::HttpResponse accept(const ports::HttpRequest &request) override;
    void opened(ports::SocketId socket, const ports::HttpRequest &request, ports::SocketHub &hub) override;
    void received(ports::SocketId socket, std::string_view payload, bool binary) override;
    void closed(ports::SocketId socket, std::uint16_t code) override;

    [[nodiscard]] std::size_t maxMessage() const override { return 1 << 20; }
    [[nodiscard]] std::size_t maxQueued() const override { return 8 << 20; }
    [[nodiscard]] std::size_t maxQueuedFrames() const override { return 1024; }
    [[nodiscard]] std::string subProtocol() const override { return "desk-sync.v1"; }

    /// Says goodbye to everybody and waits until that is queued; new ones are refused. Not from the
    /// scheduler.
    void drain();
    /// Connections now, for metrics.
    [[nodiscard]] std::size_t connections() const { return m_connections; }

private:
    struct Inbox; ///< what one socket sent and the sessions have not looked at yet

    void send(sync::SessionId session, const std::string &frame, protocol::Codec codec) override;
    void close(sync::SessionId session, protocol::CloseCode code, const std::string &reason) override;
    void pass(ports::SocketId socket, const std::string &payload, bool binary);

    base::Scheduler &m_scheduler;
    ports::RateLimiter &m_limiter;
    std::atomic<ports::SocketHub *> m_hub{nullptr};
    std::atomic<std::size_t> m_connections{0};
    std::atomic<bool> m_draining{false};
    std::unordered_map<ports::SocketId, std::shared_ptr<Inbox>> m_inboxes; // the socket loop's alone

    struct Packed {
        std::string frame;
        protocol::Codec codec = protocol::Codec::Raw;
        ports::SharedFrame packed;
    };
    Packed m_last; // the scheduler's: equal frames to many sessions are packed once
    std::unique_ptr<sync::SessionCore> m_core;
};

} // namespace server::transport
