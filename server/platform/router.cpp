#include "server/platform/router.h"

#include "server/platform/request_head.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <stdexcept>

namespace server::platform {

struct HttpRouter::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> parameter;
    std::map<std::string, std::pair<ports::Route, std::vector<std::string>>, std::less<>>
        routes; // names by method
    std::map<std::string, std::pair<ports::Route, std::vector<std::string>>, std::less<>> rest; // of {name*}
    std::shared_ptr<ports::WebSocketEndpoint> endpoint;
};

namespace {

std::vector<std::string> splitPattern(std::string_view pattern)
{
    if (pattern.empty() || pattern.front() != '/')
        throw std::invalid_argument{"a route begins with '/': " + std::string{pattern}};
    std::vector<std::string> parts;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);
        const auto slash = std::min(pattern.find('/'), pattern.size());
        parts.emplace_back(pattern.substr(0, slash));
        pattern.remove_prefix(slash);
    }
    return parts;
}

bool isParameter(std::string_view part)
{
    return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

bool isPlain(const std::string &segment)
{
    return segment != "." && segment != ".." && base::isUtf8(segment) &&
           std::none_of(segment.begin(), segment.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/'; });
}

std::string joined(const std::vector<std::string> &segments, std::size_t from)
{
    std::string text;
    for (auto i = from; i < segments.size(); ++i)
        text += (i == from ? "" : "/") + segments[i];
    return text;
}

template <class Routes>
std::string methodsOf(const Routes &routes)
{
    std::string allow;
    for (const auto &[method, route] : routes)
        allow += (allow.empty() ? "" : ", ") + method;
    if (routes.contains("GET") && !routes.contains("HEAD"))
        allow += ", HEAD";
    return allow.empty() || routes.contains("OPTIONS") ? allow : allow + ", OPTIONS";
}

template <class Routes>
auto routeFor(const Routes &routes, std::string_view method)
{
    const auto exact = routes.find(method);
    return exact == routes.end() && method == "HEAD" ? routes.find("GET") : exact;
}

} // namespace

HttpRouter::HttpRouter() : m_root{std::make_unique<Node>()} {}

HttpRouter::~HttpRouter() = default;

void HttpRouter::add(ports::Route route)
{
    auto *node = m_root.get();
    std::vector<std::string> names;
    bool rest = false;
    for (const auto &part : splitPattern(route.pattern)) {
        if (rest)
            throw std::invalid_argument{"nothing follows {name*}: " + route.pattern};
        if (isParameter(part)) {
            rest = part[part.size() - 2] == '*';
            names.push_back(part.substr(1, part.size() - (rest ? 3 : 2)));
            if (rest)
                continue;
            if (!node->parameter)
                node->parameter = std::make_unique<Node>();
            node = node->parameter.get();
        } else {
            auto &next = node->fixed[part];
            if (!next)
                next = std::make_unique<Node>();
            node = next.get();
        }
    }
    auto &routes = rest ? node->rest : node->routes;
    const auto method = route.method;
    const auto pattern = route.pattern;
    if (!routes.emplace(method, std::pair{std::move(route), std::move(names)}).second)
        throw std::invalid_argument{"this route exists already: " + method + " " + pattern};
}

void HttpRouter::addWebSocket(std::string path, std::shared_ptr<ports::WebSocketEndpoint> endpoint)
{
    auto *node = m_root.get();
    for (const auto &part : splitPattern(path)) {
        auto &next = node->fixed[part];
        if (!next)
            next = std::make_unique<Node>();
        node = next.get();
    }
    if (node->endpoint)
        throw std::invalid_argument{"this WebSocket path exists already: " + path};
    node->endpoint = std::move(endpoint);
}

void HttpRouter::before(Hook hook)
{
    m_hooks.push_back(std::move(hook));
}

void HttpRouter::defaultHeader(std::string name, std::string value)
{
    m_defaults.set(std::move(name), std::move(value));
}

void HttpRouter::addSecurityHeaders()
{
    defaultHeader("X-Content-Type-Options", "nosniff");
    defaultHeader("Referrer-Policy", "no-referrer");
    defaultHeader("X-Frame-Options", "DENY");
    defaultHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    defaultHeader("Cross-Origin-Opener-Policy", "same-origin");
    defaultHeader("Cross-Origin-Resource-Policy", "same-origin");
    defaultHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    defaultHeader("Cache-Control", "no-store");
}

HttpRouter::Found HttpRouter::find(std::string_view method, const std::vector<std::string> &segments) const
{
    struct Step {
        const Node *node;
        std::size_t at;
        std::vector<std::string> values;
    };
    Found found;
    const auto take = [&](const auto &routes, const std::vector<std::string> &values) {
        if (routes.empty())
            return false;
        if (found.allow.empty())
            found.allow = methodsOf(routes);
        const auto entry = routeFor(routes, method);
        if (entry == routes.end())
            return false;
        found.route = &entry->second.first;
        for (std::size_t i = 0; i < values.size(); ++i)
            found.params[entry->second.second[i]] = values[i];
        return true;
    };
    std::vector<Step> open{
        {m_root.get(), 0, {}}}; // depth first; the fixed segment is pushed last, so tried first
    std::vector<Step> rests;
    while (!open.empty()) {
        auto step = std::move(open.back());
        open.pop_back();
        if (!step.node->rest.empty() && step.at < segments.size())
            rests.push_back(step);
        if (step.at == segments.size()) {
            if (step.node->endpoint) {
                found.endpoint = step.node->endpoint.get();
                if (found.allow.empty())
                    found.allow = "GET";
            }
            if (take(step.node->routes, step.values))
                return found;
            continue;
        }
        const auto &segment = segments[step.at];
        if (step.node->parameter && !segment.empty()) {
            auto values = step.values;
            values.push_back(segment);
            open.push_back({step.node->parameter.get(), step.at + 1, std::move(values)});
        }
        if (const auto next = step.node->fixed.find(segment); next != step.node->fixed.end())
            open.push_back({next->second.get(), step.at + 1, std::move(step.values)});
    }
    for (auto step = rests.rbegin(); step != rests.rend(); ++step) {
        auto values = step->values;
        values.push_back(joined(segments, step->at));
        if (take(step->node->rest, values))
            return found;
    }
    return found;
}

std::optional<std::vector<std::string>> splitPath(std::string_view target)
{
    std::vector<std::string> segments;
    while (!target.empty()) {
        target.remove_prefix(1);
        const auto slash = std::min(target.find('/'), target.size());
        auto segment = percentDecoded(target.substr(0, slash));
        if (!segment || !isPlain(*segment) || segments.size() == 64)
            return {};
        segments.push_back(std::move(*segment));
        target.remove_prefix(slash);
    }
    return segments;
}

ports::HttpResponse errorAnswer(int status, std::string_view code, std::string_view text)
{
    return ports::HttpResponse::json(
        status, base::toText(base::Json{{"error", std::string{text}}, {"code", std::string{code}}}));
}

} // namespace server::platform
