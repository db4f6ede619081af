#include "server/platform/request_runner.h"

#include "server/platform/handshake.h"

#include <algorithm>
#include <chrono>
#include <sys/socket.h>

namespace server::platform {

namespace {

/// A small body, already read.
class MemoryBody : public ports::BodyReader {
public:
    explicit MemoryBody(std::string_view bytes) : m_left{bytes} {}
    std::size_t read(char *into, std::size_t size) override
    {
        const auto count = m_left.copy(into, size);
        m_left.remove_prefix(count);
        return count;
    }

private:
    std::string_view m_left;
};

std::string readWhole(SocketBody &body)
{
    std::string bytes(static_cast<std::size_t>(body.left()), '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto count = body.read(bytes.data() + at, bytes.size() - at);
        at += count;
    }
    return bytes;
}

} // namespace

/// One request under way.
struct RequestRunner::Asked {
    RequestHead head;
    ports::HttpRequest request;
    std::string small; ///< the body when it is small
    std::optional<Refusal> refusal;
    bool mustClose = false; ///< what is left of the body stands in the stream
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

RequestRunner::RequestRunner(const HttpRouter &router, RequestOptions options, ports::Metrics &metrics,
                             ports::Log log)
    : m_router{router}
    , m_options{std::move(options)}
    , m_log{std::move(log)}
    , m_seconds{metrics.histogram("deskbell_http_request_seconds",
                                  "From reading a request to its answer being ready.")}
{
    const std::array<const char *, 6> classes{"", "1xx", "2xx", "3xx", "4xx", "5xx"};
    for (std::size_t i = 1; i < classes.size(); ++i)
        m_answers[i] = &metrics.counter("deskbell_http_answers_total", "Answers by class of status.",
                                        {{"status", classes[i]}});
}

ParkingLoop::Next RequestRunner::run(Connection &connection, ParkingLoop::Work work)
{
    switch (work) {
    case ParkingLoop::Work::Vet:
        return vet(connection);
    case ParkingLoop::Work::Serve:
        return serve(connection, false);
    case ParkingLoop::Work::ServeLarge:
        return serve(connection, true);
    case ParkingLoop::Work::Resume:
        return advance(connection);
    }
    return Next::Close;
}

std::string RequestRunner::nextRequestId()
{
    return m_options.requestIdPrefix + "-" +
           std::to_string(m_requests.fetch_add(1, std::memory_order_relaxed) + 1);
}

std::string RequestRunner::refusalBytes(const Refusal &refusal)
{
    auto response = errorAnswer(refusal.status, refusal.code, refusal.text);
    response.headers.set("X-Request-Id", nextRequestId());
    response.headers.set("Content-Length", std::to_string(response.body.size()));
    response.headers.set("Connection", "close");
    return headBytes(refusal.status, response.headers) + response.body;
}

bool RequestRunner::read(Connection &connection, Asked &asked, int flags)
{
    std::string bytes(connection.sketch->headSize, '\0');
    const auto result = receive(connection.socket.get(), bytes.data(), bytes.size(), flags);
    if (result.state != IoState::Ok || result.size != bytes.size())
        return false; // reset meanwhile: the loop saw all of it in the kernel's buffer
    asked.request.requestId = nextRequestId();
    auto parsed = parseHead(bytes);
    if (auto *refusal = std::get_if<Refusal>(&parsed)) {
        asked.refusal = std::move(*refusal);
        asked.mustClose = true;
        return true;
    }
    asked.head = std::get<RequestHead>(std::move(parsed));
    asked.request.method = asked.head.method;
    asked.request.contentLength = asked.head.contentLength.value_or(0);
    asked.request.headers = std::move(asked.head.headers);
    auto origin =
        originOf(connection.address, connection.secure, asked.request.headers, m_options.trustedProxies);
    asked.request.remoteNetwork = networkOf(origin.address);
    asked.request.remoteAddress = std::move(origin.address);
    asked.request.secure = origin.secure;
    return true;
}

ParkingLoop::Next RequestRunner::vet(Connection &connection)
{
    Asked asked;
    if (!read(connection, asked, MSG_PEEK))
        return Next::Close;
    asked.mustClose = true;
    if (!asked.refusal) {
        const auto segments = splitPath(asked.head.target);
        const auto found = segments ? m_router.find(asked.head.method, *segments) : HttpRouter::Found{};
        if (found.route && asked.request.contentLength <= found.route->maxBody) {
            const bool asks = asked.head.expectsContinue;
            if (asks &&
                transmit(connection.socket.get(), "HTTP/1.1 100 Continue\r\n\r\n").state != IoState::Ok)
                return Next::Close;
            return Next::AwaitBody;
        }
    }
    return send(connection, asked,
                answer(connection, asked, true)); // refuses before reading a byte of the body
}

ParkingLoop::Next RequestRunner::serve(Connection &connection, bool large)
{
    Asked asked;
    if (!read(connection, asked, 0))
        return Next::Close;
    if (asked.refusal)
        return send(connection, asked, answer(connection, asked, large));
    if (!large && asked.request.contentLength > 0) {
        // In the kernel's buffer already, so this does not wait, and whatever the answer is, the stream stays
        // whole.
        try {
            SocketBody body{connection.socket.get(), asked.request.contentLength, m_options.bodyPace};
            asked.small = readWhole(body);
        } catch (const ports::BodyError &) {
            return Next::Close;
        }
    }
    auto response = answer(connection, asked, large);
    if (connection.upgrade)
        return Next::Release;
    return send(connection, asked, std::move(response));
}

ports::HttpResponse RequestRunner::answer(Connection &connection, Asked &asked, bool large)
{
    if (asked.refusal)
        return errorAnswer(asked.refusal->status, asked.refusal->code, asked.refusal->text);
    auto &request = asked.request;
    if (large)
        asked.mustClose = true; // until somebody has read the body
    try {
        return handle(asked, connection, large);
    } catch (const ports::BodyError &) {
        asked.mustClose = true;
        return errorAnswer(400, "body_short", "the body ended early or came too slowly");
    } catch (const std::exception &error) {
        m_log.error("request_failed", {{"request_id", request.requestId},
                                       {"method", request.method},
                                       {"path", request.path},
                                       {"what", error.what()}});
    } catch (...) {
        m_log.error("request_failed", {{"request_id", request.requestId}, {"what", "unknown exception"}});
    }
    return errorAnswer(500, "internal", "the server failed; the log names request " + request.requestId);
}

ports::HttpResponse RequestRunner::handle(Asked &asked, Connection &connection, bool large)
{
    auto &request = asked.request;
    auto query = parseQuery(asked.head.query);
    auto segments = splitPath(asked.head.target == "*" ? "/" : asked.head.target);
    if (!query || !segments)
        return errorAnswer(400, "malformed", "the path or query cannot be decoded");
    request.query = std::move(*query);
    for (const auto &segment : *segments)
        request.path += "/" + segment;
    auto found = m_router.find(request.method, *segments);
    request.params = std::move(found.params);
    for (const auto &hook : m_router.hooks())
        if (auto early = hook(request))
            return std::move(*early);
    if (request.method == "OPTIONS" && !found.route && (!found.allow.empty() || asked.head.target == "*")) {
        ports::HttpResponse response;
        response.status = 204;
        response.headers.set("Allow", found.allow.empty() ? "GET, HEAD, OPTIONS" : found.allow);
        return response;
    }
    if (found.endpoint && !found.route && request.method == "GET") {
        request.body = std::move(asked.small);
        connection.upgrade = std::make_unique<Upgrade>(Upgrade{found.endpoint, {}});
        return upgrade(connection, asked);
    }
    if (!found.route) {
        if (found.allow.empty())
            return errorAnswer(404, "route_unknown", "no such path");
        auto response = errorAnswer(405, "method_unknown", "this path does not answer " + request.method);
        response.headers.set("Allow", found.allow);
        return response;
    }
    if (request.contentLength > found.route->maxBody)
        return errorAnswer(413, "body_too_large",
                           "at most " + std::to_string(found.route->maxBody) + " bytes");
    if (!large) {
        MemoryBody body{asked.small};
        if (found.route->streamed)
            request.stream = &body;
        else
            request.body = std::move(asked.small);
        return found.route->handler(request);
    }
    SocketBody body{connection.socket.get(), request.contentLength, m_options.bodyPace};
    if (found.route->streamed)
        request.stream = &body;
    else
        request.body = readWhole(body);
    auto response = found.route->handler(request);
    asked.mustClose = body.left() > 0;
    return response;
}

ports::HttpResponse RequestRunner::upgrade(Connection &connection, Asked &asked)
{
    auto answer = acceptUpgrade(asked.request, *connection.upgrade->endpoint);
    if (answer.status != 101 || asked.head.oldVersion || m_draining) {
        connection.upgrade.reset();
        return answer.status == 101 ? errorAnswer(503, "unavailable", "no WebSocket now") : std::move(answer);
    }
    answer.headers.set("X-Request-Id", asked.request.requestId);
    const auto bytes = headBytes(101, answer.headers);
    if (transmit(connection.socket.get(), bytes).size != bytes.size())
        asked.mustClose = true; // gone; the hub will notice as well
    connection.upgrade->request = std::move(asked.request);
    m_answers[1]->add();
    return answer;
}

ParkingLoop::Next RequestRunner::send(Connection &connection, const Asked &asked,
                                      ports::HttpResponse response)
{
    const auto &request = asked.request;
    const bool reads = request.method == "GET" || request.method == "HEAD";
    Outgoing::Context context;
    context.headOnly = request.method == "HEAD";
    context.oldVersion = asked.head.oldVersion;
    context.keepAlive = asked.head.keepAlive && !asked.mustClose && !m_draining;
    context.requestId = request.requestId;
    context.range = request.method == "GET" ? request.headers.get("Range") : "";
    context.ifRange = request.headers.get("If-Range");
    context.ifNoneMatch = reads ? request.headers.get("If-None-Match") : "";
    context.defaults = &m_router.defaultHeaders();
    if (response.status < 200 || response.status > 599) {
        m_log.error("status_impossible", {{"request_id", request.requestId}, {"status", response.status}});
        response =
            errorAnswer(500, "internal", "the server failed; the log names request " + request.requestId);
    }
    connection.outgoing = std::make_unique<Outgoing>(std::move(response), context);
    const auto status = connection.outgoing->status();
    const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - asked.start).count();
    m_answers[static_cast<std::size_t>(status / 100)]->add();
    m_seconds.observe(took);
    if (m_log.enabled(ports::LogLevel::Debug))
        m_log.debug("request", {{"request_id", request.requestId},
                                {"method", request.method},
                                {"path", request.path},
                                {"status", status},
                                {"ms", static_cast<std::int64_t>(took * 1000)},
                                {"remote", request.remoteAddress}});
    return advance(connection);
}

ParkingLoop::Next RequestRunner::advance(Connection &connection)
{
    auto progress = Outgoing::Progress::Failed;
    try {
        progress = connection.outgoing->advance(connection.socket.get());
    } catch (const std::exception &error) {
        m_log.error("answer_failed",
                    {{"what", error.what()}}); // its head is out: only cutting it short can tell
    }
    switch (progress) {
    case Outgoing::Progress::Done:
        return connection.outgoing->keepAlive() ? Next::Park : Next::Linger;
    case Outgoing::Progress::Blocked:
        return Next::Send;
    case Outgoing::Progress::Yield:
        return Next::SendSoon;
    case Outgoing::Progress::Failed:
        return Next::Close;
    }
    return Next::Close;
}

} // namespace server::platform
