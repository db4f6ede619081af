#include "server/sync/core_tasks.h"
#include "server/sync/scheduled_endpoint.h"
#include "shared/protocol/close_code.h"
#include "tests/server_sync/fakes.h"
#include "tests/support/register_test.h"

#include <QTest>

using namespace server;
using sync::CoreTasks;

namespace {

class Hub : public ports::SocketHub {
public:
    void send(ports::SocketId socket, ports::SharedFrame frame) override
    {
        sent.emplace_back(socket, frame->payload);
    }
    void close(ports::SocketId socket, std::uint16_t code, std::string reason) override
    {
        closed.emplace_back(socket, code);
        reasons.push_back(std::move(reason));
    }
    [[nodiscard]] std::size_t queued(ports::SocketId) const override { return 0; }

    std::vector<std::pair<ports::SocketId, std::string>> sent;
    std::vector<std::pair<ports::SocketId, std::uint16_t>> closed;
    std::vector<std::string> reasons;
};

class Endpoint : public sync::ScheduledEndpoint {
public:
    explicit Endpoint(base::Scheduler &scheduler) : ScheduledEndpoint{scheduler, {3, 10, "enough"}} {}

    ports::HttpResponse accept(const ports::HttpRequest &) override { return {}; }

    std::vector<std::string> seen;

private:
    void socketOpened(ports::SocketId socket, const ports::HttpRequest &) override
    {
        seen.push_back("open " + std::to_string(socket));
    }
    void socketReceived(ports::SocketId socket, const std::string &payload, bool) override
    {
        seen.push_back(payload);
        sendTo(socket, std::make_shared<ports::Frame>(ports::Frame{"re:" + payload, false}));
    }
    void socketClosed(ports::SocketId socket) override { seen.push_back("gone " + std::to_string(socket)); }
    void sendAllAway(base::Duration) override {}
};

} // namespace

class TestScheduled : public QObject {
    Q_OBJECT

    tests::FakeClock m_clock;
    tests::FakeScheduler m_scheduler{m_clock};

private Q_SLOTS:
    void workOfACoreThatIsGoneIsDropped()
    {
        int ran = 0;
        auto tasks = std::make_optional<CoreTasks>(m_scheduler);
        const auto post = tasks->poster();
        post([&] { ++ran; });
        m_scheduler.run();
        QCOMPARE(ran, 1);
        tasks->post([&] { ++ran; });
        tasks->after(base::Duration{0}, [&] { ++ran; });
        post([&] { ++ran; });
        tasks.reset();
        post([&] { ++ran; });
        m_scheduler.run();
        QCOMPARE(ran, 1);
    }

    void theSocketLoopOnlyHandsOver()
    {
        Hub hub;
        Endpoint endpoint{m_scheduler};
        endpoint.opened(7, {}, hub);
        endpoint.received(7, "a", false);
        QCOMPARE(endpoint.connections(), std::size_t{1});
        QVERIFY(endpoint.seen.empty());
        endpoint.closed(7, 1000);
        endpoint.closed(7, 1000);
        endpoint.received(7, "late", false);
        QCOMPARE(endpoint.connections(), std::size_t{0});
        m_scheduler.run();
        QCOMPARE(endpoint.seen, (std::vector<std::string>{"open 7", "a", "gone 7"}));
        QCOMPARE(hub.sent.size(), std::size_t{1});
        QCOMPARE(hub.sent.front().second, std::string{"re:a"});
    }

    void whoSendsFasterThanItIsReadIsClosed_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::addColumn<int>("fit");
        QTest::newRow("frames") << QStringLiteral("a") << 3;
        QTest::newRow("bytes") << QStringLiteral("12345") << 2;
    }

    void whoSendsFasterThanItIsReadIsClosed()
    {
        QFETCH(QString, frame);
        QFETCH(int, fit);
        const auto text = frame.toStdString();
        Hub hub;
        Endpoint endpoint{m_scheduler};
        endpoint.opened(1, {}, hub);
        for (int round = 0; round < 2; ++round) { // what has been read makes room again
            for (int i = 0; i < fit; ++i)
                endpoint.received(1, text, false);
            m_scheduler.run();
        }
        QVERIFY(hub.closed.empty());
        for (int i = 0; i <= fit; ++i)
            endpoint.received(1, text, false);
        QCOMPARE(hub.closed.size(), std::size_t{1});
        QCOMPARE(hub.closed.front().second, static_cast<std::uint16_t>(protocol::CloseCode::Limit));
        QCOMPARE(hub.reasons.front(), std::string{"enough"});
        m_scheduler.run();
    }
};

REGISTER_TEST(TestScheduled);
#include "tst_scheduled.moc"
