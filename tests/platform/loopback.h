#pragma once

#include "server/platform/descriptor.h"
#include "server/platform/http_server.h"
#include "server/platform/metrics_registry.h"
#include "server/platform/system_random.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace tests {

/// How long a test waits for what must happen; never what it asserts.
constexpr std::chrono::milliseconds patience{20'000};

/// One HTTP answer as it came.
struct Answer {
    int status = 0;
    std::string head; ///< status line and headers
    std::string body; ///< chunks joined
    /// First value, without case; empty when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// A client that writes what it is told, byte for byte, in the clear or over TLS. Gives up after `patience`.
class RawClient {
public:
    explicit RawClient(std::uint16_t port, bool tls = false, int receiveBuffer = 0);
    ~RawClient();
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    /// False when the peer is gone.
    bool write(std::string_view bytes);
    /// Half-close: nothing more will be written.
    void finish();
    /// One answer, or nothing when the connection ends first. `head`: it answers HEAD, so has no body.
    std::optional<Answer> answer(bool head = false);
    /// Bytes until this many have come; fewer when the connection ends first.
    std::string read(std::size_t size);
    /// True once the peer has closed; what comes before is thrown away.
    bool ended();
    /// Whether bytes or an end are there now.
    [[nodiscard]] bool readable(std::chrono::milliseconds within) const;
    [[nodiscard]] int socket() const { return m_socket.get(); }

    // WebSocket
    bool upgrade(const std::string &path, const std::string &headers = {});
    bool sendFrame(int opcode, std::string_view payload, bool final = true);
    struct Frame {
        int opcode = -1;
        bool final = true;
        std::string payload;
        /// Of a close frame; 0 without one.
        [[nodiscard]] int closeCode() const;
    };
    std::optional<Frame> frame();
    /// The next frame that is no ping.
    std::optional<Frame> message();

private:
    bool fill();

    server::platform::Descriptor m_socket;
    ssl_ctx_st *m_context = nullptr;
    ssl_st *m_ssl = nullptr;
    std::string m_input;
};

/// A masked client frame.
std::string clientFrame(int opcode, std::string_view payload, bool final = true, int reserved = 0);

/// Records what an endpoint is told, and lets tests wait for it.
class RecordingEndpoint : public server::ports::WebSocketEndpoint {
public:
    server::ports::HttpResponse accept(const server::ports::HttpRequest &request) override;
    void opened(server::ports::SocketId socket, const server::ports::HttpRequest &request,
                server::ports::SocketHub &hub) override;
    void received(server::ports::SocketId socket, std::string_view payload, bool binary) override;
    void closed(server::ports::SocketId socket, std::uint16_t code) override;
    [[nodiscard]] std::size_t maxMessage() const override { return largest; }
    [[nodiscard]] std::string subProtocol() const override { return protocol; }

    /// Waits until the condition holds under the lock; false when patience ends.
    bool until(const std::function<bool()> &condition);
    std::vector<server::ports::SocketId> openedOnes();
    std::vector<std::pair<std::string, bool>> messages();
    std::map<server::ports::SocketId, std::uint16_t> closedOnes();

    std::size_t largest = 64 * 1024;
    std::string protocol;
    bool echo = true;
    std::function<server::ports::HttpResponse(const server::ports::HttpRequest &)> judge;

private:
    std::mutex m_mutex; // guards the rest
    std::condition_variable m_changed;
    server::ports::SocketHub *m_hub = nullptr;
    std::vector<server::ports::SocketId> m_opened;
    std::vector<std::pair<std::string, bool>> m_messages;
    std::map<server::ports::SocketId, std::uint16_t> m_closed;
};

/// A server on a free loopback port, with short deadlines unless the test sets others.
struct TestServer {
    TestServer();
    /// Registers on `router`, changes `options`, then start().
    void start();
    std::uint16_t port() const { return server->port(); }

    server::platform::HttpServerOptions options;
    server::platform::HttpRouter router;
    server::platform::MetricsRegistry metrics;
    server::platform::SystemRandom random;
    std::unique_ptr<server::platform::HttpServer> server;
};

/// A self-signed certificate for localhost and its key, PEM, written into a folder.
void writeCertificate(const std::string &certificateFile, const std::string &keyFile);

} // namespace tests
