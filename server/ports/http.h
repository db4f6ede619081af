#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP as the rest of the server sees it: values in, values out, no Poco.
namespace server::ports {

/// Case-insensitive list of headers, in order of arrival.
class Headers {
public:
    /// First value of a header, or empty. Names compare without case (RFC 9110, 5.1).
    [[nodiscard]] std::string_view get(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    /// Replaces every value of that name.
    void set(std::string name, std::string value);
    /// Adds a further value (Set-Cookie, Link).
    void add(std::string name, std::string value);

    [[nodiscard]] const std::vector<std::pair<std::string, std::string>> &all() const { return m_all; }

private:
    std::vector<std::pair<std::string, std::string>> m_all;
};

/// A request body that is read as it arrives. A small body is in memory already, a large one comes from the
/// socket; reading blocks the worker for at most the server's body deadline.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    /// Up to `size` bytes; 0 at the end. Throws BodyError when the peer stops early or is too slow.
    virtual std::size_t read(char *into, std::size_t size) = 0;
};

/// The peer closed early, was slower than the minimum rate, or sent more than the route allows.
struct BodyError : std::exception {
    const char *what() const noexcept override { return "request body cut short"; }
};

struct HttpRequest {
    std::string method;
    std::string path;                                       ///< percent-decoded, never empty, no query
    std::vector<std::pair<std::string, std::string>> query; ///< decoded, in order
    Headers headers;
    std::string body; ///< the whole body when it was at most the route's `maxBody` and not streamed
    BodyReader *stream = nullptr; ///< set for routes that asked for a streamed body; valid during the handler
    std::int64_t contentLength = 0;
    std::string remoteAddress; ///< the peer, or the client named by a trusted proxy
    std::string remoteNetwork; ///< what limits count by: its IPv4 address or IPv6 /64
    bool secure = false;       ///< arrived over TLS, here or at a trusted proxy
    std::string requestId;     ///< unique; also sent back as X-Request-Id and written in logs
    std::map<std::string, std::string, std::less<>> params; ///< filled by the router: {account_id} etc.

    /// First query value of a name, or empty.
    [[nodiscard]] std::string_view queryValue(std::string_view name) const;
    /// A path parameter; empty when the route has none of that name.
    [[nodiscard]] std::string_view param(std::string_view name) const;
};

struct HttpResponse {
    int status = 200;
    Headers headers;
    std::string body;
    /// Instead of `body`: a file sent with Range support (RFC 9110, 14) from this path.
    std::string file;
    /// Instead of `body`: called until it returns false; each call appends a piece to send. The answer is
    /// then chunked. Runs on the worker.
    std::function<bool(std::string &piece)> chunks;

    static HttpResponse json(int status, std::string body);
    static HttpResponse text(int status, std::string body);
};

/// Answers one request on an HTTP worker thread. May block on the database, never on other requests. What it
/// throws becomes a 500 with the request id.
using HttpHandler = std::function<HttpResponse(HttpRequest &)>;

struct Route {
    std::string method;  ///< GET, POST, PUT, PATCH, DELETE, HEAD
    std::string pattern; ///< "/api/v1/accounts/{account_id}/inboxes"
    HttpHandler handler;
    std::int64_t maxBody = 1 << 20; ///< bytes; more is 413 before anything is read
    bool streamed = false;          ///< hand over `stream` instead of `body`
};

/// Where features register what they answer. Filled before the server starts, read-only afterwards.
class Router {
public:
    virtual ~Router() = default;
    virtual void add(Route route) = 0;
    /// Upgrades GET requests for this path to WebSocket; see web_socket.h.
    virtual void addWebSocket(std::string path, std::shared_ptr<class WebSocketEndpoint> endpoint) = 0;
};

} // namespace server::ports
