#include "tests/platform/http_fixture.h"
#include "tests/support/register_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <thread>

using namespace server;
using namespace std::chrono_literals;
using namespace tests;

/// Slow, silent and many clients; starting and stopping.
class HttpPressureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
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
        QTRY_VERIFY_WITH_TIMEOUT(inside.load(), static_cast<int>(patience.count()));
        std::jthread stopping{[&] { server.server->stop(patience); }};
        go = true;
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->body, std::string{"done"});
        QVERIFY(client.ended());
        idle.finish();
    }
};

REGISTER_TEST(HttpPressureTest);
#include "tst_http_pressure.moc"
