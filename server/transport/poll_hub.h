#pragma once

#include "server/ports/http.h"
#include "server/ports/web_socket.h"
#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace server::transport {

/// `POST /sync/v1/poll`: the frames of a socket over plain requests, for ways that break WebSockets
/// (docs/protocol.md A.3). To its endpoint this is a hub like the real one: a connection is opened by the
/// first request, lives from request to request, and ends when none came for a while. Any thread.
class PollHub : public ports::SocketHub {
public:
    struct Settings {
        std::chrono::milliseconds hold = std::chrono::seconds{25}; ///< a request waits so long for frames
        std::size_t holders = 3; ///< that wait at a time: each takes a worker
        std::size_t connections = 200;
        base::Duration patience = std::chrono::seconds{75}; ///< without a request, a connection is over
    };

    /// All outlive this object; the scheduler is stopped before it goes.
    PollHub(ports::WebSocketEndpoint &endpoint, base::Scheduler &scheduler, const base::Clock &clock,
            base::Random &random, Settings settings);
    PollHub(ports::WebSocketEndpoint &endpoint, base::Scheduler &scheduler, const base::Clock &clock,
            base::Random &random);
    ~PollHub() override;

    void add(ports::Router &router);
    ports::HttpResponse poll(const ports::HttpRequest &request);
    /// Requests that wait are answered now, and later ones do not wait. Call after the endpoint's drain.
    void drain();

    void send(ports::SocketId socket, ports::SharedFrame frame) override;
    void close(ports::SocketId socket, std::uint16_t code, std::string reason) override;
    [[nodiscard]] std::size_t queued(ports::SocketId socket) const override;

private:
    struct Connection;

    std::shared_ptr<Connection> find(const std::string &name);
    ports::HttpResponse open(const ports::HttpRequest &request, std::shared_ptr<Connection> &opened);
    /// Waits for something to say, as request number `mine` of the connection.
    ports::HttpResponse answer(const std::shared_ptr<Connection> &connection, std::uint64_t mine);
    static void takeDown(Connection &connection, base::Json &json);
    void end(const std::shared_ptr<Connection> &connection);
    void reapLater();
    void reap();

    ports::WebSocketEndpoint &m_endpoint;
    base::Scheduler &m_scheduler;
    const base::Clock &m_clock;
    base::Random &m_random;
    const Settings m_settings;

    std::mutex m_calls; // the endpoint is called by one thread at a time; taken before m_mutex

    mutable std::mutex m_mutex; // guards all below and the connections' contents
    std::condition_variable m_changed;
    std::map<std::string, std::shared_ptr<Connection>> m_byName;
    std::map<ports::SocketId, std::shared_ptr<Connection>> m_byId;
    ports::SocketId m_last = 0;
    std::size_t m_holding = 0;
    bool m_draining = false;
};

} // namespace server::transport
