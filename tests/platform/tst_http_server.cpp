#include "tests/platform/loopback.h"
#include "tests/support/register_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <numeric>
#include <stdexcept>

using namespace server;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::TestServer;

namespace {

const std::string host = "Host: localhost\r\n";

std::string get(const std::string &target, const std::string &headers = {})
{
    return "GET " + target + " HTTP/1.1\r\n" + host + headers + "\r\n";
}

std::string post(const std::string &target, const std::string &body, const std::string &headers = {})
{
    return "POST " + target + " HTTP/1.1\r\n" + host + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string drained(ports::BodyReader &body)
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

} // namespace

class HttpServerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersAndKeepsTheConnection()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        for (int i = 0; i < 3; ++i) {
            QVERIFY(client.write(get("/ping")));
            const auto answer = client.answer();
            QVERIFY(answer);
            QCOMPARE(answer->status, 200);
            QCOMPARE(answer->body, std::string{"pong"});
            QVERIFY(!answer->header("X-Request-Id").empty());
            QVERIFY(!answer->header("Date").empty());
        }
        QVERIFY(client.write(get("/ping") + get("/who") + post("/echo", "three"))); // pipelined
        QCOMPARE(client.answer().value().body, std::string{"pong"});
        QCOMPARE(client.answer().value().body, std::string{"127.0.0.1 plain"});
        QCOMPARE(client.answer().value().body, std::string{"three"});
    }

    void anAnswerAsksForTheEndWhenTheClientDoes()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        client.write(get("/ping", "Connection: close\r\n"));
        QCOMPARE(client.answer().value().header("Connection"), std::string{"close"});
        QVERIFY(client.ended());

        RawClient old{server.port()};
        old.write("GET /chunks HTTP/1.0\r\n\r\n");
        const auto answer = old.answer();
        QVERIFY(answer);
        QCOMPARE(answer->header("Transfer-Encoding"), std::string{});
        QCOMPARE(answer->body.size(), std::size_t{200'000});
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("closes");
        const auto row = [](const char *name, const std::string &bytes, int status, bool closes = true) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << status << closes;
        };
        const std::string line = "POST /echo HTTP/1.1\r\n";
        row("no host", "GET /ping HTTP/1.1\r\n\r\n", 400);
        row("two hosts", "GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        row("host with a slash", "GET /ping HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
        row("post without length", line + host + "\r\n", 411);
        row("put without length", "PUT /echo HTTP/1.1\r\n" + host + "\r\n", 411);
        row("chunked only", line + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 411);
        row("length and chunked",
            line + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        row("chunked and length",
            line + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400);
        row("hidden coding", line + host + "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\nhello",
            400);
        row("two lengths", line + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400);
        row("the same length twice", line + host + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            400);
        row("length list", line + host + "Content-Length: 5, 5\r\n\r\nhello", 400);
        row("negative length", line + host + "Content-Length: -1\r\n\r\nhello", 400);
        row("signed length", line + host + "Content-Length: +5\r\n\r\nhello", 400);
        row("length with letters", line + host + "Content-Length: 5x\r\n\r\nhello", 400);
        row("hex length", line + host + "Content-Length: 0x5\r\n\r\nhello", 400);
        row("empty length", line + host + "Content-Length:\r\n\r\nhello", 400);
        row("endless length", line + host + "Content-Length: 99999999999999999999999\r\n\r\nhello", 400);
        row("space before colon", line + host + "Content-Length : 5\r\n\r\nhello", 400);
        row("folded header", line + host + "X-A: 1\r\n Content-Length: 5\r\n\r\nhello", 400);
        row("header without colon", "GET /ping HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", 400);
        row("header without name", "GET /ping HTTP/1.1\r\n" + host + ": x\r\n\r\n", 400);
        row("bare line feed", "GET /ping HTTP/1.1\r\n" + host + "X: a\nContent-Length: 3\r\n\r\n", 400);
        row("bare carriage return", "GET /ping HTTP/1.1\r\n" + host + "X: a\rb\r\n\r\n", 400);
        row("nul in head", "GET /ping HTTP/1.1\r\n" + host + std::string("X: a\0b\r\n\r\n", 10), 400);
        row("two words", "GET /ping\r\n" + host + "\r\n", 400);
        row("four words", "GET /ping x HTTP/1.1\r\n" + host + "\r\n", 400);
        row("double space", "GET  /ping HTTP/1.1\r\n" + host + "\r\n", 400);
        row("tab for space", "GET\t/ping HTTP/1.1\r\n" + host + "\r\n", 400);
        row("leading space", " GET /ping HTTP/1.1\r\n" + host + "\r\n", 400);
        row("odd method", "G@T /ping HTTP/1.1\r\n" + host + "\r\n", 400);
        row("long method", std::string(40, 'A') + " /ping HTTP/1.1\r\n" + host + "\r\n", 400);
        row("http/2", "GET /ping HTTP/2.0\r\n" + host + "\r\n", 505);
        row("http/1.2", "GET /ping HTTP/1.2\r\n" + host + "\r\n", 505);
        row("no http", "GET /ping FTP/1.1\r\n" + host + "\r\n", 400);
        row("preface of http/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
        row("connect", "CONNECT example.org:443 HTTP/1.1\r\n" + host + "\r\n", 400);
        row("target without slash", "GET ping HTTP/1.1\r\n" + host + "\r\n", 400);
        row("fragment", "GET /ping#x HTTP/1.1\r\n" + host + "\r\n", 400);
        row("long target", get("/" + std::string(5000, 'a')), 414);
        row("endless line", "GET /" + std::string(9000, 'a'), 414);
        row("large head", "GET /ping HTTP/1.1\r\n" + host + "X: " + std::string(9000, 'a'), 431);
        std::string fields;
        for (int i = 0; i < 101; ++i)
            fields += "A: 1\r\n";
        row("many fields", get("/ping", fields), 431);
        row("unknown expectation", get("/ping", "Expect: 200-maybe\r\n"), 417);
        row("large body", line + host + "Content-Length: 200001\r\n\r\n", 413);
        row("huge body", line + host + "Content-Length: 4000000000000\r\n\r\n", 413);
        row("large body, asked before",
            line + host + "Expect: 100-continue\r\nContent-Length: 300000\r\n\r\n", 413);
        row("large body nowhere", "POST /nowhere HTTP/1.1\r\n" + host + "Content-Length: 900000\r\n\r\n",
            404);
        row("large body on a get", "GET /ping HTTP/1.1\r\n" + host + "Content-Length: 9000000\r\n\r\n", 413);
        row("broken escape", get("/pi%6"), 400, false);
        row("bad escape", get("/%zz"), 400, false);
        row("nul in path", get("/ping%00"), 400, false);
        row("line break in path", get("/ping%0d%0aX:"), 400, false);
        row("slash in a segment", get("/files/a%2f..%2fb"), 400, false);
        row("climbing", get("/files/../ping"), 400, false);
        row("climbing, hidden", get("/files/%2e%2e/ping"), 400, false);
        row("no utf-8 in path", get("/%ff%fe"), 400, false);
        row("broken query", get("/ping?a=%g0"), 400, false);
        row("unknown path", get("/nowhere"), 404, false);
        row("known path, other method", post("/ping", "x"), 405, false);
        row("exception", get("/throws"), 500, false);
        row("trace", "TRACE /ping HTTP/1.1\r\n" + host + "\r\n", 405, false);
    }

    void refuses()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        QFETCH(bool, closes);
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.write(bytes.toStdString()));

        const auto answer = client.answer();

        QVERIFY(answer);
        QCOMPARE(answer->status, status);
        QVERIFY(answer->body.find("\"code\":") != std::string::npos);
        QVERIFY(!answer->header("X-Request-Id").empty());
        if (closes) {
            QCOMPARE(answer->header("Connection"), std::string{"close"});
            client.finish();
            QVERIFY(client.read(1).empty()); // the rest never runs as a request
        } else {
            client.write(get("/ping"));
            QCOMPARE(client.answer().value().body, std::string{"pong"});
        }
        RawClient next{server.port()};
        next.write(get("/ping"));
        QCOMPARE(next.answer().value().body, std::string{"pong"});
    }

    void unknownPathsAndMethodsSaySo()
    {
        TestServer server;
        addRoutes(server.router);
        server.router.addSecurityHeaders();
        server.start();
        RawClient client{server.port()};
        client.write(get("/nowhere"));
        const auto unknown = client.answer();
        QCOMPARE(unknown->body, std::string{R"({"code":"route_unknown","error":"no such path"})"});
        QCOMPARE(unknown->header("X-Content-Type-Options"), std::string{"nosniff"});
        client.write(post("/ping", ""));
        QCOMPARE(client.answer().value().header("Allow"), std::string{"GET, HEAD, OPTIONS"});
        client.write("OPTIONS /echo HTTP/1.1\r\n" + host + "\r\n");
        const auto options = client.answer();
        QCOMPARE(options->status, 204);
        QCOMPARE(options->header("Allow"), std::string{"POST, OPTIONS"});
        client.write("OPTIONS * HTTP/1.1\r\n" + host + "\r\n");
        QCOMPARE(client.answer().value().status, 204);
        client.write("HEAD /ping HTTP/1.1\r\n" + host + "\r\n");
        const auto head = client.answer(true);
        QCOMPARE(head->status, 200);
        QCOMPARE(head->header("Content-Length"), std::string{"4"});
        client.write(get("/ping")); // nothing of HEAD's body stands before this answer
        QCOMPARE(client.answer().value().body, std::string{"pong"});
        client.write("GET http://localhost/ping HTTP/1.1\r\n" + host + "\r\n");
        QCOMPARE(client.answer().value().body, std::string{"pong"});
    }

    void pathsAreDecodedAndMatched()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        client.write(get("/accounts/7/things/caf%C3%A9%20x?q=a%2Bb+c&q=second"));
        QCOMPARE(client.answer().value().body, std::string{"7,café x,/accounts/7/things/café x,a+b c"});
        client.write(get("/accounts/7/things/new"));
        QCOMPARE(client.answer().value().body, std::string{"fixed"});
        client.write(get("/files/a/b/c.js"));
        QCOMPARE(client.answer().value().body, std::string{"a/b/c.js"});
        client.write(get("/accounts//things/1"));
        QCOMPARE(client.answer().value().status, 404);
    }

    void aSmuggledRequestIsNeverRun()
    {
        TestServer server;
        addRoutes(server.router);
        std::atomic<int> runs{0};
        server.router.add({"GET", "/secret", [&](ports::HttpRequest &) {
                               ++runs;
                               return ports::HttpResponse::text(200, "secret");
                           }});
        server.start();
        const auto inner = get("/secret");
        for (const auto *route : {"/echo", "/ignore", "/nowhere", "/ping"}) {
            RawClient client{server.port()};
            client.write(post(route, inner) + get("/ping"));
            QVERIFY(client.answer());
            QCOMPARE(client.answer().value().body, std::string{"pong"});
        }
        RawClient large{server.port()}; // the handler reads nothing of a body that stays in the stream
        std::string body;
        while (body.size() < 100'000)
            body += inner;
        large.write(post("/ignore", body));
        const auto answer = large.answer();
        QCOMPARE(answer->body, std::string{"ignored"});
        QCOMPARE(answer->header("Connection"), std::string{"close"});
        QVERIFY(large.ended());
        QCOMPARE(runs.load(), 0);
    }

    void bodiesOfAllSizesArrive_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : {0, 1, 100, 32'767, 32'768, 32'769, 200'000})
            QTest::newRow(std::to_string(size).c_str()) << size;
    }

    void bodiesOfAllSizesArrive()
    {
        QFETCH(int, size);
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        std::string body(static_cast<std::size_t>(size), '\0');
        std::iota(body.begin(), body.end(), '\0');
        client.write(post("/echo", body));
        QCOMPARE(client.answer().value().body, body);
        const auto request = post("/echo", body); // in pieces, and the connection still lives
        for (std::size_t at = 0; at < request.size(); at += 7777)
            client.write(std::string_view{request}.substr(at, 7777));
        QCOMPARE(client.answer().value().body, body);
        client.write(post("/stream", body));
        QCOMPARE(client.answer().value().body, std::to_string(size));
    }

    void aClientThatAsksFirstIsToldToContinue()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        client.write("POST /echo HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        QCOMPARE(client.answer().value().status, 100);
        client.write("hello");
        QCOMPARE(client.answer().value().body, std::string{"hello"});
    }

    void shortBodiesAreRefused()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        for (const auto *route : {"/echo", "/stream"})
            for (const int size : {100, 100'000}) {
                RawClient client{server.port()};
                client.write(std::string{"POST "} + route + " HTTP/1.1\r\n" + host +
                             "Content-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(50, 'x'));
                if (size > 1000)
                    client.write(std::string(40'000, 'x'));
                client.finish();
                const auto answer = client.answer();
                QVERIFY(answer);
                QCOMPARE(answer->status, 400);
            }
        RawClient client{server.port()};
        client.write("GET /ping HTTP/1.1\r\nHost: loc");
        client.finish();
        QCOMPARE(client.answer().value().status, 400);
    }

    void aHalfClosedClientGetsItsAnswer()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        client.write(post("/echo", "last words"));
        client.finish();
        QCOMPARE(client.answer().value().body, std::string{"last words"});
        QVERIFY(client.ended());
    }

    void slowClientsAreCutAndStopNobody()
    {
        TestServer server;
        addRoutes(server.router);
        server.options.workers = 2;
        server.options.largeWorkers = 1;
        server.options.parking.headerDeadline = 3s;
        server.options.parking.bodyDeadline = 3s;
        server.options.parking.idleDeadline = 3s;
        server.options.bodyPace.grace = 300ms;
        server.start();
        std::vector<std::unique_ptr<RawClient>> silent, heads, bodies, larges, idle;
        for (int i = 0; i < 50; ++i) {
            for (auto *list : {&silent, &heads, &bodies, &larges, &idle})
                list->push_back(std::make_unique<RawClient>(server.port()));
            heads.back()->write("GET /ping HTTP/1.1\r\nHo");
            bodies.back()->write("POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1000\r\n\r\nabc");
            larges.back()->write("POST /stream HTTP/1.1\r\n" + host + "Content-Length: 100000\r\n\r\nabc");
            idle.back()->write(get("/ping"));
        }
        RawClient good{server.port()};
        for (int i = 0; i < 200; ++i) {
            QVERIFY(good.write(i % 2 == 0 ? get("/ping") : post("/echo", "x")));
            QVERIFY(good.answer());
        }
        RawClient upload{server.port()};
        upload.write(post("/stream", std::string(500'000, 'u')));
        QCOMPARE(upload.answer().value().body, std::string{"500000"});
        for (auto &client : silent)
            QVERIFY(client->ended());
        for (auto *list : {&heads, &bodies, &larges})
            for (auto &client : *list)
                QCOMPARE(client->answer().value().status, 408);
        for (auto &client : idle) {
            QCOMPARE(client->answer().value().status, 200);
            QVERIFY(client->ended());
        }
        QTRY_COMPARE_WITH_TIMEOUT(server.server->connections(), std::size_t{0}, 20000);
        QVERIFY(server.metrics.serialize().find("reason=\"head_slow\"") != std::string::npos);
    }

    void aDrippedHeadIsCutAlthoughBytesKeepComing()
    {
        TestServer server;
        addRoutes(server.router);
        server.options.parking.headerDeadline = 400ms;
        server.start();
        RawClient client{server.port()};
        client.write("GET /ping HTTP/1.1\r\nX: ");
        bool cut = false;
        for (int i = 0; i < 4000 && !cut; ++i) {
            client.write("a");
            cut = client.readable(5ms);
        }
        QVERIFY(cut);
        QCOMPARE(client.answer().value().status, 408);
    }

    void aSlowLargeBodyIsCutInItsMiddle()
    {
        TestServer server;
        addRoutes(server.router);
        server.options.bodyPace = {300ms, 10'000'000};
        server.start();
        for (const auto *route : {"/stream", "/echo"}) {
            RawClient client{server.port()};
            client.write(std::string{"POST "} + route + " HTTP/1.1\r\n" + host +
                         "Content-Length: 150000\r\n\r\n" + std::string(40'000, 'x'));
            const auto answer = client.answer();
            QVERIFY(answer);
            QCOMPARE(answer->status, 400);
            QVERIFY(client.ended());
        }
    }

    void filesAreSentWholeOrInRanges_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("size");
        QTest::newRow("whole") << QByteArray{} << 200 << 0 << 3'000'000;
        QTest::newRow("first bytes") << QByteArray{"Range: bytes=0-9\r\n"} << 206 << 0 << 10;
        QTest::newRow("middle") << QByteArray{"Range: bytes=1000-1999\r\n"} << 206 << 1000 << 1000;
        QTest::newRow("open end") << QByteArray{"Range: bytes=2999990-\r\n"} << 206 << 2'999'990 << 10;
        QTest::newRow("beyond the end")
            << QByteArray{"Range: bytes=2999990-9999999\r\n"} << 206 << 2'999'990 << 10;
        QTest::newRow("last bytes") << QByteArray{"Range: bytes=-5\r\n"} << 206 << 2'999'995 << 5;
        QTest::newRow("more than all") << QByteArray{"Range: bytes=-5000000\r\n"} << 206 << 0 << 3'000'000;
        QTest::newRow("behind the end") << QByteArray{"Range: bytes=3000000-\r\n"} << 416 << 0 << 0;
        QTest::newRow("nothing") << QByteArray{"Range: bytes=-0\r\n"} << 416 << 0 << 0;
        QTest::newRow("several") << QByteArray{"Range: bytes=0-1,5-6\r\n"} << 200 << 0 << 3'000'000;
        QTest::newRow("backwards") << QByteArray{"Range: bytes=9-5\r\n"} << 200 << 0 << 3'000'000;
        QTest::newRow("nonsense") << QByteArray{"Range: bytes=a-b\r\n"} << 200 << 0 << 3'000'000;
        QTest::newRow("other unit") << QByteArray{"Range: lines=1-2\r\n"} << 200 << 0 << 3'000'000;
        QTest::newRow("same entity") << QByteArray{"Range: bytes=0-9\r\nIf-Range: \"v1\"\r\n"} << 206 << 0
                                     << 10;
        QTest::newRow("other entity")
            << QByteArray{"Range: bytes=0-9\r\nIf-Range: \"v0\"\r\n"} << 200 << 0 << 3'000'000;
        QTest::newRow("unchanged") << QByteArray{"If-None-Match: \"x\", W/\"v1\"\r\n"} << 304 << 0 << 0;
    }

    void filesAreSentWholeOrInRanges()
    {
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(int, first);
        QFETCH(int, size);
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("blob")).toStdString();
        std::string content(3'000'000, '\0');
        for (std::size_t i = 0; i < content.size(); ++i)
            content[i] = static_cast<char>(i * 31 >> 3);
        std::ofstream{path, std::ios::binary} << content;
        TestServer server;
        server.router.add({"GET", "/blob", [&](ports::HttpRequest &) {
                               ports::HttpResponse response;
                               response.file = path;
                               response.headers.set("ETag", "\"v1\"");
                               return response;
                           }});
        server.router.add({"GET", "/gone", [&](ports::HttpRequest &) {
                               ports::HttpResponse response;
                               response.file = path + ".gone";
                               return response;
                           }});
        server.start();
        RawClient client{server.port()};
        client.write(get("/blob", headers.toStdString()));
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->status, status);
        if (status < 300)
            QVERIFY(answer->body ==
                    content.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(size)));
        if (status == 206)
            QCOMPARE(answer->header("Content-Range"),
                     "bytes " + std::to_string(first) + "-" + std::to_string(first + size - 1) + "/3000000");
        if (status == 416)
            QCOMPARE(answer->header("Content-Range"), std::string{"bytes */3000000"});
        client.write("HEAD /blob HTTP/1.1\r\n" + host + "\r\n");
        QCOMPARE(client.answer(true).value().header("Content-Length"), std::string{"3000000"});
        client.write(get("/gone"));
        QCOMPARE(client.answer().value().status, 404);
    }

    void slowReadersHoldNoWorker()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("blob")).toStdString();
        std::ofstream{path, std::ios::binary} << std::string(8'000'000, 'b');
        TestServer server;
        addRoutes(server.router);
        server.router.add({"GET", "/blob", [&](ports::HttpRequest &) {
                               ports::HttpResponse response;
                               response.file = path;
                               return response;
                           }});
        server.options.workers = 2;
        server.options.parking.sendDeadline = 1s;
        server.start();
        std::vector<std::unique_ptr<RawClient>> slow;
        for (int i = 0; i < 10; ++i) {
            slow.push_back(std::make_unique<RawClient>(server.port(), false, 4096));
            slow.back()->write(get("/blob"));
        }
        RawClient good{server.port()};
        for (int i = 0; i < 100; ++i) {
            good.write(get("/ping"));
            QCOMPARE(good.answer().value().body, std::string{"pong"});
        }
        good.write(get("/blob"));
        QCOMPARE(good.answer().value().body.size(), std::size_t{8'000'000});
        QTRY_VERIFY_WITH_TIMEOUT(server.server->connections() <= 1, 20000); // cut
    }

    void chunkedAnswersArriveWhole()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        client.write(get("/chunks"));
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->header("Transfer-Encoding"), std::string{"chunked"});
        QCOMPARE(answer->body.size(), std::size_t{200'000});
        client.write(get("/ping"));
        QCOMPARE(client.answer().value().body, std::string{"pong"});
    }

    void headersOfAnAnswerCannotBeSplit()
    {
        TestServer server;
        addRoutes(server.router);
        server.start();
        RawClient client{server.port()};
        client.write(get("/inject?v=a%0d%0aSet-Cookie:%20x=1"));
        const auto answer = client.answer();
        QVERIFY(answer->header("Set-Cookie").empty());
        QCOMPARE(answer->header("X-Echo"), std::string{"a  Set-Cookie: x=1"});
    }

    void encodedWordsInHeadersStayAsTheyAre()
    {
        TestServer server;
        server.router.add({"GET", "/", [](ports::HttpRequest &r) {
                               return ports::HttpResponse::text(200, std::string{r.headers.get("x-a")});
                           }});
        server.start();
        RawClient client{server.port()};
        client.write(get("/", "X-A:  =?utf-8?Q?a=0D=0Ab?= \r\n"));
        QCOMPARE(client.answer().value().body, std::string{"=?utf-8?Q?a=0D=0Ab?="});
    }

    void hooksComeFirst()
    {
        TestServer server;
        addRoutes(server.router);
        server.router.before([](ports::HttpRequest &request) -> std::optional<ports::HttpResponse> {
            if (!request.headers.has("X-Blocked"))
                return {};
            auto response = platform::errorAnswer(429, "rate", "too often");
            response.headers.set("Retry-After", "1");
            return response;
        });
        server.start();
        RawClient client{server.port()};
        client.write(get("/nowhere", "X-Blocked: 1\r\n"));
        QCOMPARE(client.answer().value().status, 429);
        client.write(post("/stream", std::string(100'000, 'x'), "X-Blocked: 1\r\n"));
        QCOMPARE(client.answer().value().status, 429);
        QVERIFY(client.ended());
    }

    void onlyTrustedProxiesNameTheClient_data()
    {
        QTest::addColumn<QString>("trusted");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QString>("who");
        const QByteArray forwarded{
            "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"};
        QTest::newRow("nobody trusted") << "" << forwarded << "127.0.0.1 plain";
        QTest::newRow("another trusted") << "10.0.0.0/8" << forwarded << "127.0.0.1 plain";
        QTest::newRow("trusted") << "127.0.0.0/8" << forwarded << "203.0.113.9 secure";
        QTest::newRow("two proxies") << "127.0.0.1,203.0.113.0/24" << forwarded << "198.51.100.7 secure";
        QTest::newRow("nothing said") << "127.0.0.0/8" << QByteArray{} << "127.0.0.1 plain";
        QTest::newRow("nonsense left")
            << "127.0.0.0/8" << QByteArray{"X-Forwarded-For: <script>, 203.0.113.9\r\n"}
            << "203.0.113.9 plain";
        QTest::newRow("only nonsense")
            << "127.0.0.0/8" << QByteArray{"X-Forwarded-For: unknown\r\n"} << "127.0.0.1 plain";
        QTest::newRow("IPv6 and port")
            << "127.0.0.0/8" << QByteArray{"X-Forwarded-For: [2001:db8::1]:4711\r\n"} << "2001:db8::1 plain";
    }

    void onlyTrustedProxiesNameTheClient()
    {
        QFETCH(QString, trusted);
        QFETCH(QByteArray, headers);
        QFETCH(QString, who);
        TestServer server;
        addRoutes(server.router);
        std::vector<std::string> ranges;
        for (const auto &range : trusted.split(QLatin1Char(','), Qt::SkipEmptyParts))
            ranges.push_back(range.toStdString());
        server.options.trustedProxies = *platform::Networks::parse(ranges);
        server.start();
        RawClient client{server.port()};
        client.write(get("/who", headers.toStdString()));
        QCOMPARE(client.answer().value().body, who.toStdString());
    }

    void theConnectionLimitHolds()
    {
        TestServer server;
        addRoutes(server.router);
        server.options.parking.maxConnections = 5;
        server.start();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 5; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port()));
            clients.back()->write(get("/ping"));
            QVERIFY(clients.back()->answer());
        }
        RawClient over{server.port()};
        QVERIFY(over.ended());
        clients.pop_back();
        QTRY_VERIFY_WITH_TIMEOUT(server.server->connections() < 5, 20000);
        RawClient again{server.port()};
        again.write(get("/ping"));
        QVERIFY(again.answer());
    }

    void aTakenAddressIsAnError()
    {
        TestServer first;
        first.start();
        TestServer second;
        second.options.listen = "127.0.0.1:" + std::to_string(first.port());
        QVERIFY_EXCEPTION_THROWN(second.start(), std::runtime_error);
        TestServer third;
        third.options.listen = "nonsense";
        QVERIFY_EXCEPTION_THROWN(third.start(), std::runtime_error);
    }

    void stoppingLetsARequestFinish()
    {
        TestServer server;
        std::atomic<bool> inside{false};
        std::atomic<bool> go{false};
        server.router.add({"GET", "/slow", [&](ports::HttpRequest &) {
                               inside = true;
                               for (int i = 0; i < 20'000 && !go; ++i)
                                   std::this_thread::sleep_for(1ms);
                               return ports::HttpResponse::text(200, "done");
                           }});
        server.start();
        RawClient idle{server.port()};
        RawClient client{server.port()};
        client.write(get("/slow"));
        QTRY_VERIFY_WITH_TIMEOUT(inside.load(), static_cast<int>(tests::patience.count()));
        std::jthread stopping{[&] { server.server->stop(tests::patience); }};
        go = true;
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->body, std::string{"done"});
        QVERIFY(client.ended());
        idle.finish();
    }
};

REGISTER_TEST(HttpServerTest);
#include "tst_http_server.moc"
