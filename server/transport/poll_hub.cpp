#include "server/transport/poll_hub.h"

#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/close_code.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <optional>
#include <vector>

namespace server::transport {

namespace {

using ports::HttpRequest;
using ports::HttpResponse;

constexpr std::int64_t maxBody = 1 << 20;
constexpr std::size_t maxFramesUp = 256;
constexpr std::size_t maxAnswer = 2 << 20;
constexpr base::Duration reapEvery{15000};
constexpr std::chrono::seconds fullWait{10};
constexpr std::int64_t crowdedWaitMs = 2000; // before the next request, when all holders are taken

} // namespace

struct PollHub::Connection {
    ports::SocketId id = 0;
    std::string name; ///< unguessable; whoever knows it is the other end
    std::deque<std::string> down;
    std::size_t bytes = 0;
    std::uint64_t request = 0; ///< the newest; older ones stop waiting
    std::int64_t batch = 0;    ///< answers with frames so far: two answers may overtake each other
    std::optional<std::pair<std::uint16_t, std::string>> close;
    base::Duration seen{};
};

PollHub::PollHub(ports::WebSocketEndpoint &endpoint, base::Scheduler &scheduler, const base::Clock &clock,
                 base::Random &random)
    : PollHub{endpoint, scheduler, clock, random, Settings{}}
{
}

PollHub::PollHub(ports::WebSocketEndpoint &endpoint, base::Scheduler &scheduler, const base::Clock &clock,
                 base::Random &random, Settings settings)
    : m_endpoint{endpoint}
    , m_scheduler{scheduler}
    , m_clock{clock}
    , m_random{random}
    , m_settings{settings}
{
    reapLater();
}

PollHub::~PollHub() = default;

void PollHub::add(ports::Router &router)
{
    router.add({"POST", "/sync/v1/poll", [this](HttpRequest &request) { return poll(request); }, maxBody});
}

std::shared_ptr<PollHub::Connection> PollHub::find(const std::string &name)
{
    const std::lock_guard lock{m_mutex};
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : found->second;
}

// The same door as that of the sockets: what refuses an upgrade refuses here.
HttpResponse PollHub::open(const HttpRequest &request, std::shared_ptr<Connection> &opened)
{
    auto accepted = m_endpoint.accept(request);
    if (accepted.status != 101)
        return accepted;
    auto connection = std::make_shared<Connection>();
    std::string name(18, '\0');
    m_random.fill(name.data(), name.size());
    connection->name = base::toBase64Url(name);
    connection->seen = m_clock.monotonic();
    const std::lock_guard calls{m_calls};
    {
        const std::lock_guard lock{m_mutex};
        if (m_byId.size() >= m_settings.connections || m_draining)
            return ports::tooBusy(fullWait);
        connection->id = ++m_last;
        m_byId[connection->id] = connection;
        m_byName[connection->name] = connection;
    }
    m_endpoint.opened(connection->id, request, *this);
    opened = std::move(connection);
    return {};
}

HttpResponse PollHub::poll(const HttpRequest &request)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return ports::refusal(400, "bad_frame", "The body is not a JSON object this server can read");
    const auto &up = base::member(*body, "up");
    if (!up.is_null() && (!up.is_array() || up.size() > maxFramesUp))
        return ports::refusal(400, "bad_frame", "up");
    std::shared_ptr<Connection> connection;
    if (const auto name = base::textField(*body, "cid")) {
        connection = find(*name);
        if (!connection)
            return ports::refusal(410, "gone", "This connection is over");
    } else if (auto refused = open(request, connection); !connection) {
        return refused;
    }
    std::uint64_t mine = 0;
    {
        // Before its frames are handed up: what they bring goes with this request, not with an older one.
        const std::lock_guard lock{m_mutex};
        mine = ++connection->request;
        connection->seen = m_clock.monotonic();
        m_changed.notify_all(); // an older request of this connection stops waiting
    }
    {
        const std::lock_guard calls{m_calls};
        for (const auto &frame : up)
            m_endpoint.received(connection->id, base::toText(frame), false);
    }
    return answer(connection, mine);
}

HttpResponse PollHub::answer(const std::shared_ptr<Connection> &connection, std::uint64_t mine)
{
    std::unique_lock lock{m_mutex};
    const auto isOver = [&] {
        return !connection->down.empty() || connection->close || connection->request != mine || m_draining;
    };
    const bool mayWait = m_holding < m_settings.holders;
    if (mayWait) {
        ++m_holding;
        m_changed.wait_for(lock, m_settings.hold, isOver);
        --m_holding;
    }
    connection->seen = m_clock.monotonic();
    base::Json json{{"cid", connection->name}};
    const bool isNewest = connection->request == mine; // what came for the connection goes with that one
    if (isNewest)
        takeDown(*connection, json);
    const bool ends = isNewest && connection->close && connection->down.empty();
    if (!mayWait && !ends)
        json["wait_ms"] = crowdedWaitMs;
    lock.unlock();
    if (ends)
        end(connection);
    auto response = ports::jsonAnswer(json);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

// With m_mutex held.
void PollHub::takeDown(Connection &connection, base::Json &json)
{
    auto frames = base::Json::array();
    for (std::size_t bytes = 0; !connection.down.empty() && bytes < maxAnswer;) {
        const auto frame = std::move(connection.down.front());
        connection.down.pop_front();
        bytes += frame.size();
        connection.bytes -= frame.size();
        frames.push_back(frame); // as text: frames are not parsed here
    }
    if (!frames.empty()) {
        json["b"] = ++connection.batch;
        json["down"] = std::move(frames);
    }
    if (connection.close && connection.down.empty()) {
        json["b"] = json.contains("b") ? connection.batch : ++connection.batch;
        json["close"] = {{"code", connection.close->first}, {"reason", connection.close->second}};
    }
}

void PollHub::end(const std::shared_ptr<Connection> &connection)
{
    const std::lock_guard calls{m_calls};
    std::uint16_t code = 0;
    {
        const std::lock_guard lock{m_mutex};
        if (m_byId.erase(connection->id) == 0)
            return;
        m_byName.erase(connection->name);
        code = connection->close ? connection->close->first : 0;
    }
    m_endpoint.closed(connection->id, code);
}

void PollHub::send(ports::SocketId socket, ports::SharedFrame frame)
{
    auto text = frame->binary ? protocol::unpack(frame->payload, protocol::maxFrameBytes)
                              : base::Result<std::string>{frame->payload};
    const std::lock_guard lock{m_mutex};
    const auto found = m_byId.find(socket);
    if (found == m_byId.end() || found->second->close || !text)
        return;
    auto &connection = *found->second;
    const bool isFull =
        !connection.down.empty() && (connection.bytes + text->size() > m_endpoint.maxQueued() ||
                                     connection.down.size() >= m_endpoint.maxQueuedFrames());
    if (isFull) {
        connection.close = {static_cast<std::uint16_t>(protocol::CloseCode::SlowConsumer), "slow consumer"};
        connection.down.clear();
        connection.bytes = 0;
    } else {
        connection.bytes += text->size();
        connection.down.push_back(*std::move(text));
    }
    m_changed.notify_all();
}

void PollHub::close(ports::SocketId socket, std::uint16_t code, std::string reason)
{
    const std::lock_guard lock{m_mutex};
    const auto found = m_byId.find(socket);
    if (found == m_byId.end() || found->second->close)
        return;
    found->second->close = {code, std::move(reason)};
    m_changed.notify_all();
}

std::size_t PollHub::queued(ports::SocketId socket) const
{
    const std::lock_guard lock{m_mutex};
    const auto found = m_byId.find(socket);
    return found == m_byId.end() ? 0 : found->second->bytes;
}

void PollHub::drain()
{
    const std::lock_guard lock{m_mutex};
    m_draining = true;
    m_changed.notify_all();
}

void PollHub::reapLater()
{
    m_scheduler.after(reapEvery, [this] {
        reap();
        reapLater();
    });
}

void PollHub::reap()
{
    std::vector<std::shared_ptr<Connection>> silent;
    {
        const std::lock_guard lock{m_mutex};
        for (const auto &[id, connection] : m_byId)
            if (m_clock.monotonic() - connection->seen > m_settings.patience)
                silent.push_back(connection);
    }
    for (const auto &connection : silent)
        end(connection);
}

} // namespace server::transport
