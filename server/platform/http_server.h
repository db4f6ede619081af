#pragma once

#include "server/platform/parking_loop.h"
#include "server/platform/request_runner.h"
#include "server/platform/router.h"
#include "server/platform/socket_hub.h"
#include "server/platform/tls_bridge.h"
#include "server/platform/worker_pool.h"
#include "server/ports/log.h"
#include "server/ports/metrics.h"
#include "shared/base/random.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace server::platform {

struct HttpServerOptions {
    std::string listen = "127.0.0.1:8080"; ///< "[::1]:8080" too; port 0 takes a free one
    std::size_t workers = 8;
    std::size_t largeWorkers = 3; ///< for bodies that do not fit the kernel's buffer
    ParkingOptions parking;
    BodyPace bodyPace;
    HubOptions hub;
    Networks trustedProxies;
    std::optional<TlsOptions> tls; ///< then `listen` speaks TLS only
    std::uint16_t drainCode = 4013;
};

/// HTTP and WebSocket on one address. Threads: the parking loop (accepts, waits), `workers` + `largeWorkers`,
/// the socket hub, and with TLS the bridge. See parking_loop.h for a request's way.
class HttpServer {
public:
    /// Binds and listens. Throws std::runtime_error with a sentence when the address is taken or no address,
    /// or when certificate or key cannot be used. `router` is read from start() on and must outlive this.
    HttpServer(const HttpServerOptions &options, const HttpRouter &router, ports::Metrics &metrics,
               base::Random &random, ports::Log log);
    /// Stops without grace.
    ~HttpServer();

    void start();
    /// Takes no more connections, tells WebSockets to come back later, lets requests under way finish;
    /// returns when all are gone or the time is over.
    void stop(std::chrono::milliseconds grace);

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] EpollSocketHub &hub() { return m_hub; }
    /// HTTP connections, without WebSockets.
    [[nodiscard]] std::size_t connections() const { return m_parking.connections(); }

private:
    ParkingLoop::Callbacks callbacks(ports::Metrics &metrics);

    HttpServerOptions m_options;
    ports::Log m_log;
    Descriptor m_listener;
    std::uint16_t m_port = 0;
    EpollSocketHub m_hub;
    RequestRunner m_runner;
    ParkingLoop m_parking;
    std::optional<TlsBridge> m_tls;
    std::optional<WorkerPool> m_workers; // these two end first: they give back to the loop
    std::optional<WorkerPool> m_largeWorkers;
};

} // namespace server::platform
