#include "server/platform/socket_hub.h"

#include <algorithm>
#include <array>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

namespace server::platform {

using namespace std::chrono_literals;
using ports::SocketId;

namespace {

constexpr std::size_t readBytes = 64 << 10;
constexpr std::size_t mostVectors = 512; // a head and a payload each
constexpr std::uint16_t goingAway = 1001;
constexpr std::uint16_t noClose = 1006;
constexpr std::uint16_t internalError = 1011;
constexpr std::uint16_t slowConsumer = 4008;

} // namespace

EpollSocketHub::EpollSocketHub(const HubOptions &options, ports::Metrics &metrics, ports::Log log)
    : m_options{options}
    , m_log{std::move(log)}
    , m_framesOut{metrics.counter("deskbell_websocket_frames_sent_total",
                                  "Data frames queued for WebSockets.")}
    , m_messagesIn{metrics.counter("deskbell_websocket_messages_received_total",
                                   "Whole messages from WebSockets.")}
    , m_slowOnes{metrics.counter("deskbell_websocket_slow_consumers_total",
                                 "WebSockets cut because they read too slowly.")}
    , m_buffer(readBytes)
{
    auto &open = metrics.gauge("deskbell_websocket_connections", "Open WebSockets.");
    metrics.onScrape([count = m_count, &open] { open.set(static_cast<double>(count->load())); });
    m_thread = std::jthread{[this] { run(); }};
}

EpollSocketHub::~EpollSocketHub()
{
    m_stopping = true;
    m_poller.wake();
    m_thread.join();
}

void EpollSocketHub::send(SocketId socket, ports::SharedFrame frame)
{
    post({Command::Kind::Send, socket, 0, std::move(frame), {}, {}});
}

void EpollSocketHub::close(SocketId socket, std::uint16_t code, std::string reason)
{
    post({Command::Kind::Close, socket, code, {}, std::move(reason), {}});
}

void EpollSocketHub::closeAll(std::uint16_t code, std::string reason)
{
    post({Command::Kind::CloseAll, 0, code, {}, std::move(reason), {}});
}

SocketId EpollSocketHub::adopt(Descriptor socket, ports::WebSocketEndpoint &endpoint,
                               ports::HttpRequest request)
{
    const auto id = m_nextId.fetch_add(1);
    m_count->fetch_add(1);
    auto adoption = std::make_unique<Adoption>(Adoption{std::move(socket), &endpoint, std::move(request)});
    post({Command::Kind::Adopt, id, 0, {}, {}, std::move(adoption)});
    return id;
}

void EpollSocketHub::call(std::function<void()> work)
{
    post({Command::Kind::Call, 0, 0, {}, {}, {}, std::move(work)});
}

std::size_t EpollSocketHub::queued(SocketId socket) const
{
    const std::lock_guard lock{m_mutex};
    const auto found = m_queued.find(socket);
    return found == m_queued.end() ? 0 : found->second;
}

void EpollSocketHub::post(Command command)
{
    {
        const std::lock_guard lock{m_mutex};
        if (command.frame)
            m_queued[command.id] += command.frame->payload.size();
        m_inbox.push_back(std::move(command));
    }
    if (std::this_thread::get_id() !=
        m_thread.get_id()) // the loop looks into its inbox at the end of each turn
        m_poller.wake();
}

void EpollSocketHub::run()
{
    std::vector<Command> commands;
    while (!m_stopping) {
        m_poller.wait(untilNextDue(),
                      [this](std::uint64_t id, std::uint32_t events) { onEvent(id, events); });
        readAgain();
        expire();
        {
            const std::lock_guard lock{m_mutex};
            commands.swap(m_inbox);
        }
        for (auto &command : commands)
            obey(command);
        commands.clear();
        flushDirty();
        settle();
    }
    while (!m_sockets.empty())
        drop(*m_sockets.begin()->second, goingAway, true);
}

std::chrono::milliseconds EpollSocketHub::untilNextDue() const
{
    {
        const std::lock_guard lock{m_mutex};
        if (!m_inbox.empty()) // posted by this thread while it announced or flushed
            return 0ms;
    }
    if (!m_again.empty())
        return 0ms;
    auto first = SteadyTime::max();
    for (const auto *due : {&m_pings, &m_closings})
        if (!due->empty())
            first = std::min(first, due->front().at);
    if (first == SteadyTime::max())
        return -1ms;
    return std::max(0ms,
                    std::chrono::ceil<std::chrono::milliseconds>(first - std::chrono::steady_clock::now()));
}

EpollSocketHub::Socket *EpollSocketHub::find(SocketId id)
{
    const auto found = m_sockets.find(id);
    return found == m_sockets.end() ? nullptr : found->second.get();
}

template <class Call>
bool EpollSocketHub::guarded(Socket &socket, Call call)
{
    try {
        call();
        return true;
    } catch (const std::exception &error) {
        m_log.error("websocket_endpoint_failed", {{"socket", socket.id}, {"what", error.what()}});
        return false;
    }
}

void EpollSocketHub::onEvent(SocketId id, std::uint32_t events)
{
    auto *socket = find(id);
    if (!socket)
        return;
    if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
        socket->hungUp = true;
    if ((events & EPOLLOUT) && socket->outbox) {
        socket->outbox->blocked = false;
        markDirty(*socket);
    }
    if ((events & ~EPOLLOUT) && readSome(*socket))
        m_again.push_back(id);
}

void EpollSocketHub::readAgain()
{
    for (const auto id : std::exchange(m_again, {}))
        if (auto *socket = find(id); socket && readSome(*socket))
            m_again.push_back(id);
}

/// One turn's worth; true when more may be there. The socket may be gone afterwards (then false).
bool EpollSocketHub::readSome(Socket &socket)
{
    const auto result = receive(socket.descriptor.get(), m_buffer.data(), m_buffer.size());
    if (result.state == IoState::Blocked)
        return false;
    if (result.state != IoState::Ok) {
        drop(socket, noClose, false);
        return false;
    }
    const bool more = result.size == m_buffer.size() || socket.hungUp;
    socket.missed = 0;
    if (socket.closing)
        return more;
    const MessageReader::Sink sink{
        .message =
            [&](std::string_view payload, bool binary) {
                m_messagesIn.add();
                if (!guarded(socket, [&] { socket.endpoint->received(socket.id, payload, binary); }))
                    startClose(socket, internalError, "internal");
                return !socket.closing;
            },
        .control =
            [&](Opcode opcode, std::string_view payload) {
                if (opcode == Opcode::Ping)
                    enqueue(socket, Opcode::Pong,
                            std::make_shared<ports::Frame>(ports::Frame{std::string{payload}}));
                return !socket.closing;
            },
        .close =
            [&](const CloseNote &note) {
                announceClosed(socket, note.code);
                startClose(socket, note.code == 1005 ? 1000 : note.code, {});
            }};
    if (const auto broken =
            socket.reader.feed(m_buffer.data(), result.size, socket.endpoint->maxMessage(), sink))
        startClose(socket, *broken,
                   *broken == 1009   ? "message too big"
                   : *broken == 1007 ? "bad text"
                                     : "protocol");
    return more;
}

void EpollSocketHub::obey(Command &command)
{
    switch (command.kind) {
    case Command::Kind::Call:
        return command.work();
    case Command::Kind::Adopt:
        return takeIn(command.id, *command.adoption);
    case Command::Kind::CloseAll:
        for (auto &[id, socket] : m_sockets)
            startClose(*socket, command.code, command.reason);
        m_leaving = std::make_unique<Command>(std::move(command));
        return;
    case Command::Kind::Close:
        if (auto *socket = find(command.id))
            startClose(*socket, command.code, command.reason);
        return;
    case Command::Kind::Send:
        auto *socket = find(command.id);
        if (!socket || socket->closing) {
            m_taken.emplace_back(command.id, command.frame->payload.size());
            return;
        }
        const auto opcode = command.frame->binary ? Opcode::Binary : Opcode::Text;
        m_framesOut.add();
        return enqueue(*socket, opcode, std::move(command.frame));
    }
}

void EpollSocketHub::takeIn(SocketId id, Adoption &adoption)
{
    auto entry = std::make_unique<Socket>(Socket{id, std::move(adoption.descriptor), adoption.endpoint});
    auto &socket = *entry;
    m_sockets.emplace(id, std::move(entry));
    setNonBlocking(socket.descriptor.get());
    ::setsockopt(socket.descriptor.get(), SOL_SOCKET, SO_SNDBUF, &m_options.kernelBuffer,
                 sizeof m_options.kernelBuffer);
    m_pings.push_back({std::chrono::steady_clock::now() + m_options.pingInterval, id});
    // Opened before the first event can be read, since both happen in this thread.
    if (!guarded(socket, [&] { socket.endpoint->opened(id, adoption.request, *this); }))
        startClose(socket, internalError, "internal");
    if (m_leaving)
        startClose(socket, m_leaving->code, m_leaving->reason);
    if (!m_poller.add(socket.descriptor.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, id))
        drop(socket, noClose, true);
}

bool EpollSocketHub::fits(const Socket &socket, std::size_t bytes) const
{
    return !socket.outbox || !socket.endpoint ||
           (socket.outbox->bytes + bytes <= socket.endpoint->maxQueued() &&
            socket.outbox->pieces.size() < socket.endpoint->maxQueuedFrames());
}

void EpollSocketHub::enqueue(Socket &socket, Opcode opcode, ports::SharedFrame frame)
{
    const auto head = frameHead(opcode, frame->payload.size());
    const auto bytes = head.size + frame->payload.size();
    const bool data = opcode == Opcode::Text || opcode == Opcode::Binary;
    if (opcode != Opcode::Close && !fits(socket, bytes)) {
        if (!socket.outbox->blocked)
            flush(socket);
        if (!fits(socket, bytes)) {
            if (data)
                m_taken.emplace_back(socket.id, frame->payload.size());
            return cutSlow(socket);
        }
    }
    if (!socket.outbox)
        socket.outbox = std::make_unique<Outbox>();
    socket.outbox->bytes += bytes;
    socket.outbox->payload += data ? frame->payload.size() : 0;
    socket.outbox->pieces.push_back({head, std::move(frame)});
    markDirty(socket);
}

void EpollSocketHub::markDirty(Socket &socket)
{
    if (!std::exchange(socket.dirty, true))
        m_dirty.push_back(socket.id);
}

void EpollSocketHub::flushDirty()
{
    for (const auto id : std::exchange(m_dirty, {})) {
        auto *socket = find(id);
        if (!socket)
            continue;
        socket->dirty = false;
        if (socket->outbox && !socket->outbox->blocked)
            flush(*socket);
        if (socket->closing && !socket->outbox)
            ::shutdown(socket->descriptor.get(), SHUT_WR);
    }
}

void EpollSocketHub::flush(Socket &socket)
{
    std::array<iovec, mostVectors> vectors;
    while (socket.outbox) {
        auto &outbox = *socket.outbox;
        std::size_t count = 0;
        std::size_t wanted = 0;
        std::size_t skip = outbox.sentOfFirst;
        const auto put = [&](const char *bytes, std::size_t size) {
            const auto cut = std::min(skip, size);
            skip -= cut;
            if (size > cut)
                vectors[count++] = {const_cast<char *>(bytes + cut), size - cut};
            wanted += size - cut;
        };
        for (const auto &piece : outbox.pieces) {
            if (count + 2 > vectors.size())
                break;
            put(piece.head.bytes, piece.head.size);
            put(piece.frame->payload.data(), piece.frame->payload.size());
        }
        const auto result = transmit(socket.descriptor.get(), vectors.data(), count);
        if (result.state == IoState::Failed) { // the next read reports it and drops the socket
            socket.hungUp = true;
            m_again.push_back(socket.id);
            outbox.blocked = true;
            return;
        }
        consume(outbox, result.size, socket.id);
        if (outbox.pieces.empty())
            socket.outbox.reset();
        else if (result.size < wanted)
            outbox.blocked = true;
        if (socket.outbox && socket.outbox->blocked)
            return;
    }
}

void EpollSocketHub::consume(Outbox &outbox, std::size_t sent, SocketId id)
{
    outbox.bytes -= sent;
    outbox.sentOfFirst += sent;
    std::size_t whole = 0;
    std::size_t payload = 0;
    while (whole < outbox.pieces.size()) {
        const auto &piece = outbox.pieces[whole];
        const auto size = piece.head.size + piece.frame->payload.size();
        if (outbox.sentOfFirst < size)
            break;
        outbox.sentOfFirst -= size;
        payload += (piece.head.bytes[0] & 0x08) ? 0 : piece.frame->payload.size();
        ++whole;
    }
    outbox.pieces.erase(outbox.pieces.begin(), outbox.pieces.begin() + static_cast<std::ptrdiff_t>(whole));
    outbox.payload -= payload;
    if (payload > 0)
        m_taken.emplace_back(id, payload);
}

void EpollSocketHub::startClose(Socket &socket, std::uint16_t code, std::string_view reason)
{
    if (std::exchange(socket.closing, true))
        return;
    announceClosed(socket, code);
    m_closings.push_back({std::chrono::steady_clock::now() + m_options.closeDeadline, socket.id});
    enqueue(socket, Opcode::Close, std::make_shared<ports::Frame>(ports::Frame{closePayload(code, reason)}));
}

void EpollSocketHub::cutSlow(Socket &socket)
{
    m_slowOnes.add();
    m_log.info("websocket_slow_consumer", {{"socket", socket.id}, {"queued", socket.outbox->bytes}});
    auto &outbox = *socket.outbox;
    if (outbox.sentOfFirst == 0) {
        m_taken.emplace_back(socket.id, outbox.payload);
        socket.outbox.reset();
    } else { // the frame that is half sent must be finished, or the close frame would be read as part of it
        const auto first = outbox.pieces.front().frame->payload.size();
        const bool control = (outbox.pieces.front().head.bytes[0] & 0x08) != 0;
        const auto kept = control ? 0 : first;
        m_taken.emplace_back(socket.id, outbox.payload - kept);
        outbox.payload = kept;
        outbox.bytes = outbox.pieces.front().head.size + first - outbox.sentOfFirst;
        outbox.pieces.erase(outbox.pieces.begin() + 1, outbox.pieces.end());
    }
    startClose(socket, slowConsumer, "slow_consumer");
}

void EpollSocketHub::announceClosed(Socket &socket, std::uint16_t code)
{
    if (auto *endpoint = std::exchange(socket.endpoint, nullptr))
        guarded(socket, [&] { endpoint->closed(socket.id, code); });
}

void EpollSocketHub::drop(Socket &socket, std::uint16_t code, bool reset)
{
    announceClosed(socket, code);
    if (socket.outbox)
        m_taken.emplace_back(socket.id, socket.outbox->payload);
    if (reset)
        resetOnClose(socket.descriptor.get());
    m_count->fetch_sub(1);
    m_sockets.erase(socket.id);
}

void EpollSocketHub::expire()
{
    const auto now = std::chrono::steady_clock::now();
    for (; !m_closings.empty() && m_closings.front().at <= now; m_closings.pop_front())
        if (auto *socket = find(m_closings.front().id))
            drop(*socket, noClose, true);
    for (; !m_pings.empty() && m_pings.front().at <= now; m_pings.pop_front()) {
        auto *socket = find(m_pings.front().id);
        if (!socket || socket->closing)
            continue;
        if (socket->missed >= m_options.missedPings) {
            drop(*socket, noClose, true);
            continue;
        }
        ++socket->missed;
        m_pings.push_back({now + m_options.pingInterval, socket->id});
        enqueue(*socket, Opcode::Ping, std::make_shared<ports::Frame>());
    }
}

void EpollSocketHub::settle()
{
    if (m_taken.empty())
        return;
    const std::lock_guard lock{m_mutex};
    for (const auto &[id, bytes] : m_taken)
        if (const auto found = m_queued.find(id); found != m_queued.end()) {
            found->second -= std::min(bytes, found->second);
            if (found->second == 0)
                m_queued.erase(found);
        }
    m_taken.clear();
}

} // namespace server::platform
