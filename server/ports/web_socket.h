#pragma once

#include "server/ports/http.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// WebSockets as sessions see them (RFC 6455), without a socket.
namespace server::ports {

/// Names one connection for the life of the process; never reused.
using SocketId = std::uint64_t;

/// An encoded frame, shared by all its receivers: encode once, send to many.
struct Frame {
    std::string payload;
    bool binary = false;
};
using SharedFrame = std::shared_ptr<const Frame>;

/// Sends to and closes connections. Safe to call from any thread; a call on a connection that is gone does
/// nothing.
class SocketHub {
public:
    virtual ~SocketHub() = default;
    /// Queues a frame. A connection whose queue is full is closed with `slow_consumer` (4008): the client
    /// catches up by its cursor.
    virtual void send(SocketId socket, SharedFrame frame) = 0;
    /// Sends what is queued, then a close frame with this code, then drops the connection.
    virtual void close(SocketId socket, std::uint16_t code, std::string reason) = 0;
    /// Bytes queued and not yet taken by the kernel. 0 for a connection that is gone.
    [[nodiscard]] virtual std::size_t queued(SocketId socket) const = 0;
};

/// What happens on the connections of one path. All calls come from the socket loop's thread, one at a time:
/// they must not block; hand longer work to another thread.
class WebSocketEndpoint {
public:
    virtual ~WebSocketEndpoint() = default;
    /// Before the upgrade, on an HTTP worker. Return status 101 to accept, anything else to refuse with that
    /// answer.
    virtual HttpResponse accept(const HttpRequest &request) = 0;
    /// The upgrade is done. `request` is the upgrade request (address, headers, query).
    virtual void opened(SocketId socket, const HttpRequest &request, SocketHub &hub) = 0;
    /// One whole message; at most the hub's message limit (64 KiB by default, 1 MiB for the sync endpoint).
    virtual void received(SocketId socket, std::string_view payload, bool binary) = 0;
    /// The connection is gone, for whatever reason; nothing more will come from it.
    virtual void closed(SocketId socket, std::uint16_t code) = 0;

    /// Largest whole message in bytes; checked on the frame header before anything is allocated.
    [[nodiscard]] virtual std::size_t maxMessage() const { return 64 * 1024; }
    /// Most bytes queued for one connection beyond what the kernel took; one frame alone may always be
    /// queued.
    [[nodiscard]] virtual std::size_t maxQueued() const { return 256 * 1024; }
    /// Most frames queued for one connection.
    [[nodiscard]] virtual std::size_t maxQueuedFrames() const { return 256; }
    /// Sub-protocol to answer in the upgrade when the client offers it; empty for none.
    [[nodiscard]] virtual std::string subProtocol() const { return {}; }
};

} // namespace server::ports
