#include "tests/platform/loopback.h"
#include "tests/support/register_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace server;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RecordingEndpoint;
using tests::TestServer;

namespace {

struct TlsServer : TestServer {
    TlsServer()
    {
        platform::TlsOptions tls;
        tls.certificateFile = folder.filePath(QStringLiteral("cert.pem")).toStdString();
        tls.keyFile = folder.filePath(QStringLiteral("key.pem")).toStdString();
        tests::writeCertificate(tls.certificateFile, tls.keyFile);
        tls.handshakeDeadline = 500ms;
        options.tls = tls;
        router.add({"GET", "/who", [](ports::HttpRequest &r) {
                        return ports::HttpResponse::text(200,
                                                         r.remoteAddress + (r.secure ? " secure" : " plain"));
                    }});
        router.add({"POST", "/echo",
                    [](ports::HttpRequest &r) { return ports::HttpResponse::text(200, r.body); }, 20 << 20});
        router.addWebSocket("/ws", endpoint);
    }

    QTemporaryDir folder;
    std::shared_ptr<RecordingEndpoint> endpoint = std::make_shared<RecordingEndpoint>();
};

} // namespace

class TlsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestsWork()
    {
        TlsServer server;
        server.start();
        RawClient client{server.port(), true};
        for (int i = 0; i < 3; ++i) {
            client.write("GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
            const auto answer = client.answer();
            QVERIFY(answer);
            QCOMPARE(answer->body, std::string{"127.0.0.1 secure"});
        }
        client.write("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        QCOMPARE(client.answer().value().status, 404);
        QVERIFY(client.ended());
        QTRY_COMPARE_WITH_TIMEOUT(server.server->connections(), std::size_t{0}, 20000);
    }

    void largeBodiesGoBothWays()
    {
        TlsServer server;
        server.start();
        std::string body(5'000'000, '\0');
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] = static_cast<char>(i * 7 >> 2);
        RawClient client{server.port(), true};
        for (int i = 0; i < 2; ++i) {
            client.write("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                         "\r\n\r\n" + body);
            const auto answer = client.answer();
            QVERIFY(answer);
            QVERIFY(answer->body == body);
        }
    }

    void webSocketsWork()
    {
        TlsServer server;
        server.endpoint->largest = 1 << 20;
        server.start();
        RawClient client{server.port(), true};
        QVERIFY(client.upgrade("/ws"));
        for (const std::size_t size : {5, 70'000, 1'000'000}) {
            const std::string payload(size, 'w');
            QVERIFY(client.sendFrame(1, payload));
            const auto frame = client.message();
            QVERIFY(frame);
            QVERIFY(frame->payload == payload);
        }
        const auto id = server.endpoint->openedOnes().front();
        server.server->hub().close(id, 4001, "bye");
        QCOMPARE(client.message().value().closeCode(), 4001);
        QVERIFY(client.ended());
    }

    void aVanishedClientIsNoticed()
    {
        TlsServer server;
        server.start();
        {
            RawClient client{server.port(), true};
            QVERIFY(client.upgrade("/ws"));
        }
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 1; }));
        QTRY_COMPARE_WITH_TIMEOUT(server.server->hub().connections(), std::size_t{0}, 20000);
    }

    void slowConsumersAreCut()
    {
        TlsServer server;
        server.options.hub.closeDeadline = 300ms;
        server.start();
        RawClient slow{server.port(), true, 4096};
        RawClient good{server.port(), true};
        QVERIFY(slow.upgrade("/ws"));
        QVERIFY(good.upgrade("/ws"));
        QVERIFY(server.endpoint->until([&] { return server.endpoint->openedOnes().size() == 2; }));
        const auto ids = server.endpoint->openedOnes();
        const auto frame = std::make_shared<ports::Frame>(ports::Frame{std::string(8000, 'x')});
        for (int i = 0; i < 100'000 && server.endpoint->closedOnes().empty(); ++i) {
            server.server->hub().send(ids[0], frame);
            if (i % 100 == 0) {
                server.server->hub().send(ids[1], frame);
                QCOMPARE(good.message().value().payload.size(), std::size_t{8000});
            }
        }
        QCOMPARE(server.endpoint->closedOnes().at(ids[0]), std::uint16_t{4008});
        QTRY_COMPARE_WITH_TIMEOUT(server.server->hub().connections(), std::size_t{1}, 20000);
    }

    void halfHandshakesAreCutAndStopNobody()
    {
        TlsServer server;
        server.start();
        std::vector<std::unique_ptr<RawClient>> silent;
        for (int i = 0; i < 30; ++i) {
            silent.push_back(std::make_unique<RawClient>(server.port()));
            if (i % 3 == 1)
                silent.back()->write(std::string{"\x16\x03\x01\x02\x00\x01", 6});
            if (i % 3 == 2)
                silent.back()->write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        RawClient client{server.port(), true};
        client.write("GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(client.answer().value().body, std::string{"127.0.0.1 secure"});
        for (auto &one : silent)
            QVERIFY(one->ended());
    }

    void badCertificatesAreErrors()
    {
        TlsServer server;
        server.options.tls->keyFile = server.options.tls->certificateFile;
        QVERIFY_EXCEPTION_THROWN(server.start(), std::runtime_error);
        server.options.tls->certificateFile += ".gone";
        QVERIFY_EXCEPTION_THROWN(server.start(), std::runtime_error);
    }
};

REGISTER_TEST(TlsTest);
#include "tst_tls.moc"
