#pragma once

#include "server/ports/http.h"
#include "server/ports/web_socket.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::platform {

/// Routes, hooks and default headers. Filled before the server starts, then only read, from any thread.
///
/// Patterns: "/api/v1/accounts/{account_id}" takes one segment per {name}; a last "{rest*}" takes what
/// follows, slashes included. A fixed segment wins over a parameter. HEAD is answered by GET where no HEAD
/// route exists.
class HttpRouter : public ports::Router {
public:
    /// Runs before the body is read, known path or not; an answer ends the request (rate limits).
    using Hook = std::function<std::optional<ports::HttpResponse>(ports::HttpRequest &)>;

    struct Found {
        const ports::Route *route = nullptr;          ///< null: see the next two
        ports::WebSocketEndpoint *endpoint = nullptr; ///< the path is a WebSocket's
        std::string allow; ///< methods of this path, empty when the path is unknown
        std::map<std::string, std::string, std::less<>> params;
    };

    HttpRouter();
    ~HttpRouter() override;

    /// Throws std::invalid_argument when the method and pattern are taken or the pattern is malformed.
    void add(ports::Route route) override;
    void addWebSocket(std::string path, std::shared_ptr<ports::WebSocketEndpoint> endpoint) override;
    void before(Hook hook);
    /// Set on every answer that does not carry this header itself.
    void defaultHeader(std::string name, std::string value);
    /// What browsers should be told on every answer: no sniffing, no referrer, no framing, no foreign
    /// readers.
    void addSecurityHeaders();

    /// `segments` are the decoded parts of the path.
    [[nodiscard]] Found find(std::string_view method, const std::vector<std::string> &segments) const;
    [[nodiscard]] const std::vector<Hook> &hooks() const { return m_hooks; }
    [[nodiscard]] const ports::Headers &defaultHeaders() const { return m_defaults; }

private:
    struct Node;

    std::unique_ptr<Node> m_root;
    std::vector<Hook> m_hooks;
    ports::Headers m_defaults;
};

/// The parts of a path between slashes, each decoded. Nothing for a broken escape, a control character, bytes
/// that are no UTF-8, an escaped slash, or a "." or ".." that could climb.
std::optional<std::vector<std::string>> splitPath(std::string_view target);

/// {"error": text, "code": code}.
ports::HttpResponse errorAnswer(int status, std::string_view code, std::string_view text);

} // namespace server::platform
