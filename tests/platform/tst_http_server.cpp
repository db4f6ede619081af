#include "tests/platform/http_fixture.h"
#include "tests/support/register_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <numeric>

using namespace server;
using namespace std::chrono_literals;
using namespace tests;

/// Requests and answers as they should be.
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

    void limitsCountASubscriberNotAnAddress_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("network");
        QTest::newRow("IPv4") << "192.0.2.7"
                              << "192.0.2.7";
        QTest::newRow("IPv4 written as IPv6") << "::ffff:192.0.2.7"
                                              << "192.0.2.7";
        QTest::newRow("the same in hexadecimal") << "::ffff:c000:207"
                                                 << "192.0.2.7";
        QTest::newRow("IPv6") << "2001:db8:1:2:3:4:5:6"
                              << "2001:db8:1:2::/64";
        QTest::newRow("its neighbour") << "2001:db8:1:2:ffff::1"
                                       << "2001:db8:1:2::/64";
        QTest::newRow("another's") << "2001:db8:1:3::1"
                                   << "2001:db8:1:3::/64";
        QTest::newRow("loopback") << "::1"
                                  << "::/64";
        QTest::newRow("no address") << "pipe"
                                    << "pipe";
    }

    void limitsCountASubscriberNotAnAddress()
    {
        QFETCH(QString, address);
        QFETCH(QString, network);
        QCOMPARE(QString::fromStdString(platform::networkOf(address.toStdString())), network);
    }
};

REGISTER_TEST(HttpServerTest);
#include "tst_http_server.moc"
