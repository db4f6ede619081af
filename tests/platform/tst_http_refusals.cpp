#include "tests/platform/http_fixture.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <atomic>

using namespace server;
using namespace std::chrono_literals;
using namespace tests;

/// What two readers could understand differently, or nobody should ask, is refused and never run.
class HttpRefusalsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
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
};

REGISTER_TEST(HttpRefusalsTest);
#include "tst_http_refusals.moc"
