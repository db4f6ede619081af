#pragma once

#include "server/platform/descriptor.h"
#include "server/platform/event_loop.h"
#include "server/platform/message_reader.h"
#include "server/platform/socket_io.h"
#include "server/ports/log.h"
#include "server/ports/metrics.h"
#include "server/ports/web_socket.h"

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace server::platform {

struct HubOptions {
    std::chrono::milliseconds pingInterval{25'000};
    int missedPings = 2;                             ///< silent for so many: dead
    std::chrono::milliseconds closeDeadline{10'000}; ///< from our close frame to a reset
    int kernelBuffer = 128 * 1024; ///< SO_SNDBUF: what one reader can hold outside our queue
};

/// All WebSockets in one thread. Frames are shared by their receivers and leave at the end of a loop turn,
/// one system call a connection; a queue exists only while something waits in it, so an idle connection costs
/// a map entry.
class EpollSocketHub : public ports::SocketHub {
public:
    EpollSocketHub(const HubOptions &options, ports::Metrics &metrics, ports::Log log);
    /// Tells every endpoint that its connections are closed (1001) and drops them.
    ~EpollSocketHub() override;

    void send(ports::SocketId socket, ports::SharedFrame frame) override;
    void close(ports::SocketId socket, std::uint16_t code, std::string reason) override;
    [[nodiscard]] std::size_t queued(ports::SocketId socket) const override;

    /// Takes an upgraded connection. `endpoint` must outlive the hub. Any thread.
    ports::SocketId adopt(Descriptor socket, ports::WebSocketEndpoint &endpoint, ports::HttpRequest request);
    /// Closes every connection, each after what is queued for it, and from then on every one that still
    /// comes. Any thread.
    void closeAll(std::uint16_t code, std::string reason);
    /// Runs `work` on the loop, at its next turn; never when the hub stops before. Any thread.
    void call(std::function<void()> work);
    /// Connections taken and not yet gone. Any thread.
    [[nodiscard]] std::size_t connections() const { return m_count->load(std::memory_order_relaxed); }

private:
    struct Piece {
        FrameHead head;
        ports::SharedFrame frame;
    };
    struct Outbox {
        std::vector<Piece> pieces;
        std::size_t sentOfFirst = 0; ///< bytes, head included
        std::size_t bytes = 0;       ///< left, heads included
        std::size_t payload = 0;     ///< of data frames, for queued()
        bool blocked = false;        ///< the kernel takes nothing until it says so
    };
    struct Socket {
        ports::SocketId id;
        Descriptor descriptor;
        ports::WebSocketEndpoint *endpoint; ///< null once it was told `closed`
        MessageReader reader;
        std::unique_ptr<Outbox> outbox;
        int missed = 0;
        bool closing = false; ///< our close frame is queued or sent; input is thrown away
        bool hungUp = false;
        bool dirty = false;
    };
    struct Adoption {
        Descriptor descriptor;
        ports::WebSocketEndpoint *endpoint;
        ports::HttpRequest request;
    };
    struct Command {
        enum class Kind { Send, Close, CloseAll, Adopt, Call } kind;
        ports::SocketId id = 0;
        std::uint16_t code = 0;
        ports::SharedFrame frame;
        std::string reason;
        std::unique_ptr<Adoption> adoption;
        std::function<void()> work;
    };
    struct Due {
        SteadyTime at;
        ports::SocketId id;
    };

    void post(Command command);
    void run();
    std::chrono::milliseconds untilNextDue() const;
    void onEvent(ports::SocketId id, std::uint32_t events);
    bool readSome(Socket &socket);
    void readAgain();
    void obey(Command &command);
    void takeIn(ports::SocketId id, Adoption &adoption);
    void enqueue(Socket &socket, Opcode opcode, ports::SharedFrame frame);
    bool fits(const Socket &socket, std::size_t bytes) const;
    void markDirty(Socket &socket);
    void flushDirty();
    void flush(Socket &socket);
    void consume(Outbox &outbox, std::size_t sent, ports::SocketId id);
    void startClose(Socket &socket, std::uint16_t code, std::string_view reason);
    void cutSlow(Socket &socket);
    void announceClosed(Socket &socket, std::uint16_t code);
    void drop(Socket &socket, std::uint16_t code, bool reset);
    void expire();
    void settle();
    template <class Call>
    bool guarded(Socket &socket, Call call);
    Socket *find(ports::SocketId id);

    HubOptions m_options;
    ports::Log m_log;
    ports::Counter &m_framesOut;
    ports::Counter &m_messagesIn;
    ports::Counter &m_slowOnes;
    Poller m_poller;
    std::unordered_map<ports::SocketId, std::unique_ptr<Socket>> m_sockets;
    std::vector<char> m_buffer;
    std::vector<ports::SocketId> m_dirty;
    std::vector<ports::SocketId> m_again; ///< more may lie in the kernel than one turn reads
    std::deque<Due> m_pings;              ///< one interval for all, so sorted
    std::deque<Due> m_closings;
    std::unique_ptr<Command> m_leaving; ///< set by closeAll()
    std::vector<std::pair<ports::SocketId, std::size_t>>
        m_taken; ///< payload that left the queues in this turn

    mutable std::mutex m_mutex; // guards the two below
    std::vector<Command> m_inbox;
    std::unordered_map<ports::SocketId, std::size_t> m_queued;
    std::atomic<ports::SocketId> m_nextId{1};
    std::shared_ptr<std::atomic<std::size_t>> m_count =
        std::make_shared<std::atomic<std::size_t>>(0); ///< metrics may outlive us
    std::atomic<bool> m_stopping{false};
    std::jthread m_thread;
};

} // namespace server::platform
