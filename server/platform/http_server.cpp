#include "server/platform/http_server.h"

#include "shared/base/text.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <fcntl.h>
#include <stdexcept>

namespace server::platform {

using namespace std::chrono_literals;

namespace {

constexpr int backlog = 4096;

struct Bound {
    Descriptor socket;
    std::uint16_t port = 0;
};

Bound bindAndListen(const std::string &address)
{
    try {
        Poco::Net::ServerSocket socket;
        // Not Poco's default, which lets a second server share the port instead of failing.
        socket.bind(Poco::Net::SocketAddress{address}, true, false);
        socket.listen(backlog);
        Bound bound{Descriptor{::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 3)},
                    socket.address().port()};
        setNonBlocking(bound.socket.get());
        return bound;
    } catch (const Poco::Exception &error) {
        throw std::runtime_error{"cannot listen on " + address + ": " + error.displayText()};
    }
}

RequestOptions requestOptions(const HttpServerOptions &options, base::Random &random)
{
    std::string prefix(5, '\0');
    random.fill(prefix.data(), prefix.size());
    return {options.trustedProxies, options.bodyPace, options.parking.smallBody, base::toHex(prefix)};
}

} // namespace

HttpServer::HttpServer(const HttpServerOptions &options, const HttpRouter &router, ports::Metrics &metrics,
                       base::Random &random, ports::Log log)
    : m_options{options}
    , m_log{log}
    , m_hub{options.hub, metrics, log}
    , m_runner{router, requestOptions(options, random), metrics, log}
    , m_parking{options.parking, callbacks(metrics), log}
{
    auto bound = bindAndListen(options.listen);
    m_port = bound.port;
    if (options.tls) {
        const auto adopt = [this](Descriptor socket, std::string address) {
            m_parking.adopt(std::move(socket), std::move(address), true);
        };
        m_tls.emplace(*options.tls, std::move(bound.socket), adopt, log);
    } else {
        m_listener = std::move(bound.socket);
    }
    auto &open = metrics.gauge("deskbell_http_connections", "Open HTTP connections, without WebSockets.");
    metrics.onScrape([count = m_parking.count(), &open] { open.set(static_cast<double>(count->load())); });
}

HttpServer::~HttpServer()
{
    m_tls.reset();
    m_parking.stop(); // lends nothing more, but takes back
    m_workers.reset();
    m_largeWorkers.reset();
}

ParkingLoop::Callbacks HttpServer::callbacks(ports::Metrics &metrics)
{
    ParkingLoop::Callbacks callbacks;
    callbacks.lend = [this](Connection &connection, ParkingLoop::Work work) {
        auto &pool = work == ParkingLoop::Work::ServeLarge ? *m_largeWorkers : *m_workers;
        pool.post(
            [this, &connection, work] { m_parking.giveBack(connection, m_runner.run(connection, work)); });
    };
    callbacks.release = [this](std::unique_ptr<Connection> connection) {
        auto upgrade = std::move(connection->upgrade);
        m_hub.adopt(std::move(connection->socket), *upgrade->endpoint, std::move(upgrade->request));
    };
    callbacks.connectionsElsewhere = [this] { return m_hub.connections(); };
    callbacks.refusalBytes = [this](const Refusal &refusal) { return m_runner.refusalBytes(refusal); };
    callbacks.refused = [&metrics](const std::string &reason) {
        metrics
            .counter("deskbell_http_refused_total", "Connections cut before they made a request.",
                     {{"reason", reason}})
            .add();
    };
    return callbacks;
}

void HttpServer::start()
{
    m_workers.emplace(m_options.workers);
    m_largeWorkers.emplace(m_options.largeWorkers);
    if (m_listener)
        m_parking.listen(std::move(m_listener), false);
    m_parking.start();
    if (m_tls)
        m_tls->start();
}

void HttpServer::stop(std::chrono::milliseconds grace)
{
    const auto end = std::chrono::steady_clock::now() + grace;
    if (m_tls)
        m_tls->drain();
    m_runner.drain();
    m_parking.drain();
    m_hub.closeAll(m_options.drainCode, "drain");
    while (std::chrono::steady_clock::now() < end && m_parking.connections() + m_hub.connections() > 0)
        std::this_thread::sleep_for(5ms);
    m_log.info("http_stopped", {{"connections_cut", m_parking.connections() + m_hub.connections()}});
}

} // namespace server::platform
