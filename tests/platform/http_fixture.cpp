#include "tests/platform/http_fixture.h"

#include <stdexcept>

using namespace server;

namespace tests {

std::string get(const std::string &target, const std::string &headers)
{
    return "GET " + target + " HTTP/1.1\r\n" + host + headers + "\r\n";
}

std::string post(const std::string &target, const std::string &body, const std::string &headers)
{
    return "POST " + target + " HTTP/1.1\r\n" + host + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

static std::string drained(ports::BodyReader &body)
{
    std::string all;
    char piece[4096];
    while (const auto count = body.read(piece, sizeof piece))
        all.append(piece, count);
    return all;
}

void addRoutes(platform::HttpRouter &router)
{
    router.add({"GET", "/ping", [](ports::HttpRequest &) { return ports::HttpResponse::text(200, "pong"); }});
    router.add({"POST", "/echo", [](ports::HttpRequest &r) { return ports::HttpResponse::text(200, r.body); },
                200'000});
    router.add({"POST", "/stream",
                [](ports::HttpRequest &r) {
                    return ports::HttpResponse::text(200, std::to_string(drained(*r.stream).size()));
                },
                50 << 20, true});
    router.add({"POST", "/ignore",
                [](ports::HttpRequest &) { return ports::HttpResponse::text(200, "ignored"); }, 50 << 20,
                true});
    router.add({"GET", "/accounts/{account_id}/things/{id}", [](ports::HttpRequest &r) {
                    return ports::HttpResponse::text(200, std::string{r.param("account_id")} + "," +
                                                              std::string{r.param("id")} + "," + r.path +
                                                              "," + std::string{r.queryValue("q")});
                }});
    router.add({"GET", "/accounts/{account_id}/things/new",
                [](ports::HttpRequest &) { return ports::HttpResponse::text(200, "fixed"); }});
    router.add({"GET", "/files/{name*}", [](ports::HttpRequest &r) {
                    return ports::HttpResponse::text(200, std::string{r.param("name")});
                }});
    router.add({"GET", "/throws",
                [](ports::HttpRequest &) -> ports::HttpResponse { throw std::runtime_error{"no"}; }});
    router.add({"GET", "/who", [](ports::HttpRequest &r) {
                    return ports::HttpResponse::text(200,
                                                     r.remoteAddress + (r.secure ? " secure" : " plain"));
                }});
    router.add({"GET", "/chunks", [](ports::HttpRequest &) {
                    ports::HttpResponse response;
                    response.chunks = [left = 200](std::string &piece) mutable {
                        piece += std::string(1000, static_cast<char>('a' + left % 26));
                        return --left > 0;
                    };
                    return response;
                }});
    router.add({"GET", "/inject", [](ports::HttpRequest &r) {
                    auto response = ports::HttpResponse::text(200, "x");
                    response.headers.set("X-Echo", std::string{r.queryValue("v")});
                    return response;
                }});
}

} // namespace tests
