#include "server/transport/agent_socket_endpoint.h"
#include "server/transport/session_thread.h"
#include "server/transport/sync_routes.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"
#include "tests/server_sync/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <condition_variable>
#include <future>
#include <set>

using namespace server;
using namespace std::chrono_literals;
using base::Json;
using tests::text;
using tests::World;

namespace {

class FakeHub : public ports::SocketHub {
public:
    void send(ports::SocketId socket, ports::SharedFrame frame) override
    {
        const std::lock_guard lock{m_mutex};
        m_sent[socket].push_back(std::move(frame));
        m_changed.notify_all();
    }
    void close(ports::SocketId socket, std::uint16_t code, std::string) override
    {
        const std::lock_guard lock{m_mutex};
        m_closed[socket] = code;
        m_changed.notify_all();
    }
    [[nodiscard]] std::size_t queued(ports::SocketId) const override { return 0; }

    /// The first frame of a kind, when it comes.
    Json wait(ports::SocketId socket, const std::string &kind)
    {
        std::unique_lock lock{m_mutex};
        Json found;
        m_changed.wait_for(lock, 30s, [&] {
            for (const auto &frame : m_sent[socket]) {
                const auto text = protocol::unpack(frame->payload, protocol::maxFrameBytes);
                found = text ? Json::parse(*text) : Json{};
                if (frame->binary && found.value("k", "") == kind)
                    return true;
            }
            return false;
        });
        return found;
    }

    int waitForClose(ports::SocketId socket)
    {
        std::unique_lock lock{m_mutex};
        m_changed.wait_for(lock, 30s, [&] { return m_closed.contains(socket); });
        return m_closed[socket];
    }

    int closeCode(ports::SocketId socket)
    {
        const std::lock_guard lock{m_mutex};
        return m_closed[socket];
    }

    ports::SharedFrame last(ports::SocketId socket)
    {
        const std::lock_guard lock{m_mutex};
        return m_sent[socket].back();
    }

private:
    std::mutex m_mutex; // guards all below
    std::condition_variable m_changed;
    std::map<ports::SocketId, std::vector<ports::SharedFrame>> m_sent;
    std::map<ports::SocketId, int> m_closed;
};

class FakeRouter : public ports::Router {
public:
    void add(ports::Route route) override { m_routes[route.pattern] = std::move(route); }
    void addWebSocket(std::string, std::shared_ptr<ports::WebSocketEndpoint>) override {}

    struct Answer {
        ports::HttpResponse response;
        std::string body;
        [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
    };

    Answer get(const std::string &path, const std::string &token,
               std::map<std::string, std::string> query = {})
    {
        ports::HttpRequest request;
        request.method = "GET";
        request.path = path;
        if (!token.empty())
            request.headers.set("Authorization", "Bearer " + token);
        request.headers.set("X-Codecs", "2, 1,0");
        for (const auto &[name, value] : query)
            request.query.emplace_back(name, value);
        Answer answer{m_routes.at(path).handler(request), {}};
        answer.body = answer.response.body;
        if (answer.response.chunks)
            while (answer.response.chunks(answer.body)) {
            }
        return answer;
    }

private:
    std::map<std::string, ports::Route> m_routes;
};

/// As often as you like, or never.
class FakeLimiter : public ports::RateLimiter {
public:
    std::optional<base::Duration> take(std::string_view, const ports::Rate &) override { return answer; }
    [[nodiscard]] std::optional<base::Duration> wait(std::string_view, const ports::Rate &) const override
    {
        return answer;
    }
    std::optional<base::Duration> answer;
};

std::vector<Json> frames(std::string_view body)
{
    std::vector<Json> all;
    for (;;) {
        const auto envelope = protocol::takeEnvelope(body, protocol::maxFrameBytes + 5);
        if (!envelope || envelope->empty())
            return body.empty() ? all : std::vector<Json>{};
        all.push_back(Json::parse(*protocol::unpack(*envelope, protocol::maxFrameBytes)));
    }
}

struct Node {
    World world;
    World::Person anna = world.addUser({0});
    base::Uuid conversation = world.addConversation(0);
    FakeLimiter limiter;
    FakeHub hub;
    transport::SessionThread thread{ports::Log{world.lines}};
    transport::AgentSocketEndpoint endpoint{thread, limiter, world.clock, [this](sync::FrameSink &sink) {
                                                return std::make_unique<sync::SessionCore>(sync::SessionParts{
                                                    thread, world.clock, world.random, *world.database,
                                                    *world.executor, world.entities, world.mutations, world,
                                                    world.ephemera, sink, ports::Log{world.lines}});
                                            }};
    std::optional<sync::ExecutorThread> executor{std::in_place, *world.executor};
    FakeRouter router;

    Node()
    {
        transport::addSyncRoutes(router, {*world.database, world, world.entities, world.clock, "1.2.3"});
    }
    ~Node()
    {
        executor.reset();
        thread.stop();
    }

    void open(ports::SocketId socket) { endpoint.opened(socket, {}, hub); }
    void say(ports::SocketId socket, const Json &frame, protocol::Codec codec = protocol::Codec::Zstd)
    {
        endpoint.received(socket, protocol::pack(base::toText(frame), codec), true);
    }
    Json hello(std::int64_t q = 0, std::int64_t epoch = 0) const
    {
        return {{"k", "hello"},
                {"device", anna.device.text()},
                {"token", anna.token},
                {"codecs", {2, 1, 0}},
                {"epoch", epoch},
                {"q", q},
                {"app", std::string(300, 'a')}};
    }
};

} // namespace

class TestTransport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void workRunsInOrderAndTimersLater()
    {
        World world;
        transport::SessionThread thread{ports::Log{world.lines}};
        std::string order;
        std::promise<void> done;
        thread.after(30ms, [&] {
            order += "t";
            done.set_value();
        });
        const auto cancelled = thread.after(1ms, [&] { order += "never"; });
        thread.cancel(cancelled);
        thread.cancel(4711);
        thread.post([&] { order += "a"; });
        thread.post([] { throw std::runtime_error{"oops"}; });
        thread.post([&] { order += "b"; });
        done.get_future().wait();
        thread.stop();
        thread.post([&] { order += "late"; });
        QCOMPARE(order, std::string{"abt"});
        QCOMPARE(world.lines->count("session_work_failed"), 1);
    }

    void whatWasPostedBeforeTheStopStillRuns()
    {
        std::atomic<int> ran = 0;
        {
            transport::SessionThread thread{{}};
            for (int i = 0; i < 1000; ++i)
                thread.post([&] { ++ran; });
        }
        QCOMPARE(ran.load(), 1000);
    }

    void anAgentWritesAndReadsOverRealThreads()
    {
        Node node;
        node.open(1);
        node.say(1, node.hello());
        QCOMPARE(text(node.hub.wait(1, "welcome")["codec"]), text(Json(2)));
        const auto scopes = node.hub.wait(1, "scopes");
        QCOMPARE(scopes["list"].size(), 4);
        node.say(1, {{"k", "mut"},
                     {"i",
                      {{{"n", 1},
                        {"mid", node.world.ids.next().text()},
                        {"lane", "ac"},
                        {"op", "message.create"},
                        {"a", {{"conv", node.conversation.text()}, {"body", "hello"}}}}}}});
        QCOMPARE(text(node.hub.wait(1, "res")["r"][0]["st"]), text(Json("ok")));
        QCOMPARE(text(node.hub.wait(1, "d")["ch"][0]["v"]["body"]), text(Json("hello")));
        node.endpoint.drain(0ms);
        QCOMPARE(node.hub.waitForClose(1), 4013);
        QCOMPARE(node.endpoint.accept({}).status, 503);
        node.endpoint.closed(1, 1000);
        QCOMPARE(node.endpoint.connections(), std::size_t{0});
    }

    void textFramesAreReadAsWell()
    {
        Node node;
        node.open(1);
        node.endpoint.received(1, base::toText(node.hello()), false);
        QCOMPARE(text(node.hub.wait(1, "welcome")["proto"]), text(Json(1)));
    }

    void aSharedDictionaryIsAgreedOnByItsName()
    {
        Node node;
        auto hello = node.hello();
        hello["codecs"] = protocol::knownCodecs();
        hello["dict"] = protocol::dictionaryName();
        node.open(1);
        node.say(1, hello);
        const auto welcome = node.hub.wait(1, "welcome");
        QCOMPARE(text(welcome["codec"]), text(Json(4)));
        QCOMPARE(text(welcome["dict"]), text(Json(protocol::dictionaryName())));
        node.say(1, {{"k", "focus"}, {"convs", Json::array()}, {"pad", std::string(300, 'a')}},
                 protocol::Codec::ZstdDictionary); // and is read as well
        node.world.addMessage(node.conversation, std::string(1000, 'x'));
        node.hub.wait(1, "d");
        QCOMPARE(static_cast<int>(node.hub.last(1)->payload[0]), 4);
        QCOMPARE(node.hub.closeCode(1), 0);

        auto second = node.hello();
        second["codecs"] = protocol::knownCodecs();
        second["dict"] = "ffffffffffffffff";
        node.open(2);
        node.say(2, second);
        const auto other = node.hub.wait(2, "welcome");
        QCOMPARE(text(other["codec"]), text(Json(2)));
        QVERIFY(!other.contains("dict"));
    }

    void viewsThatTakeTurnsArePackedOnceEach()
    {
        transport::PackedFrames packer;
        const std::string first(500, 'a');
        const std::string second(500, 'b');
        const auto one = packer.of(first, protocol::Codec::Zstd);
        const auto two = packer.of(second, protocol::Codec::Zstd);
        for (int i = 0; i < 100; ++i) {
            QCOMPARE(packer.of(first, protocol::Codec::Zstd).get(), one.get());
            QCOMPARE(packer.of(second, protocol::Codec::Zstd).get(), two.get());
        }
        QCOMPARE(packer.packed(), std::size_t{2});
        QVERIFY(packer.of(first, protocol::Codec::Zlib).get() != one.get());
        QCOMPARE(packer.packed(), std::size_t{3});
    }

    void equalFramesArePackedOnce()
    {
        Node node;
        auto second = node.anna;
        second.device = node.world.addDevice(second);
        second.token = "device:" + second.device.text();
        const auto head = node.world.number("SELECT head FROM sync_head");
        auto hello = node.hello(head, 1);
        node.open(1);
        node.say(1, hello);
        hello["device"] = second.device.text();
        hello["token"] = second.token;
        node.open(2);
        node.say(2, hello);
        node.hub.wait(2, "scopes");
        node.hub.wait(1, "scopes");
        node.world.addMessage(node.conversation, std::string(1000, 'x'));
        node.hub.wait(1, "d");
        node.hub.wait(2, "d");
        QCOMPARE(node.hub.last(1).get(), node.hub.last(2).get());
    }

    void brokenEnvelopesCloseTheConnection_data()
    {
        QTest::addColumn<QByteArray>("payload");
        const auto bomb = protocol::pack(std::string(300'000, ' '), protocol::Codec::Zstd);
        QTest::newRow("empty") << QByteArray{};
        QTest::newRow("short") << QByteArray{"\x02\x00", 2};
        QTest::newRow("unknown codec") << QByteArray{"\x09\x00\x00\x00\x02{}", 7};
        QTest::newRow("length differs") << QByteArray{"\x00\x00\x00\x00\x09{}", 7};
        QTest::newRow("garbage zstd") << QByteArray{"\x02\x00\x00\x00\x09garbage!!", 14};
        QTest::newRow("garbage zlib") << QByteArray{"\x01\x00\x00\x00\x09garbage!!", 14};
        QTest::newRow("announces 4 GiB") << QByteArray{"\x02\xff\xff\xff\xff{}", 7};
        QTest::newRow("too large inside") << QByteArray{bomb.data(), static_cast<qsizetype>(bomb.size())};
    }

    void brokenEnvelopesCloseTheConnection()
    {
        QFETCH(QByteArray, payload);
        Node node;
        node.open(1);
        node.endpoint.received(1, {payload.data(), static_cast<std::size_t>(payload.size())}, true);
        QCOMPARE(node.hub.waitForClose(1), 4011);
    }

    void aFloodIsCutOff()
    {
        Node node;
        node.open(1);
        std::promise<void> hold;
        node.thread.post([wait = hold.get_future().share()] { wait.wait(); });
        for (int i = 0; i < 300; ++i)
            node.say(1, {{"k", "ping"}});
        QCOMPARE(node.hub.waitForClose(1), 4012);
        hold.set_value();
        node.endpoint.closed(1, 4012);
        node.endpoint.received(1, "late", false);
        node.endpoint.closed(1, 4012);
        QCOMPARE(node.endpoint.connections(), std::size_t{0});
    }

    void tooManyHellosAreTurnedAwayBeforeTheUpgrade()
    {
        Node node;
        QCOMPARE(node.endpoint.accept({}).status, 101);
        node.limiter.answer = 2500ms;
        // Each is told a second of its own: at most as many in one as the node takes.
        std::map<int, int> told;
        for (int i = 0; i < 1000; ++i) {
            const auto answer = node.endpoint.accept({});
            QCOMPARE(answer.status, 503);
            ++told[std::stoi(std::string{answer.headers.get("Retry-After")})];
        }
        QCOMPARE(told.size(), std::size_t{5});
        for (const auto &[second, count] : told)
            QCOMPARE(count, 200);
        node.world.clock.advance(60s); // the line is gone
        QCOMPARE(node.endpoint.accept({}).headers.get("Retry-After"), std::string_view{"1"});
    }

    void aSnapshotComesInBundlesAndCanBeContinued()
    {
        Node node;
        for (int i = 0; i < 65; ++i) {
            const auto conversation = node.world.addConversation(0);
            for (int k = 0; k < 3; ++k)
                node.world.addMessage(conversation, std::string(500, 'x'));
        }
        const auto scope = node.world.scopeName(0);
        const auto answer =
            node.router.get("/sync/v1/snap", node.anna.token, {{"scope", scope}, {"sid", "57"}});
        QCOMPARE(answer.response.status, 200);
        QCOMPARE(answer.response.headers.get("Content-Type"),
                 std::string_view{"application/x-deskbell-bundles"});
        const auto bundles = frames(answer.body);
        QVERIFY(bundles.size() >= 4);
        std::set<std::string> seen;
        for (std::size_t i = 0; i < bundles.size(); ++i) {
            QCOMPARE(text(bundles[i]["sid"]), text(Json(57)));
            QCOMPARE(text(bundles[i]["last"]), text(Json(i + 1 == bundles.size())));
            for (const auto &row : bundles[i]["rows"])
                QVERIFY(seen.insert(row["id"].get<std::string>()).second);
        }
        QCOMPARE(seen.size(), std::size_t{66 + 65 * 3});
        QCOMPARE(text(bundles.back()["done"]), text(bundles.back()["total"]));
        QCOMPARE(text(bundles[0]["rows"][0]["lo"]), text(Json(1)));

        const auto rest = frames(node.router
                                     .get("/sync/v1/snap", node.anna.token,
                                          {{"scope", scope}, {"sid", "57"}, {"tok", bundles[1]["tok"]}})
                                     .body);
        QCOMPARE(rest.size(), bundles.size() - 2);
        QCOMPARE(text(rest[0]), text(bundles[2]));
    }

    void whatIsNotKeptComesWithoutMessages()
    {
        Node node;
        const auto cold = node.world.addConversation(0);
        node.world.addMessage(cold);
        const auto hot = node.world.addConversation(0);
        node.world.addMessage(hot);
        node.world.change([&](server::sync::WriteContext &ctx) -> base::Status {
            ctx.tx().run("UPDATE w_conversation SET rank = 1000 WHERE id = ?", {cold});
            ctx.tx().run("UPDATE w_conversation SET rank = 9000 WHERE id = ?", {hot});
            return base::Done{};
        });
        const auto bundles = frames(
            node.router
                .get("/sync/v1/snap", node.anna.token, {{"scope", node.world.scopeName(0)}, {"hot", "5000"}})
                .body);
        std::size_t messagesOfCold = 0;
        std::size_t messagesOfHot = 0;
        for (const auto &row : bundles[0]["rows"]) {
            if (row["id"] == cold.text())
                QVERIFY(!row.contains("lo"));
            if (row["id"] == hot.text())
                QVERIFY(row.contains("lo"));
            messagesOfCold += row.value("p", "") == cold.text() ? 1 : 0;
            messagesOfHot += row.value("p", "") == hot.text() ? 1 : 0;
        }
        QCOMPARE(messagesOfCold, std::size_t{0});
        QCOMPARE(messagesOfHot, std::size_t{1});
        QCOMPARE(
            node.router.get("/sync/v1/snap", node.anna.token, {{"scope", "a"}, {"hot", "x"}}).response.status,
            400);
    }

    void aBucketIsReadAloneAndWindowsAreComparedAlone()
    {
        Node node;
        const auto scope = node.world.scopeName(0);
        for (int i = 0; i < 60; ++i)
            node.world.addMessage(node.conversation);
        const auto get = [&](const std::string &path, std::map<std::string, std::string> query) {
            query["scope"] = scope;
            return node.router.get(path, node.anna.token, query);
        };
        const auto mine = node.conversation.raw()[8];
        const auto bucket = frames(get("/sync/v1/snap", {{"bucket", std::to_string(mine)}}).body)[0];
        QCOMPARE(bucket["rows"].size(), std::size_t{1});
        QCOMPARE(text(bucket["rows"][0]["id"]), text(Json(node.conversation.text())));
        QCOMPARE(text(bucket["cut"]), text(Json(false)));
        QVERIFY(frames(get("/sync/v1/snap", {{"bucket", std::to_string(mine ^ 1)}}).body)[0]["rows"].empty());
        QCOMPARE(get("/sync/v1/snap", {{"bucket", "256"}}).response.status, 400);

        const auto window = [&](int lo) {
            const auto answer =
                get("/sync/v1/digest", {{"w", node.conversation.text() + "." + std::to_string(lo)}});
            return std::string{answer.json()["w"][0]};
        };
        const auto heads = get("/sync/v1/digest", {{"of", "heads"}}).json()["b"];
        const auto all = window(1);
        const auto newest = window(40);
        QVERIFY(all != newest);
        node.world.change([&](server::sync::WriteContext &ctx) -> base::Status {
            const auto id = ctx.tx().one("SELECT id FROM w_message WHERE conversation = ? AND n = 5",
                                         {node.conversation});
            ctx.record(protocol::EntityType::Message, id->uuid(0), scope, node.conversation);
            return base::Done{};
        });
        QVERIFY(window(1) != all);
        QCOMPARE(window(40), newest);
        QCOMPARE(text(get("/sync/v1/digest", {{"of", "heads"}}).json()["b"]), text(heads));
        QCOMPARE(get("/sync/v1/digest", {{"w", node.conversation.text()}}).response.status, 400);
        const auto elsewhere = get("/sync/v1/digest", {{"w", node.world.ids.next().text() + ".1"}}).json();
        QCOMPARE(text(elsewhere["w"][0]), text(Json("")));
    }

    void aSnapshotOfHugeMessagesStaysBelowTheFrameLimit()
    {
        Node node;
        for (int i = 0; i < 50; ++i)
            node.world.addMessage(node.conversation, std::string(80'000, 'x'));
        const auto bundles = frames(
            node.router.get("/sync/v1/snap", node.anna.token, {{"scope", node.world.scopeName(0)}}).body);
        QVERIFY(!bundles.empty());
        const auto low = bundles[0]["rows"][0]["lo"].get<int>();
        QVERIFY(low > 1 && low < 50);
        QCOMPARE(bundles[0]["rows"][1]["v"]["n"].get<int>(), low);
        const auto window =
            frames(node.router
                       .get("/sync/v1/window", node.anna.token,
                            {{"conv", node.conversation.text()}, {"before", std::to_string(low)}})
                       .body)[0];
        QCOMPARE(window["hi"].get<int>(), low - 1);
        QCOMPARE(window["rows"].back()["v"]["n"].get<int>(), low - 1);
    }

    void windowsGoBackInTime()
    {
        Node node;
        for (int i = 0; i < 120; ++i)
            node.world.addMessage(node.conversation);
        const auto window = [&](const std::string &before) {
            return frames(node.router
                              .get("/sync/v1/window", node.anna.token,
                                   {{"conv", node.conversation.text()}, {"before", before}, {"limit", "50"}})
                              .body)[0];
        };
        const auto newest = window("0");
        QCOMPARE(text(newest["lo"]), text(Json(71)));
        QCOMPARE(text(newest["hi"]), text(Json(120)));
        QCOMPARE(newest["rows"].size(), 50);
        QCOMPARE(text(window("71")["lo"]), text(Json(21)));
        const auto oldest = window("21");
        QCOMPARE(text(oldest["lo"]), text(Json(1)));
        QCOMPARE(text(oldest["hi"]), text(Json(20)));
        QCOMPARE(window("1")["rows"].size(), 0);
    }

    void whatIsNotVisibleIsNotShown()
    {
        Node node;
        const auto other = node.world.addConversation(1);
        node.world.addMessage(other);
        const auto window =
            frames(node.router.get("/sync/v1/window", node.anna.token, {{"conv", other.text()}}).body)[0];
        QCOMPARE(text(window["visible"]), text(Json(false)));
        QVERIFY(window["rows"].empty());
        for (const auto *path : {"/sync/v1/snap", "/sync/v1/digest"}) {
            const auto answer = node.router.get(path, node.anna.token, {{"scope", node.world.scopeName(1)}});
            QCOMPARE(answer.response.status, 403);
            QCOMPARE(text(answer.json()["code"]), text(Json("not_visible")));
        }
    }

    void strangersAreSentToSignIn()
    {
        Node node;
        for (const auto *path : {"/sync/v1/snap", "/sync/v1/digest", "/sync/v1/window"})
            for (const auto *token : {"", "device:nonsense"}) {
                const auto answer =
                    node.router.get(path, token, {{"scope", "a"}, {"conv", node.conversation.text()}});
                QCOMPARE(answer.response.status, 401);
                QCOMPARE(text(answer.json()["code"]), text(Json("unauthorized")));
            }
        node.world.setActive(node.anna, false);
        QCOMPARE(text(node.router.get("/sync/v1/snap", node.anna.token, {{"scope", "a"}}).json()["code"]),
                 text(Json("user_disabled")));
    }

    void nonsenseInTheQueryIsRefused()
    {
        Node node;
        const auto status = [&](const std::string &path, std::map<std::string, std::string> query) {
            return node.router.get(path, node.anna.token, std::move(query)).response.status;
        };
        QCOMPARE(status("/sync/v1/snap", {{"scope", "a"}, {"sid", "x"}}), 400);
        QCOMPARE(status("/sync/v1/snap", {{"scope", "a"}, {"min", "-1"}}), 400);
        QCOMPARE(status("/sync/v1/snap", {{"scope", "a"}, {"tok", "!!"}}), 400);
        QCOMPARE(status("/sync/v1/snap", {{"scope", "a"}, {"tok", std::string(5000, 'a')}}), 400);
        QCOMPARE(status("/sync/v1/snap", {{"scope", "a"}, {"tok", "e30"}}), 400);
        QCOMPARE(status("/sync/v1/snap", {{"scope", "a"}, {"min", "999999"}}), 503);
        QCOMPARE(status("/sync/v1/window", {{"conv", "x"}}), 400);
        QCOMPARE(status("/sync/v1/window",
                        {{"conv", node.conversation.text()}, {"before", "99999999999999999999"}}),
                 400);
    }

    void healthNeedsNoSignIn()
    {
        Node node;
        const auto health = node.router.get("/sync/v1/health", "").json();
        QCOMPARE(text(health["version"]), text(Json("1.2.3")));
        QCOMPARE(text(health["proto"]), text(Json({1, 1})));
    }
};

REGISTER_TEST(TestTransport);
#include "tst_transport.moc"
