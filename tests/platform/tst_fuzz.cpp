#include "tests/platform/loopback.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <cstdlib>
#include <random>

using namespace server;
using tests::RawClient;
using tests::RecordingEndpoint;
using tests::TestServer;

namespace {

/// DESKBELL_FUZZ_SEED repeats a run.
unsigned chosenSeed()
{
    const auto given = qgetenv("DESKBELL_FUZZ_SEED");
    return given.isEmpty() ? std::random_device{}() : given.toUInt();
}

std::string spoiled(std::string bytes, std::mt19937 &random)
{
    for (auto n = random() % 6; n > 0 && !bytes.empty(); --n) {
        const auto at = random() % bytes.size();
        switch (random() % 4) {
        case 0:
            bytes[at] = static_cast<char>(random());
            break;
        case 1:
            bytes.erase(at, 1 + random() % 5);
            break;
        case 2:
            bytes.insert(at, std::string(1 + random() % 5, static_cast<char>(random())));
            break;
        default:
            bytes.insert(at, bytes.substr(at, random() % 40));
        }
    }
    return bytes;
}

} // namespace

/// Nonsense in, and afterwards everybody else is still served.
class FuzzTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void spoiledRequestsHarmNothing()
    {
        const auto seed = chosenSeed();
        qInfo("seed %u", seed);
        std::mt19937 random{seed};
        TestServer server;
        server.router.add(
            {"GET", "/ping", [](ports::HttpRequest &) { return ports::HttpResponse::text(200, "pong"); }});
        server.router.add({"POST", "/a/{b}/c",
                           [](ports::HttpRequest &r) { return ports::HttpResponse::text(200, r.body); }});
        server.start();
        const std::vector<std::string> seeds{
            "GET /ping HTTP/1.1\r\nHost: x\r\nX-A: b\r\n\r\n",
            "POST /a/%20b/c?d=e%20f HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
            "POST /a/b/c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "GET /ping HTTP/1.1\r\nHost: x\r\nRange: bytes=0-5\r\nExpect: 100-continue\r\nConnection: "
            "close\r\n\r\n"};
        for (int i = 0; i < 600; ++i) {
            RawClient client{server.port()};
            std::string bytes;
            for (auto n = 1 + random() % 3; n > 0; --n)
                bytes += spoiled(seeds[random() % seeds.size()], random);
            if (random() % 10 == 0)
                bytes.insert(random() % bytes.size(),
                             std::string(random() % 20'000, static_cast<char>(random())));
            for (std::size_t at = 0; at < bytes.size();) {
                const auto piece = 1 + random() % bytes.size();
                if (!client.write(std::string_view{bytes}.substr(at, piece)))
                    break;
                at += piece;
            }
            client.finish();
            while (const auto answer = client.answer())
                QVERIFY(answer->status >= 100 && answer->status < 600 && answer->status != 500);
        }
        RawClient client{server.port()};
        client.write("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(client.answer().value().body, std::string{"pong"});
        QTRY_COMPARE_WITH_TIMEOUT(server.server->connections(), std::size_t{1}, 20000);
    }

    void spoiledFramesHarmNothing()
    {
        const auto seed = chosenSeed();
        qInfo("seed %u", seed);
        std::mt19937 random{seed};
        TestServer server;
        const auto endpoint = std::make_shared<RecordingEndpoint>();
        server.router.addWebSocket("/ws", endpoint);
        server.start();
        RawClient witness{server.port()};
        QVERIFY(witness.upgrade("/ws"));
        for (int i = 0; i < 400; ++i) {
            RawClient client{server.port()};
            QVERIFY(client.upgrade("/ws"));
            std::string bytes;
            for (auto n = 1 + random() % 6; n > 0; --n)
                bytes += tests::clientFrame(static_cast<int>(random() % 11), std::string(random() % 300, 'f'),
                                            random() % 4 > 0);
            if (i % 4 == 0)
                for (auto &c : bytes)
                    c = static_cast<char>(random());
            else
                bytes = spoiled(bytes, random);
            for (std::size_t at = 0; at < bytes.size();) {
                const auto piece = 1 + random() % bytes.size();
                if (!client.write(std::string_view{bytes}.substr(at, piece)))
                    break;
                at += piece;
            }
            if (i % 3 == 0)
                client.finish();
            if (i % 20 == 0) {
                witness.sendFrame(1, "well?");
                QCOMPARE(witness.message().value().payload, std::string{"well?"});
            }
        }
        witness.sendFrame(1, "last");
        QCOMPARE(witness.message().value().payload, std::string{"last"});
        QTRY_COMPARE_WITH_TIMEOUT(server.server->hub().connections(), std::size_t{1}, 20000);
        for (const auto &[payload, binary] : endpoint->messages())
            QVERIFY(payload.size() <= 64 * 1024);
    }
};

REGISTER_TEST(FuzzTest);
#include "tst_fuzz.moc"
