#pragma once

#include "server/platform/descriptor.h"
#include "server/platform/event_loop.h"
#include "server/platform/socket_io.h"
#include "server/ports/log.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace server::platform {

struct TlsOptions {
    std::string certificateFile; ///< PEM, the chain
    std::string keyFile;         ///< PEM
    std::size_t maxConnections = 18'000;
    std::chrono::milliseconds handshakeDeadline{10'000};
    std::chrono::milliseconds finishDeadline{30'000}; ///< the server is done, the peer takes nothing
};

/// TLS in one thread: accepts, shakes hands, then joins the TLS connection to one end of a socket pair and
/// hands the other end on as if it had been accepted in the clear. So parking, workers and WebSockets need to
/// know nothing of TLS, at the price of two descriptors and one copy more. TLS 1.2 and 1.3, ALPN http/1.1.
class TlsBridge {
public:
    using Adopt = std::function<void(Descriptor plain, std::string address)>;

    /// Throws std::runtime_error when the certificate or key cannot be used.
    TlsBridge(const TlsOptions &options, Descriptor listener, Adopt adopt, ports::Log log);
    ~TlsBridge();

    void start();
    /// Closes the listener. Any thread.
    void drain();

private:
    struct Link;
    struct Due {
        SteadyTime at;
        std::uint64_t id;
    };

    void run();
    std::chrono::milliseconds untilNextDue() const;
    void onEvent(std::uint64_t tag, std::uint32_t events);
    void acceptSome();
    void pump(Link &link);
    bool shakeHands(Link &link);
    bool inward(Link &link);
    bool outward(Link &link);
    void finish(Link &link);
    void drop(Link &link);
    void expire();

    TlsOptions m_options;
    Adopt m_adopt;
    ports::Log m_log;
    std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st *)> m_context;
    Descriptor m_listener;
    Poller m_poller;
    std::unordered_map<std::uint64_t, std::unique_ptr<Link>> m_links;
    std::uint64_t m_nextId =
        1; // tags: twice the id for the peer's side, one more for ours; 0 is the listener
    std::deque<Due> m_handshakes;
    std::deque<Due> m_finishing;
    SteadyTime m_acceptAgain = SteadyTime::max();
    std::atomic<bool> m_draining{false};
    std::atomic<bool> m_stopping{false};
    std::jthread m_thread;
};

} // namespace server::platform
