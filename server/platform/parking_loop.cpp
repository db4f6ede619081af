#include "server/platform/parking_loop.h"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace server::platform {

using namespace std::chrono_literals;
using State = Connection::State;

namespace {

constexpr int acceptsPerWake = 64;
constexpr auto acceptPause = 100ms;
constexpr auto unwokenReturns = 500ms;
constexpr std::size_t mostDiscarded = 4 << 20;
constexpr int sendBuffer = 256 << 10; // what one slow reader can hold in the kernel, at most twice this

} // namespace

ParkingLoop::ParkingLoop(const ParkingOptions &options, Callbacks callbacks, ports::Log log)
    : m_options{options}
    , m_callbacks{std::move(callbacks)}
    , m_log{std::move(log)}
    , m_buffer(std::max<std::size_t>(options.headerBytes, 8192))
{
}

ParkingLoop::~ParkingLoop()
{
    stop();
}

void ParkingLoop::stop()
{
    m_stopping = true;
    m_poller.wake();
    if (m_thread.joinable())
        m_thread.join();
}

void ParkingLoop::listen(Descriptor listener, bool secure)
{
    if (!m_poller.add(listener.get(), EPOLLIN, m_listeners.size()))
        throw std::system_error{errno, std::generic_category(), "epoll"};
    m_listeners.push_back({std::move(listener), secure});
}

void ParkingLoop::start()
{
    m_thread = std::jthread{[this] { run(); }};
}

void ParkingLoop::adopt(Descriptor socket, std::string address, bool secure)
{
    auto connection = std::make_unique<Connection>();
    connection->socket = std::move(socket);
    connection->address = std::move(address);
    connection->secure = secure;
    {
        const std::lock_guard lock{m_mutex};
        m_adopted.push_back(std::move(connection));
    }
    m_poller.wake();
}

void ParkingLoop::giveBack(Connection &connection, Next next)
{
    {
        const std::lock_guard lock{m_mutex};
        m_returned.push_back({&connection, next});
        // When nothing has come yet, the next request's own event will wake the loop, which finds this in its
        // list: that saves waking a thread for each request. Peeked at under the lock, or the loop might have
        // closed it.
        char byte = 0;
        if (next == Next::Park &&
            receive(connection.socket.get(), &byte, 1, MSG_PEEK).state == IoState::Blocked)
            return;
    }
    m_poller.wake();
}

void ParkingLoop::drain()
{
    {
        const std::lock_guard lock{m_mutex};
        m_drainAsked = true;
    }
    m_poller.wake();
}

void ParkingLoop::run()
{
    std::vector<Returned> returned;
    std::vector<std::unique_ptr<Connection>> adopted;
    while (!m_stopping) {
        m_poller.wait(untilNextDeadline(),
                      [this](std::uint64_t tag, std::uint32_t events) { onEvent(tag, events); });
        bool drainAsked = false;
        {
            const std::lock_guard lock{m_mutex};
            returned.swap(m_returned);
            adopted.swap(m_adopted);
            drainAsked = std::exchange(m_drainAsked, false);
        }
        for (const auto &[connection, next] : returned)
            takeBack(*connection, next);
        returned.clear();
        for (auto &connection : adopted)
            takeIn(std::move(connection->socket), std::move(connection->address), connection->secure);
        adopted.clear();
        if (drainAsked)
            startDraining();
        expire();
    }
}

std::chrono::milliseconds ParkingLoop::untilNextDeadline() const
{
    auto first = m_acceptAgain;
    for (const auto *list : {&m_heads, &m_bodies, &m_idle, &m_sending, &m_lingering})
        if (!list->empty())
            first = std::min(first, list->front().at);
    if (m_lent > 0) // one may be given back without a wake, and its idle time must begin
        first = std::min(first, std::chrono::steady_clock::now() + unwokenReturns);
    if (first == SteadyTime::max())
        return -1ms;
    return std::max(0ms,
                    std::chrono::ceil<std::chrono::milliseconds>(first - std::chrono::steady_clock::now()));
}

void ParkingLoop::onEvent(std::uint64_t tag, std::uint32_t events)
{
    if (tag < m_listeners.size())
        return acceptFrom(m_listeners[tag]);
    const auto found = m_connections.find(tag);
    if (found == m_connections.end())
        return; // dropped earlier in this batch
    auto &connection = *found->second;
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        connection.peerDone = true;
    if (events & EPOLLOUT)
        connection.writable = true;
    switch (connection.state) {
    case State::Waiting:
    case State::Idle:
        return look(connection);
    case State::Body:
        return lookAtBody(connection);
    case State::Busy:
        return;
    case State::Sending:
        if (events & (EPOLLHUP | EPOLLERR))
            return drop(connection);
        if (connection.writable)
            lend(connection, Work::Resume);
        return;
    case State::Lingering:
        return discard(connection);
    }
}

void ParkingLoop::acceptFrom(Listener &listener)
{
    for (int i = 0; i < acceptsPerWake; ++i) {
        Descriptor socket{::accept4(listener.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (!socket) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                m_log.warning("accept_paused", {{"errno", errno}});
                m_poller.change(listener.socket.get(), 0,
                                static_cast<std::uint64_t>(&listener - m_listeners.data()));
                listener.paused = true;
                m_acceptAgain = std::chrono::steady_clock::now() + acceptPause;
            }
            if (errno != EINTR && errno != ECONNABORTED)
                return;
            continue;
        }
        auto address = peerAddress(socket.get());
        takeIn(std::move(socket), std::move(address), listener.secure);
    }
}

void ParkingLoop::resumeAccepting()
{
    m_acceptAgain = SteadyTime::max();
    for (std::size_t i = 0; i < m_listeners.size(); ++i)
        if (std::exchange(m_listeners[i].paused, false))
            m_poller.change(m_listeners[i].socket.get(), EPOLLIN, i);
}

void ParkingLoop::takeIn(Descriptor socket, std::string address, bool secure)
{
    if (m_draining || m_connections.size() + m_callbacks.connectionsElsewhere() >= m_options.maxConnections) {
        m_callbacks.refused("connection_limit");
        resetOnClose(socket.get());
        return;
    }
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on,
                 sizeof on); // fails on the bridge's socket pair: fine
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &sendBuffer, sizeof sendBuffer);
    auto connection = std::make_unique<Connection>();
    connection->socket = std::move(socket);
    connection->address = std::move(address);
    connection->secure = secure;
    connection->tag = m_nextTag++;
    auto &entry = *connection;
    m_connections.emplace(entry.tag, std::move(connection));
    m_count->store(m_connections.size(), std::memory_order_relaxed);
    enter(entry, State::Waiting);
    if (!m_poller.add(entry.socket.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, entry.tag))
        drop(entry);
}

void ParkingLoop::takeBack(Connection &connection, Next next)
{
    --m_lent;
    switch (next) {
    case Next::Park:
        connection.outgoing.reset();
        connection.sketch.reset();
        connection.vetted = false;
        if (m_draining)
            return linger(connection);
        enter(connection, State::Idle);
        return look(connection); // what arrived meanwhile raised no further event
    case Next::AwaitBody:
        connection.vetted = true;
        enter(connection, State::Body);
        return lookAtBody(connection);
    case Next::Send:
        enter(connection, State::Sending);
        if (connection.writable)
            lend(connection, Work::Resume);
        return;
    case Next::SendSoon:
        return lend(connection, Work::Resume);
    case Next::Linger:
        connection.outgoing.reset();
        return linger(connection);
    case Next::Close:
        resetOnClose(connection.socket.get());
        return drop(connection);
    case Next::Release: {
        m_poller.remove(connection.socket.get());
        auto entry = m_connections.extract(connection.tag);
        m_callbacks.release(std::move(entry.mapped()));
        m_count->store(m_connections.size(), std::memory_order_relaxed);
        return;
    }
    }
}

void ParkingLoop::look(Connection &connection)
{
    const auto result = receive(connection.socket.get(), m_buffer.data(), m_options.headerBytes, MSG_PEEK);
    if (result.state == IoState::Blocked)
        return;
    if (result.state != IoState::Ok)
        return drop(connection);
    if (connection.state == State::Idle)
        enter(connection, State::Waiting);
    const std::string_view bytes{m_buffer.data(), result.size};
    connection.sketch = sketchHead(bytes);
    if (connection.sketch)
        return lookAtBody(connection);
    if (bytes.size() >= m_options.headerBytes)
        return refuse(connection, bytes.find("\r\n") == std::string_view::npos
                                      ? Refusal{414, "target_too_long", "the request line is too long"}
                                      : Refusal{431, "head_too_large", "the request head is too large"});
    if (connection.peerDone)
        refuse(connection, {400, "head_short", "the request ended inside its head"});
}

void ParkingLoop::lookAtBody(Connection &connection)
{
    const auto &sketch = *connection.sketch;
    const auto length = static_cast<std::size_t>(sketch.contentLength);
    const bool large = length > m_options.smallBody;
    if ((large || sketch.expectsContinue) && !connection.vetted)
        return lend(connection, Work::Vet);
    if (length > 0 &&
        available(connection.socket.get()) < sketch.headSize + std::min(length, m_options.smallBody)) {
        if (connection.peerDone)
            return refuse(connection, {400, "body_short", "the body is shorter than its Content-Length"});
        if (connection.state != State::Body)
            enter(connection, State::Body);
        return;
    }
    lend(connection, large ? Work::ServeLarge : Work::Serve);
}

void ParkingLoop::lend(Connection &connection, Work work)
{
    enter(connection, State::Busy);
    connection.writable = false;
    ++m_lent;
    m_callbacks.lend(connection, work);
}

void ParkingLoop::refuse(Connection &connection, const Refusal &refusal)
{
    m_callbacks.refused(refusal.code);
    transmit(connection.socket.get(),
             m_callbacks.refusalBytes(refusal)); // a peer without room for it loses it
    linger(connection);
}

void ParkingLoop::linger(Connection &connection)
{
    ::shutdown(connection.socket.get(), SHUT_WR);
    enter(connection, State::Lingering);
    discard(connection);
}

void ParkingLoop::discard(Connection &connection)
{
    for (;;) {
        const auto result = receive(connection.socket.get(), m_buffer.data(), m_buffer.size());
        if (result.state == IoState::Blocked)
            return;
        connection.discarded += result.size;
        if (result.state != IoState::Ok || connection.discarded > mostDiscarded)
            return drop(connection);
    }
}

void ParkingLoop::drop(Connection &connection)
{
    if (connection.deadlines)
        connection.deadlines->erase(connection.deadline);
    m_connections.erase(connection.tag); // closing the socket takes it out of the epoll
    m_count->store(m_connections.size(), std::memory_order_relaxed);
}

void ParkingLoop::enter(Connection &connection, State state)
{
    if (connection.deadlines)
        connection.deadlines->erase(connection.deadline);
    connection.deadlines = nullptr;
    connection.state = state;
    const auto put = [&](Connection::Deadlines &list, std::chrono::milliseconds timeout) {
        list.push_back({std::chrono::steady_clock::now() + timeout, &connection});
        connection.deadlines = &list;
        connection.deadline = std::prev(list.end());
    };
    switch (state) {
    case State::Waiting:
        return put(m_heads, m_options.headerDeadline);
    case State::Body:
        return put(m_bodies, m_options.bodyDeadline);
    case State::Idle:
        return put(m_idle, m_options.idleDeadline);
    case State::Busy:
        return;
    case State::Sending:
        return put(m_sending, m_options.sendDeadline);
    case State::Lingering:
        return put(m_lingering, m_options.lingerDeadline);
    }
}

void ParkingLoop::expire()
{
    const auto now = std::chrono::steady_clock::now();
    if (m_acceptAgain <= now)
        resumeAccepting();
    const auto each = [&](Connection::Deadlines &list, auto &&act) {
        while (!list.empty() && list.front().at <= now)
            act(*list.front().connection);
    };
    each(m_heads, [&](Connection &connection) {
        if (available(connection.socket.get()) == 0) {
            m_callbacks.refused("silent");
            return drop(connection);
        }
        refuse(connection, {408, "head_slow", "the request head took too long"});
    });
    each(m_bodies, [&](Connection &connection) {
        refuse(connection, {408, "body_slow", "the request body took too long"});
    });
    each(m_idle, [&](Connection &connection) { drop(connection); });
    each(m_sending, [&](Connection &connection) {
        m_callbacks.refused("slow_reader");
        resetOnClose(connection.socket.get());
        drop(connection);
    });
    each(m_lingering,
         [&](Connection &connection) { drop(connection); }); // the kernel goes on sending what it has
}

void ParkingLoop::startDraining()
{
    m_draining = true;
    m_acceptAgain = SteadyTime::max();
    // The slots stay, so that a listener's number is never taken for a connection's.
    for (auto &listener : m_listeners)
        if (listener.socket) {
            m_poller.remove(listener.socket.get());
            listener.socket.reset();
        }
    while (!m_idle.empty())
        drop(*m_idle.front().connection);
    for (auto entry = m_heads.begin(); entry != m_heads.end();) {
        auto &connection = *(entry++)->connection;
        if (available(connection.socket.get()) == 0)
            drop(connection);
    }
}

} // namespace server::platform
