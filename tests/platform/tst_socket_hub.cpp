#include "server/platform/message_reader.h"
#include "tests/platform/loopback.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <chrono>
#include <future>
#include <random>
#include <stdexcept>

using namespace server;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RecordingEndpoint;
using tests::TestServer;

namespace {

/// A server with one endpoint at /ws.
struct HubServer : TestServer {
    explicit HubServer() : endpoint{std::make_shared<RecordingEndpoint>()}
    {
        router.addWebSocket("/ws", endpoint);
    }
    platform::EpollSocketHub &hub() { return server->hub(); }

    std::shared_ptr<RecordingEndpoint> endpoint;
};

ports::SharedFrame frameOf(std::string payload, bool binary = false)
{
    return std::make_shared<ports::Frame>(ports::Frame{std::move(payload), binary});
}

} // namespace

class SocketHubTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // What readiness asks by: a loop that hangs does not answer.
    void callsComeOneAfterTheOtherOnTheLoop()
    {
        HubServer server;
        server.start();
        std::promise<void> held;
        std::promise<void> began;
        std::promise<void> after;
        server.hub().call([&began, release = held.get_future().share()] {
            began.set_value();
            release.wait();
        });
        server.hub().call([&after] { after.set_value(); });
        began.get_future().wait();
        auto second = after.get_future();
        QVERIFY(second.wait_for(std::chrono::milliseconds{50}) == std::future_status::timeout);
        held.set_value();
        QVERIFY(second.wait_for(std::chrono::seconds{20}) == std::future_status::ready);
    }

    void echoesTextAndBinaryOfAllSizes()
    {
        HubServer server;
        server.endpoint->largest = 1 << 20;
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        for (const std::size_t size : {0, 1, 125, 126, 127, 65'535, 65'536, 200'000, 1 << 20}) {
            const std::string payload(size, 'm');
            QVERIFY(client.sendFrame(size % 2 == 0 ? 1 : 2, payload));
            const auto frame = client.message();
            QVERIFY(frame);
            QCOMPARE(frame->opcode, size % 2 == 0 ? 1 : 2);
            QVERIFY(frame->payload == payload);
        }
    }

    void theHandshakeIsChecked_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<int>("status");
        const QByteArray start{"GET /ws HTTP/1.1\r\nHost: x\r\n"};
        const QByteArray key{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"};
        const QByteArray version{"Sec-WebSocket-Version: 13\r\n"};
        const QByteArray upgrade{"Upgrade: websocket\r\nConnection: Upgrade\r\n"};
        QTest::newRow("good") << start + upgrade + version + key + "\r\n" << 101;
        QTest::newRow("case") << start + "Upgrade: WebSocket\r\nConnection: UPGRADE\r\n" + version + key +
                                     "\r\n"
                              << 101;
        QTest::newRow("plain get") << start + "\r\n" << 426;
        QTest::newRow("no upgrade") << start + "Connection: Upgrade\r\n" + version + key + "\r\n" << 426;
        QTest::newRow("old version") << start + upgrade + "Sec-WebSocket-Version: 8\r\n" + key + "\r\n"
                                     << 426;
        QTest::newRow("no key") << start + upgrade + version + "\r\n" << 400;
        QTest::newRow("short key") << start + upgrade + version + "Sec-WebSocket-Key: abc=\r\n\r\n" << 400;
        QTest::newRow("odd key") << start + upgrade + version +
                                        "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==\r\n\r\n"
                                 << 400;
        QTest::newRow("with a body") << start + upgrade + version + key + "Content-Length: 2\r\n\r\nhi"
                                     << 400;
        QTest::newRow("post") << QByteArray{"POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"} +
                                     upgrade + version + key + "\r\n"
                              << 405;
    }

    void theHandshakeIsChecked()
    {
        QFETCH(QByteArray, head);
        QFETCH(int, status);
        HubServer server;
        server.start();
        RawClient client{server.port()};
        client.write(head.toStdString());
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->status, status);
    }

    void theEndpointMayRefuseAndNamesItsProtocol()
    {
        HubServer server;
        server.endpoint->protocol = "deskbell.v1";
        server.endpoint->judge = [](const ports::HttpRequest &request) {
            if (request.queryValue("pass") != "yes")
                return platform::errorAnswer(403, "forbidden", "no");
            ports::HttpResponse response;
            response.status = 101;
            return response;
        };
        server.start();
        RawClient refused{server.port()};
        QVERIFY(!refused.upgrade("/ws"));
        RawClient client{server.port()};
        client.write("GET /ws?pass=yes HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Protocol: other, deskbell.v1\r\n\r\n");
        const auto answer = client.answer();
        QCOMPARE(answer->status, 101);
        QCOMPARE(answer->header("Sec-WebSocket-Protocol"), std::string{"deskbell.v1"});
    }

    void framesMayComeByteByByte()
    {
        HubServer server;
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        const auto bytes = tests::clientFrame(1, "grüße") + tests::clientFrame(9, "p") +
                           tests::clientFrame(2, std::string(300, '\x80'));
        for (const char byte : bytes)
            QVERIFY(client.write({&byte, 1}));
        std::vector<std::string> messages;
        std::vector<std::string> pongs; // may overtake a message's answer
        for (int i = 0; i < 3; ++i) {
            const auto frame = client.message().value();
            (frame.opcode == 10 ? pongs : messages).push_back(frame.payload);
        }
        QCOMPARE(pongs, std::vector<std::string>{"p"});
        QCOMPARE(messages, (std::vector<std::string>{"grüße", std::string(300, '\x80')}));
    }

    void framesSentWithTheUpgradeAreNotLost()
    {
        HubServer server;
        server.start();
        RawClient client{server.port()};
        QVERIFY(
            client.write("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                         tests::clientFrame(1, "early")));
        QCOMPARE(client.answer().value().status, 101);
        QCOMPARE(client.message().value().payload, std::string{"early"});
    }

    void fragmentsAreJoinedAroundControlFrames()
    {
        HubServer server;
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        client.sendFrame(1, "gr\xc3", false); // cut inside a character
        client.sendFrame(9, "now");
        client.sendFrame(0, "\xbc\xc3\x9f", false);
        client.sendFrame(0, "", false);
        client.sendFrame(0, "e");
        QCOMPARE(client.message().value().opcode, 10);
        QCOMPARE(client.message().value().payload, std::string{"grüße"});
        QCOMPARE(server.endpoint->messages().size(), std::size_t{1});
    }

    void brokenProtocolIsClosed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const std::string &bytes, int code) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << code;
        };
        using tests::clientFrame;
        row("unmasked", std::string{"\x81\x02hi", 4}, 1002);
        row("reserved bit", clientFrame(1, "x", true, 4), 1002);
        row("unknown opcode", clientFrame(3, "x"), 1002);
        row("unknown control", clientFrame(11, "x"), 1002);
        row("continuation of nothing", clientFrame(0, "x"), 1002);
        row("text within a message", clientFrame(1, "a", false) + clientFrame(1, "b"), 1002);
        row("split ping", clientFrame(9, "x", false), 1002);
        row("long ping", clientFrame(9, std::string(126, 'x')), 1002);
        row("wasteful length", std::string{"\x81\xfe\x00\x05", 4}, 1002);
        row("wasteful long length", std::string{"\x81\xff\0\0\0\0\0\0\xff\xff", 10}, 1002);
        row("negative length", std::string{"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10}, 1002);
        row("too big by its header", std::string{"\x82\xff\0\0\0\0\x7f\xff\xff\xff", 10}, 1009);
        row("one byte too big", clientFrame(2, std::string(65'537, 'x')).substr(0, 20), 1009);
        row("fragments too big",
            clientFrame(2, std::string(40'000, 'x'), false) + clientFrame(0, std::string(40'000, 'x')), 1009);
        row("bad text", clientFrame(1, "a\xff"), 1007);
        row("half a character", clientFrame(1, "a\xc3"), 1007);
        row("surrogate", clientFrame(1, "\xed\xa0\x80"), 1007);
        row("overlong", clientFrame(1, "\xc0\xaf"), 1007);
        row("close with one byte", clientFrame(8, "x"), 1002);
        row("close code 1005", clientFrame(8, std::string{"\x03\xed", 2}), 1002);
        row("close code 999", clientFrame(8, std::string{"\x03\xe7", 2}), 1002);
        row("close code 5000", clientFrame(8, std::string{"\x13\x88", 2}), 1002);
        row("bad close reason", clientFrame(8, std::string{"\x03\xe8\xff", 3}), 1007);
    }

    void brokenProtocolIsClosed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        HubServer server;
        server.start();
        RawClient other{server.port()};
        QVERIFY(other.upgrade("/ws"));
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        client.write(bytes.toStdString());
        const auto frame = client.message();
        QVERIFY(frame);
        QCOMPARE(frame->closeCode(), code);
        QVERIFY(client.ended());
        QVERIFY(server.endpoint->messages().empty());
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 1; }));
        other.sendFrame(1, "still here");
        QCOMPARE(other.message().value().payload, std::string{"still here"});
    }

    void aCloseIsAnswered()
    {
        HubServer server;
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        client.sendFrame(8, std::string{"\x0f\xa1gone", 6}); // 4001
        client.sendFrame(1, "ignored");
        const auto frame = client.message();
        QCOMPARE(frame->closeCode(), 4001);
        QVERIFY(client.ended());
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 1; }));
        QCOMPARE(server.endpoint->closedOnes().begin()->second, std::uint16_t{4001});
        QVERIFY(server.endpoint->messages().empty());

        RawClient empty{server.port()};
        QVERIFY(empty.upgrade("/ws"));
        empty.sendFrame(8, "");
        QCOMPARE(empty.message().value().closeCode(), 1000);
        client.finish();
        empty.finish();
        QTRY_COMPARE_WITH_TIMEOUT(server.hub().connections(), std::size_t{0}, 20000);
    }

    void avanishedClientIsNoticed()
    {
        HubServer server;
        server.start();
        {
            RawClient client{server.port()};
            QVERIFY(client.upgrade("/ws"));
            client.write(tests::clientFrame(1, "unfinished").substr(0, 5));
        }
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 1; }));
        QCOMPARE(server.endpoint->closedOnes().begin()->second, std::uint16_t{1006});
        QTRY_COMPARE_WITH_TIMEOUT(server.hub().connections(), std::size_t{0}, 20000);
        server.hub().send(server.endpoint->openedOnes().front(), frameOf("to nobody"));
        QTRY_COMPARE_WITH_TIMEOUT(server.hub().queued(server.endpoint->openedOnes().front()), std::size_t{0},
                                  20000);
    }

    void sendsInOrderThenCloses()
    {
        HubServer server;
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        QVERIFY(server.endpoint->until([&] { return !server.endpoint->openedOnes().empty(); }));
        const auto id = server.endpoint->openedOnes().front();
        for (int i = 0; i < 100; ++i)
            server.hub().send(id, frameOf(std::to_string(i)));
        server.hub().close(id, 4001, std::string(300, 'r'));
        server.hub().send(id, frameOf("too late"));
        for (int i = 0; i < 100; ++i)
            QCOMPARE(client.message().value().payload, std::to_string(i));
        const auto close = client.message();
        QCOMPARE(close->closeCode(), 4001);
        QCOMPARE(close->payload.size(), std::size_t{125});
        QVERIFY(client.ended());
        QTRY_COMPARE_WITH_TIMEOUT(server.hub().queued(id), std::size_t{0}, 20000);
    }

    void slowConsumersAreCutAndOthersGetEverything()
    {
        HubServer server;
        server.options.hub.closeDeadline = 500ms;
        server.start();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 10; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port(), false, i < 2 ? 4096 : 0));
            QVERIFY(clients.back()->upgrade("/ws"));
            QVERIFY(server.endpoint->until(
                [&] { return server.endpoint->openedOnes().size() == clients.size(); }));
        }
        const auto ids = server.endpoint->openedOnes();
        constexpr int count = 400;
        std::vector<std::jthread> readers;
        std::vector<int> received(clients.size());
        for (std::size_t c = 2; c < clients.size(); ++c)
            readers.emplace_back([&, c] {
                for (int i = 0; i < count; ++i) {
                    const auto frame = clients[c]->message();
                    if (!frame || frame->opcode != 1 || std::stoi(frame->payload) != i)
                        return;
                    ++received[c];
                }
            });
        for (int i = 0; i < count; ++i) {
            const auto frame = frameOf(std::to_string(i) + " " + std::string(8000, 'x'));
            for (const auto id : ids)
                server.hub().send(id, frame);
            for (std::size_t c = 2; c < clients.size(); ++c) // as sessions with credit do
                while (server.hub().queued(ids[c]) > 100'000)
                    std::this_thread::yield();
        }
        readers.clear();
        for (std::size_t c = 2; c < clients.size(); ++c)
            QCOMPARE(received[c], count);
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 2; }));
        for (const auto &[id, code] : server.endpoint->closedOnes()) {
            QVERIFY(id == ids[0] || id == ids[1]);
            QCOMPARE(code, std::uint16_t{4008});
        }
        QTRY_COMPARE_WITH_TIMEOUT(server.hub().connections(), std::size_t{8},
                                  20000); // reset, not left to linger
        QVERIFY(clients[0]->ended());
        for (const auto id : ids)
            QTRY_COMPARE_WITH_TIMEOUT(server.hub().queued(id), std::size_t{0}, 20000);
        QVERIFY(server.metrics.serialize().find("deskbell_websocket_slow_consumers_total 2") !=
                std::string::npos);
    }

    void aSlowConsumerThatWakesReadsTheReason()
    {
        HubServer server;
        server.options.hub.closeDeadline = tests::patience;
        server.start();
        RawClient client{server.port(), false, 4096};
        QVERIFY(client.upgrade("/ws"));
        QVERIFY(server.endpoint->until([&] { return !server.endpoint->openedOnes().empty(); }));
        const auto id = server.endpoint->openedOnes().front();
        for (int i = 0; server.endpoint->closedOnes().empty() && i < 100'000; ++i) {
            server.hub().send(id, frameOf(std::string(8000, 'x')));
            std::this_thread::sleep_for(100us);
        }
        auto frame = client.message();
        while (frame && frame->opcode == 1) {
            QCOMPARE(frame->payload.size(), std::size_t{8000}); // whole ones only
            frame = client.message();
        }
        QVERIFY(frame);
        QCOMPARE(frame->closeCode(), 4008);
    }

    void oneFrameLargerThanTheQueueStillGoesOut()
    {
        HubServer server;
        server.start();
        RawClient client{server.port()};
        QVERIFY(client.upgrade("/ws"));
        QVERIFY(server.endpoint->until([&] { return !server.endpoint->openedOnes().empty(); }));
        server.hub().send(server.endpoint->openedOnes().front(), frameOf(std::string(3'000'000, 'b'), true));
        const auto frame = client.message();
        QVERIFY(frame);
        QCOMPARE(frame->payload.size(), std::size_t{3'000'000});
    }

    void aPingFloodWithoutReadingIsCut()
    {
        HubServer server;
        server.options.hub.closeDeadline = 300ms;
        server.start();
        RawClient client{server.port(), false, 4096};
        QVERIFY(client.upgrade("/ws"));
        std::string pings;
        for (int i = 0; i < 500; ++i)
            pings += tests::clientFrame(9, std::string(125, 'p'));
        for (int i = 0; i < 2000 && server.endpoint->closedOnes().empty(); ++i)
            if (!client.write(pings))
                break;
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 1; }));
        QCOMPARE(server.endpoint->closedOnes().begin()->second, std::uint16_t{4008});
    }

    void silentConnectionsArePingedThenDropped()
    {
        HubServer server;
        server.options.hub.pingInterval = 100ms;
        server.start();
        RawClient lively{server.port()};
        RawClient dead{server.port()};
        QVERIFY(lively.upgrade("/ws"));
        QVERIFY(dead.upgrade("/ws"));
        for (int i = 0; i < 8; ++i) {
            const auto ping = lively.frame();
            QVERIFY(ping);
            QCOMPARE(ping->opcode, 9);
            lively.sendFrame(10, ping->payload);
        }
        QVERIFY(server.endpoint->until([&] { return server.endpoint->closedOnes().size() == 1; }));
        QCOMPARE(server.endpoint->closedOnes().begin()->second, std::uint16_t{1006});
        QVERIFY(dead.ended());
        lively.sendFrame(1, "alive");
        QCOMPARE(lively.message().value().payload, std::string{"alive"});
    }

    void stoppingTellsEverybody()
    {
        HubServer server;
        server.start();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port()));
            QVERIFY(clients.back()->upgrade("/ws"));
        }
        std::jthread stopping{[&] { server.server->stop(tests::patience); }};
        for (auto &client : clients) {
            QCOMPARE(client->message().value().closeCode(), 4013);
            client.reset();
        }
        stopping.join();
        QCOMPARE(server.endpoint->closedOnes().size(), std::size_t{20});
        QCOMPARE(server.hub().connections(), std::size_t{0});
    }

    void anEndpointThatThrowsLosesItsConnectionOnly()
    {
        class Throwing : public RecordingEndpoint {
            void received(ports::SocketId, std::string_view payload, bool) override
            {
                throw std::runtime_error{std::string{payload}};
            }
        };
        TestServer server;
        server.router.addWebSocket("/ws", std::make_shared<Throwing>());
        server.start();
        for (int i = 0; i < 3; ++i) {
            RawClient client{server.port()};
            QVERIFY(client.upgrade("/ws"));
            client.sendFrame(1, "x");
            QCOMPARE(client.message().value().closeCode(), 1011);
        }
    }

    void webSocketsCountAgainstTheLimit()
    {
        HubServer server;
        server.options.parking.maxConnections = 3;
        server.start();
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port()));
            QVERIFY(clients.back()->upgrade("/ws"));
        }
        QTRY_COMPARE_WITH_TIMEOUT(server.hub().connections(), std::size_t{3}, 20000);
        RawClient over{server.port()};
        QVERIFY(over.ended());
    }

    void anyCutGivesTheSameMessages()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random{seed};
        for (int round = 0; round < 200; ++round) {
            std::string stream;
            std::vector<std::string> expected;
            for (int i = 0; i < 10; ++i) {
                const std::string payload(random() % (random() % 8 == 0 ? 70'000 : 200),
                                          static_cast<char>('a' + i));
                expected.push_back(payload);
                const auto first = payload.size() == 0 ? 0 : random() % payload.size();
                if (random() % 2 == 0)
                    stream += tests::clientFrame(2, payload);
                else
                    stream += tests::clientFrame(2, payload.substr(0, first), false) +
                              tests::clientFrame(9, "") + tests::clientFrame(0, payload.substr(first));
            }
            std::vector<std::string> got;
            platform::MessageReader reader;
            const platform::MessageReader::Sink sink{[&](std::string_view payload, bool) {
                                                         got.emplace_back(payload);
                                                         return true;
                                                     },
                                                     [](platform::Opcode, std::string_view) { return true; },
                                                     [](const platform::CloseNote &) {}};
            for (std::size_t at = 0; at < stream.size();) {
                auto piece = stream.substr(at, 1 + random() % (random() % 4 == 0 ? 20'000 : 30));
                at += piece.size();
                QVERIFY(!reader.feed(piece.data(), piece.size(), 1 << 20, sink));
            }
            QVERIFY(got == expected);
        }
    }
};

REGISTER_TEST(SocketHubTest);
#include "tst_socket_hub.moc"
