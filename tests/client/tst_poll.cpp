#include "client/storage/reader.h"
#include "client/sync/client.h"
#include "client/sync/fallback_wire.h"
#include "shared/base/json.h"
#include "tests/client/cutting_proxy.h"
#include "tests/client/scripted_desk.h"
#include "tests/client/vault_of.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

namespace tests {

using client::platform::Profile;
using client::sync::Client;
using client::sync::ConnectionState;
using client::sync::FallbackWire;
using client::sync::HttpAuth;
using client::sync::SignedIn;
using client::sync::WireEvents;

/// The way without WebSockets (sync-protocol 15.7).
class PollTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void threeFailedUpgradesChooseThePoll();
    void thePollIsLeftForTheSocketAfterTenMinutes();
    void nobodyThereIsNotAProxy();
    void helloIsAnsweredWithWelcome();
    void aNewerRequestTakesOver();
    void strangersAndNonsenseAreRefused();
    void aClosedConnectionSaysWhy();
    void theAppWorksBehindAWallThatStopsSockets();

private:
    base::Json poll(const base::Json &body, int *status = nullptr);
    QNetworkReply *send(const base::Json &body);
    base::Json hello() const;
    static std::vector<std::string> kinds(const base::Json &answer);

    RealServer m_server;
    QNetworkAccessManager m_network;
    SignedIn m_in;
    SimLoop m_loop{1};
    base::UuidMaker m_ids{m_loop.clock, m_loop.random};
};

void PollTest::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.why()));
    HttpAuth auth;
    bool done = false;
    auth.signIn(m_server.url(), {m_ids.next()}, RealServer::email, RealServer::password,
                [&](const SignedIn *in, const client::sync::AuthFailure *) {
                    done = in != nullptr;
                    if (in)
                        m_in = *in;
                });
    QTRY_VERIFY_WITH_TIMEOUT(done, 20000);
}

QNetworkReply *PollTest::send(const base::Json &body)
{
    QNetworkRequest request{QUrl{m_server.url() + QStringLiteral("/sync/v1/poll")}};
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    return m_network.post(request, QByteArray::fromStdString(base::toText(body)));
}

base::Json PollTest::poll(const base::Json &body, int *status)
{
    auto *reply = send(body);
    QEventLoop loop;
    connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    reply->deleteLater();
    if (status)
        *status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto json = base::parseJson(reply->readAll().toStdString(), {8 << 20, 40});
    return json ? *json : base::Json{};
}

base::Json PollTest::hello() const
{
    return {{"k", "hello"},
            {"proto", {1, 1}},
            {"shape", 1},
            {"app", "test"},
            {"device", m_in.identity.device.text()},
            {"token", m_in.access},
            {"codecs", {0}},
            {"epoch", 0},
            {"q", 0},
            {"scopes", base::Json::array()},
            {"undecided", base::Json::array()}};
}

std::vector<std::string> PollTest::kinds(const base::Json &answer)
{
    std::vector<std::string> found;
    for (const auto &text : base::member(answer, "down"))
        found.push_back(base::Json::parse(text.get<std::string>()).value("k", ""));
    return found;
}

void PollTest::threeFailedUpgradesChooseThePoll()
{
    ScriptedWire socket, poll;
    NodeScheduler scheduler{m_loop};
    FallbackWire wire{socket, poll, scheduler, m_loop.clock};
    int closed = 0;
    const WireEvents events{
        {}, [](std::string_view) {}, [&](int, const std::string &, base::Duration) { ++closed; }};
    for (int i = 0; i < 2; ++i) {
        wire.open(events);
        socket.end(0);
    }
    wire.open(events);
    socket.accept(); // a good one in between: they are counted in a row
    socket.end(1006);
    for (int i = 0; i < FallbackWire::patience; ++i) {
        wire.open(events);
        QVERIFY(!wire.isPolling());
        socket.end(0);
    }
    QCOMPARE(closed, 6);
    wire.open(events);
    QVERIFY(wire.isPolling());
    wire.send(R"({"k":"hello"})");
    QCOMPARE(poll.sent.size(), std::size_t{1});
    QVERIFY(socket.sent.empty());
}

void PollTest::thePollIsLeftForTheSocketAfterTenMinutes()
{
    ScriptedWire socket, poll;
    NodeScheduler scheduler{m_loop};
    FallbackWire wire{socket, poll, scheduler, m_loop.clock};
    int code = 0;
    const WireEvents events{
        {}, [](std::string_view) {}, [&](int c, const std::string &, base::Duration) { code = c; }};
    for (int i = 0; i < FallbackWire::patience; ++i) {
        wire.open(events);
        socket.end(0);
    }
    wire.open(events);
    QVERIFY(wire.isPolling());
    const auto from = m_loop.clock.monotonic();
    while (m_loop.step(from + FallbackWire::retrySocket - std::chrono::seconds{1})) {
    }
    QVERIFY(wire.isPolling());
    while (m_loop.step(from + FallbackWire::retrySocket)) {
    }
    QCOMPARE(code, 1001);
    m_loop.clock.advance(std::chrono::seconds{1});
    wire.open(events);
    QVERIFY(!wire.isPolling());
    socket.end(0); // still broken: one try was enough
    wire.open(events);
    QVERIFY(wire.isPolling());
}

void PollTest::nobodyThereIsNotAProxy()
{
    ScriptedWire socket, poll;
    NodeScheduler scheduler{m_loop};
    FallbackWire wire{socket, poll, scheduler, m_loop.clock};
    const WireEvents events{{}, [](std::string_view) {}, [](int, const std::string &, base::Duration) {}};
    for (int i = 0; i < FallbackWire::patience; ++i) {
        wire.open(events);
        socket.end(0);
    }
    wire.open(events);
    QVERIFY(wire.isPolling());
    poll.end(0); // the server is down
    wire.open(events);
    QVERIFY(!wire.isPolling());
}

void PollTest::helloIsAnsweredWithWelcome()
{
    auto answer = poll({{"up", {hello()}}});
    const auto cid = answer.value("cid", "");
    QVERIFY(cid.size() >= 20);
    std::vector<std::string> all;
    std::int64_t batch = 0;
    for (int i = 0; i < 10 && std::find(all.begin(), all.end(), "scopes") == all.end(); ++i) {
        for (const auto &kind : kinds(answer))
            all.push_back(kind);
        if (answer.contains("b")) {
            QCOMPARE(answer["b"].get<std::int64_t>(), batch + 1);
            ++batch;
        }
        if (std::find(all.begin(), all.end(), "scopes") == all.end())
            answer = poll({{"cid", cid}});
    }
    QCOMPARE(all[0], std::string{"welcome"});
    QVERIFY(std::find(all.begin(), all.end(), "scopes") != all.end());
    const auto pong = poll({{"cid", cid}, {"up", {{{"k", "ping"}, {"x", 7}}}}});
    QVERIFY(!kinds(pong).empty());
}

void PollTest::aNewerRequestTakesOver()
{
    const auto cid = poll({{"up", {hello()}}}).value("cid", "");
    for (bool quiet = false; !quiet;) { // whatever else comes at first
        auto *reply = send({{"cid", cid}});
        QTest::qWait(300);
        quiet = !reply->isFinished();
        if (quiet) { // it waits now
            const auto pong = poll({{"cid", cid}, {"up", {{{"k", "ping"}, {"x", 8}}}}});
            QVERIFY(!kinds(pong).empty());
            QTRY_VERIFY(reply->isFinished());
            const auto older = base::parseJson(reply->readAll().toStdString());
            QVERIFY(older && !older->contains("down"));
        }
        reply->deleteLater();
    }
}

void PollTest::strangersAndNonsenseAreRefused()
{
    int status = 0;
    poll({{"cid", "no-such-connection"}}, &status);
    QCOMPARE(status, 410);
    poll({{"up", "frames"}}, &status);
    QCOMPARE(status, 400);
    poll(base::Json::array(), &status);
    QCOMPARE(status, 400);
}

void PollTest::aClosedConnectionSaysWhy()
{
    auto bad = hello();
    bad["proto"] = {7, 9};
    auto answer = poll({{"up", {bad}}});
    QCOMPARE(answer["close"]["code"].get<int>(), 4010);
    int status = 0;
    poll({{"cid", answer.value("cid", "")}}, &status);
    QCOMPARE(status, 410);
    bad = hello();
    bad["token"] = "noise";
    QCOMPARE(poll({{"up", {bad}}})["close"]["code"].get<int>(), 4001);
}

void PollTest::theAppWorksBehindAWallThatStopsSockets()
{
    CuttingProxy wall{static_cast<quint16>(QUrl{m_server.url()}.port()),
                      [] { return std::numeric_limits<qint64>::max(); }};
    wall.stopsSockets = true;
    QTemporaryDir folder;
    auto profile = Profile::open(folder.path());
    QVERIFY(profile);
    auto in = m_in;
    in.identity.server = wall.url().toStdString();
    std::unique_ptr<client::platform::Keychain> keychain{Client::makeKeychain(**profile, false, nullptr)};
    bool adopted = false;
    Client::adopt(**profile, *keychain, in, [&](const base::Status &status) { adopted = bool(status); });
    QTRY_VERIFY(adopted);
    auto client = Client::open(**profile, {}, {QStringLiteral("test"), false, false, vaultOf(*keychain)});
    QVERIFY(client);
    auto &session = **client;
    QTRY_VERIFY_WITH_TIMEOUT(session.connection().kind == ConnectionState::Kind::Live, 60000);
    QVERIFY(wall.stopped >= FallbackWire::patience);

    // What happens elsewhere arrives, and what is written here goes out.
    const auto contact = m_server.post(QStringLiteral("/contacts"),
                                       {{QStringLiteral("name"), QStringLiteral("Polled Person")}});
    QVERIFY(!contact.isEmpty());
    bool seen = false;
    QObject context;
    connect(&session, &client::sync::Session::changed, &context, [&](const client::sync::Changes &changes) {
        for (const auto &change : *changes)
            seen = seen || change.type == protocol::EntityType::Contact;
    });
    QTRY_VERIFY_WITH_TIMEOUT(seen, 30000);
    std::optional<base::Result<std::vector<std::string>>> verified;
    session.verify(std::chrono::seconds{30}, [&](const auto &result) { verified = result; });
    QTRY_VERIFY_WITH_TIMEOUT(verified.has_value(), 40000);
    QVERIFY(*verified && (*verified)->empty());
}

} // namespace tests

using tests::PollTest;
REGISTER_TEST(PollTest);
#include "tst_poll.moc"
