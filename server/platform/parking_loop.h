#pragma once

#include "server/platform/connection.h"
#include "server/platform/event_loop.h"
#include "server/ports/log.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace server::platform {

struct ParkingOptions {
    std::size_t headerBytes = 8192;
    std::size_t smallBody = 32 * 1024; ///< up to this a request waits in the kernel until it is whole
    std::size_t maxConnections = 18'000;
    std::chrono::milliseconds headerDeadline{10'000}; ///< from the first byte (or accept) to the blank line
    std::chrono::milliseconds bodyDeadline{10'000};   ///< from then to the end of a small body
    std::chrono::milliseconds idleDeadline{30'000};   ///< between two requests
    std::chrono::milliseconds sendDeadline{30'000};   ///< a peer that takes nothing of its answer
    std::chrono::milliseconds lingerDeadline{2'000};
};

/// Accepts connections and keeps them, in one thread, until a request is worth a worker: nothing is read,
/// only looked at in the kernel's buffer. So 500 slow clients cost 500 list entries and no thread, and every
/// one is cut in time.
class ParkingLoop {
public:
    enum class Work {
        Vet,        ///< a large body or one that waits for "100 Continue": look at the head, read nothing
        Serve,      ///< the whole request lies in the kernel's buffer
        ServeLarge, ///< the head and the first part of a vetted body do
        Resume      ///< the answer can go on
    };
    enum class Next {
        Park,      ///< answered, the next request may come
        AwaitBody, ///< vetted
        Send,      ///< the answer waits for the peer
        SendSoon,  ///< the answer waits for its next turn
        Linger,    ///< answered, close
        Close,     ///< broken, drop
        Release    ///< upgraded: goes to `release`
    };
    struct Callbacks {
        std::function<void(Connection &, Work)> lend;             ///< loop thread; must not block
        std::function<void(std::unique_ptr<Connection>)> release; ///< loop thread
        std::function<std::size_t()> connectionsElsewhere;        ///< counted against the limit
        std::function<std::string(const Refusal &)> refusalBytes; ///< a whole answer
        std::function<void(const std::string &reason)> refused;   ///< for counting
    };

    ParkingLoop(const ParkingOptions &options, Callbacks callbacks, ports::Log log);
    /// Ends the thread and drops every connection. Workers must have given back theirs.
    ~ParkingLoop();

    /// Before start().
    void listen(Descriptor listener, bool secure);
    void start();
    /// Ends the thread; what workers still give back is only kept. Callbacks are not called any more.
    void stop();
    /// A connection accepted elsewhere (behind the TLS bridge). Any thread.
    void adopt(Descriptor socket, std::string address, bool secure);
    /// A worker is done with it. Any thread.
    void giveBack(Connection &connection, Next next);
    /// Closes the listeners and idle connections; each further answer is the last of its connection. Any
    /// thread.
    void drain();
    [[nodiscard]] std::size_t connections() const { return m_count->load(std::memory_order_relaxed); }
    /// The same number, readable after this is gone (metrics).
    [[nodiscard]] std::shared_ptr<const std::atomic<std::size_t>> count() const { return m_count; }

private:
    struct Returned {
        Connection *connection;
        Next next;
    };
    struct Listener {
        Descriptor socket;
        bool secure = false;
        bool paused = false;
    };

    void run();
    std::chrono::milliseconds untilNextDeadline() const;
    void onEvent(std::uint64_t tag, std::uint32_t events);
    void acceptFrom(Listener &listener);
    void resumeAccepting();
    void takeIn(Descriptor socket, std::string address, bool secure);
    void takeBack(Connection &connection, Next next);
    void look(Connection &connection);
    void lookAtBody(Connection &connection);
    void lend(Connection &connection, Work work);
    void refuse(Connection &connection, const Refusal &refusal);
    void linger(Connection &connection);
    void discard(Connection &connection);
    void drop(Connection &connection);
    void enter(Connection &connection, Connection::State state);
    void expire();
    void startDraining();

    ParkingOptions m_options;
    Callbacks m_callbacks;
    ports::Log m_log;
    Poller m_poller;
    std::vector<Listener> m_listeners;
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> m_connections;
    std::uint64_t m_nextTag = 1000; // below: listeners
    std::vector<char> m_buffer;
    Connection::Deadlines m_heads, m_bodies, m_idle, m_sending,
        m_lingering; // each has one timeout, so is sorted
    SteadyTime m_acceptAgain = SteadyTime::max();
    std::size_t m_lent = 0;
    bool m_draining = false;
    std::shared_ptr<std::atomic<std::size_t>> m_count = std::make_shared<std::atomic<std::size_t>>(0);

    std::mutex m_mutex; // guards the three below
    std::vector<Returned> m_returned;
    std::vector<std::unique_ptr<Connection>> m_adopted;
    bool m_drainAsked = false;
    std::atomic<bool> m_stopping{false};
    std::jthread m_thread;
};

} // namespace server::platform
