#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using tests::Visitor;
using tests::World;

namespace {

constexpr const char *canary = "CANARY-do-not-tell";

std::string all(const Visitor &visitor)
{
    std::string text = base::toText(visitor.welcome);
    for (const auto &frame : visitor.seen)
        text += base::toText(frame);
    return text;
}

} // namespace

/// The widget's session over a real socket (docs/protocol.md B).
class VisitorsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void nothingIsStoredBeforeTheFirstMessage()
    {
        const auto session = m_world->session();
        QVERIFY(session["token"].get<std::string>().starts_with("vt1."));
        QVERIFY(!session["visitor"]["name"].get<std::string>().empty());
        QCOMPARE(session["cfg"]["site"].get<std::string>(), std::string{"Acme site"});
        QCOMPARE(session["agents_online"].get<bool>(), false);
        QVERIFY(session["rows"].empty() && session["conv"].empty());
        Visitor visitor{*m_world, session["token"]};
        QVERIFY(visitor.welcome["rows"].empty());
        QCOMPARE(countContacts(), 0);
        visitor.say("Hello", m_world->ids.next().text());
        QCOMPARE(countContacts(), 1);
    }

    void aRepeatedMessageIsStoredOnce()
    {
        Visitor visitor{*m_world};
        const auto mid = m_world->ids.next().text();
        const auto first = visitor.say("Hello", mid);
        QCOMPARE(first["k"].get<std::string>(), std::string{"ok"});
        QVERIFY(!first.contains("dup"));
        const auto again = visitor.say("Hello", mid);
        QCOMPARE(again["k"].get<std::string>(), std::string{"ok"});
        QCOMPARE(again["dup"].get<bool>(), true);
        QVERIFY(again["n"] == first["n"]);
        QVERIFY(again["conv"] == first["conv"]);
        QCOMPARE(messages(1).size(), std::size_t{1});
    }

    void answersArriveLiveAndAfterAGap()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        reply("First answer");
        const auto pushed = nextMessage(visitor, "First answer");
        QCOMPARE(pushed["dir"].get<std::string>(), std::string{"out"});
        QCOMPARE(pushed["from"]["name"].get<std::string>(), std::string{"Ada Lovelace"});

        const auto cursor = lastCursor(visitor);
        const auto token = visitor.token;
        reply("While away");
        Visitor back{*m_world, token, cursor};
        QVERIFY(!back.welcome.contains("full"));
        std::vector<std::string> bodies;
        for (const auto &row : back.welcome["rows"])
            bodies.push_back(row["body"]);
        QVERIFY(std::find(bodies.begin(), bodies.end(), "While away") != bodies.end());
        QVERIFY(std::find(bodies.begin(), bodies.end(), "Hello") == bodies.end());
    }

    void anUnknownCursorBringsEverything()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        Visitor stranger{*m_world};
        for (const std::string &cursor :
             {std::string{}, std::string{"rubbish"}, stranger.welcome["cur"].get<std::string>()}) {
            Visitor back{*m_world, visitor.token, cursor};
            QCOMPARE(back.welcome["full"].get<bool>(), true);
            QCOMPARE(back.welcome["rows"].size(), std::size_t{1});
        }
    }

    void notesAndInternalsStayInside()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        Visitor other{*m_world};
        other.say(std::string{"other "} + canary, m_world->ids.next().text());
        m_world->api("POST", World::inAccount("/conversations/1/messages"),
                     {{"content", std::string{"note "} + canary}, {"private", true}});
        m_world->api("POST", World::inAccount("/conversations/1/custom_attributes"),
                     {{"custom_attributes", {{"x", canary}}}});
        m_world->api("POST", World::inAccount("/conversations/1/assignments"), {{"assignee_id", 1}});
        m_world->api("POST", World::inAccount("/conversations/1/toggle_priority"), {{"priority", "urgent"}});
        m_world->api("PUT", World::inAccount("/contacts/1"),
                     {{"name", std::string{"Known as "} + "Bob"}, {"custom_attributes", {{"y", canary}}}});
        reply("Public");
        nextMessage(visitor, "Public");
        Visitor again{*m_world, visitor.token};
        const auto session = m_world->session(visitor.token);
        for (const auto &text : {all(visitor), all(again), base::toText(session)}) {
            QVERIFY2(text.find(canary) == std::string::npos, text.c_str());
            for (const char *secret :
                 {"ada@example.com", "urgent", "assign:", "priority", "\"user\"", "\"kind\""})
                QVERIFY2(text.find(secret) == std::string::npos, secret);
            QVERIFY(text.find(adaId()) == std::string::npos);
        }
    }

    void aNoteIsNotEvenNoticed()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        m_world->api("POST", World::inAccount("/conversations/1/messages"),
                     {{"content", "secret"}, {"private", true}});
        reply("Public");
        nextMessage(visitor, "Public");
        int pushes = 0;
        for (const auto &frame : visitor.seen)
            pushes += frame["k"] == "m" ? 1 : 0;
        QVERIFY2(pushes <= 2, base::toText(Json(visitor.seen)).c_str()); // own message, the answer
    }

    void aResolvedConversationIsFollowedByANewOne()
    {
        Visitor visitor{*m_world};
        const auto first = visitor.say("One", m_world->ids.next().text());
        m_world->api("POST", World::inAccount("/conversations/1/toggle_status"), {{"status", "resolved"}});
        const auto second = visitor.say("Two", m_world->ids.next().text());
        QVERIFY(first["conv"] != second["conv"]);
        Visitor back{*m_world, visitor.token};
        QCOMPARE(back.welcome["conv"].size(), std::size_t{2});
    }

    void readingIsToldAndUnreadCounts()
    {
        Visitor visitor{*m_world};
        const auto ok = visitor.say("Hello", m_world->ids.next().text());
        reply("Answer");
        nextMessage(visitor, "Answer");
        Visitor tab{*m_world, visitor.token};
        QCOMPARE(tab.welcome["conv"][0]["unread"].get<int>(), 1);
        visitor.send({{"k", "read"}, {"conv", ok["conv"]}, {"n", 2}});
        Json row;
        for (auto frame = tab.next("m"); frame.contains("rows"); frame = tab.next("m")) {
            for (const auto &candidate : frame["rows"])
                if (candidate["t"] == "conv")
                    row = candidate;
            if (!row.is_null() && row["unread"] == 0)
                break;
        }
        QVERIFY(row.is_object());
        QCOMPARE(row["read_n"].get<int>(), 2);
    }

    void typingGoesBothWays()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        m_world->api("POST", World::inAccount("/conversations/1/toggle_typing_status"),
                     {{"typing_status", "on"}, {"is_private", true}});
        m_world->api("POST", World::inAccount("/conversations/1/toggle_typing_status"),
                     {{"typing_status", "on"}});
        const auto typing = visitor.next("typing");
        QCOMPARE(typing["who"].get<std::string>(), std::string{"Ada Lovelace"});
        QCOMPARE(typing["on"].get<bool>(), true);

        std::promise<server::sync::EphemeralEvent> heard;
        std::atomic<bool> once{false};
        m_world->ephemera.listen([&](const server::sync::EphemeralEvent &event) {
            if (!event.byUser && event.kind == server::sync::EphemeralEvent::Kind::Composing &&
                !once.exchange(true))
                heard.set_value(event);
        });
        visitor.send({{"k", "typing"}, {"on", true}});
        auto future = heard.get_future();
        QVERIFY(future.wait_for(tests::patience) == std::future_status::ready);
        QVERIFY(!future.get().name.empty());
    }

    void presenceOfAgentsIsTold()
    {
        Visitor visitor{*m_world};
        const auto id = adaUuid();
        m_world->ephemera.connected(1, true, id);
        QCOMPARE(visitor.next("presence")["agents_online"].get<bool>(), true);
        m_world->ephemera.disconnected(1, true, id);
        QCOMPARE(visitor.next("presence")["agents_online"].get<bool>(), false);
    }

    void refusalsNameTheirReason_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("uploads");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("empty") << QByteArray{"  \n"} << QByteArray{"[]"} << QByteArray{"empty"};
        QTest::newRow("too long") << QByteArray(2001, 'x') << QByteArray{"[]"} << QByteArray{"too_long"};
        QTest::newRow("as long as may be") << QByteArray(2000, 'x') << QByteArray{"[]"} << QByteArray{};
        QTest::newRow("no such upload")
            << QByteArray{"x"} << QByteArray{R"(["0198c0de-0000-7000-8000-000000000001"])"}
            << QByteArray{"upload_missing"};
        QTest::newRow("bad upload id")
            << QByteArray{"x"} << QByteArray{R"(["../../etc/passwd"])"} << QByteArray{"invalid"};
    }

    void refusalsNameTheirReason()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, uploads);
        QFETCH(QByteArray, code);
        Visitor visitor{*m_world};
        const auto answer =
            visitor.say(body.toStdString(), m_world->ids.next().text(), Json::parse(uploads.toStdString()));
        QCOMPARE(QByteArray::fromStdString(answer.value("code", "")), code);
    }

    void aBlockedContactIsRefused()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        m_world->api("PUT", World::inAccount("/contacts/1"), {{"blocked", true}});
        QCOMPARE(visitor.say("More", m_world->ids.next().text())["code"].get<std::string>(),
                 std::string{"blocked"});
    }

    void tooManyMessagesAreAskedToWait()
    {
        Visitor visitor{*m_world};
        m_world->limiter.isOpen = false;
        int refused = 0;
        for (int i = 0; i < 14; ++i) {
            const auto answer = visitor.say("again", m_world->ids.next().text());
            if (answer["k"] == "no") {
                QCOMPARE(answer["code"].get<std::string>(), std::string{"rate"});
                QVERIFY(answer["ms"].get<int>() > 0);
                ++refused;
            }
        }
        QVERIFY(refused > 0);
    }

    void sessionsAreLimitedPerAddress()
    {
        m_world->limiter.isOpen = false;
        const auto known = m_world->session();
        QVERIFY(!known.is_null());
        tests::Answer answer;
        for (int i = 0; i < 20 && answer.status != 428; ++i)
            answer = m_world->request("POST", "/w/v1/session",
                                      base::toText(Json{{"site", m_world->websiteToken}}));
        QCOMPARE(answer.status, 428);
        const auto pow = Json::parse(answer.body)["pow"];
        QVERIFY(pow["bits"].get<int>() >= 16 && !pow["salt"].get<std::string>().empty());
        QVERIFY(!m_world->session(known["token"]).is_null()); // who is known goes on
    }

    void strangersAreTurnedAway()
    {
        QCOMPARE(m_world->request("POST", "/w/v1/session", R"({"site":"nope"})").status, 404);
        const auto forged = m_world->session("vt1.AAAA");
        QVERIFY(forged["token"].get<std::string>() != "vt1.AAAA");
        for (const auto &[frame, code] :
             std::vector<std::pair<std::string, int>>{{R"({"k":"hello","token":"vt1.AAAA"})", 4001},
                                                      {R"({"k":"hello"})", 4001},
                                                      {R"({"k":"send","body":"x"})", 4000},
                                                      {"{", 4011},
                                                      {"[1,2]", 4011},
                                                      {std::string(5000, '['), 4011},
                                                      {std::string(17 * 1024, 'x'), 1009}}) {
            tests::RawClient socket{m_world->port()};
            QVERIFY(socket.upgrade("/w/v1/ws"));
            socket.sendFrame(1, frame);
            const auto answer = socket.message();
            QVERIFY(answer.has_value());
            QCOMPARE(answer->closeCode(), code);
        }
        tests::RawClient binary{m_world->port()};
        QVERIFY(binary.upgrade("/w/v1/ws"));
        binary.sendFrame(2, "{}");
        QCOMPARE(binary.message()->closeCode(), 4011);
        QVERIFY(!m_world->session().is_null());
    }

    void filesOfVisitorsReachAgentsAndBack()
    {
        Visitor visitor{*m_world};
        const auto id = m_world->ids.next().text();
        const auto stored =
            m_world->upload("/w/v1/up", visitor.token, id, "..%2F..%2Fplan%20b.txt", "the plan");
        QCOMPARE(stored.status, 201);
        QCOMPARE(stored.body["name"].get<std::string>(), std::string{"plan b.txt"});
        QCOMPARE(m_world->upload("/w/v1/up", visitor.token, id, "plan.txt", "the plan").status, 200);
        Visitor thief{*m_world};
        QCOMPARE(m_world->upload("/w/v1/up", thief.token, id, "plan.txt", "mine now").status, 409);
        QCOMPARE(thief.say("steal", m_world->ids.next().text(), {id})["code"].get<std::string>(),
                 std::string{"invalid"});

        QCOMPARE(visitor.say("", m_world->ids.next().text(), {id})["k"].get<std::string>(),
                 std::string{"ok"});
        Visitor back{*m_world, visitor.token};
        const auto file = back.welcome["rows"][0]["att"][0];
        const auto answer = m_world->request("GET", file["url"]);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string{"the plan"});
        QVERIFY(answer.header("Content-Disposition").starts_with("attachment"));
    }

    void pagesCarryTheirPolicies()
    {
        const auto loader = m_world->request("GET", "/w.js");
        QCOMPARE(loader.status, 200);
        QCOMPARE(loader.header("Cross-Origin-Resource-Policy"), std::string{"cross-origin"});
        QVERIFY(loader.header("Cache-Control").find("max-age=300") != std::string::npos);
        QCOMPARE(m_world->request("GET", "/w.js", {}, {"If-None-Match: \"l1\""}).status, 304);
        QVERIFY(
            m_world->request("GET", "/widget/app-ABCDEFGH.js").header("Cache-Control").find("immutable") !=
            std::string::npos);
        QCOMPARE(m_world->request("GET", "/widget/index.html").status, 404);
        QCOMPARE(m_world->request("GET", "/widget?website_token=nope").status, 404);

        const auto open = m_world->request("GET", "/widget?website_token=" + m_world->websiteToken);
        QCOMPARE(open.status, 200);
        QVERIFY(open.header("Content-Security-Policy").find("frame-ancestors") == std::string::npos);
        QVERIFY(open.header("Content-Security-Policy").find("script-src 'self';") != std::string::npos);
        m_world->api("PATCH", World::inAccount("/inboxes/1"),
                     {{"channel", {{"allowed_domains", "acme.example, *.acme.example,bad;domain"}}}});
        const auto closed = m_world->request("GET", "/widget?website_token=" + m_world->websiteToken);
        QVERIFY(closed.header("Content-Security-Policy")
                    .find("frame-ancestors 'self' acme.example *.acme.example") != std::string::npos);

        const auto demo = m_world->request("GET", "/demo");
        QCOMPARE(demo.status, 200);
        QVERIFY(demo.body.find("data-website-token=\"" + m_world->websiteToken + "\"") != std::string::npos);
    }

    void aRestartOfTheConnectionLosesNothing()
    {
        std::string token;
        std::string cursor;
        std::vector<std::string> got;
        const auto take = [&](const Json &rows) {
            for (const auto &row : rows)
                if (row["t"] == "message" && row["dir"] == "out")
                    got.push_back(row["body"]);
        };
        for (int round = 0; round < 5; ++round) {
            Visitor visitor{*m_world, token, cursor};
            token = visitor.token;
            take(visitor.welcome["rows"]);
            cursor = visitor.welcome["cur"];
            if (round == 0)
                visitor.say("Hello", m_world->ids.next().text());
            reply("live " + std::to_string(round));
            nextMessage(visitor, "live " + std::to_string(round));
            for (const auto &frame : visitor.seen)
                if (frame["k"] == "m") {
                    take(frame["rows"]);
                    cursor = frame["cur"];
                }
            reply("away " + std::to_string(round));
        }
        Visitor last{*m_world, token, cursor};
        take(last.welcome["rows"]);
        for (int round = 0; round < 5; ++round)
            for (const char *kind : {"live ", "away "})
                QVERIFY2(std::count(got.begin(), got.end(), kind + std::to_string(round)) >= 1,
                         (kind + std::to_string(round)).c_str());
    }

private:
    int countContacts()
    {
        std::int64_t count = 0;
        m_world->database->read([&](server::storage::Transaction &tx) {
            count = server::contacts::ContactStore{tx}
                        .page(1, server::contacts::ContactOrder::Name, false, 0, 50, true)
                        .total;
        });
        return static_cast<int>(count);
    }

    Json messages(int conversation)
    {
        return m_world
            ->api("GET", World::inAccount("/conversations/" + std::to_string(conversation) + "/messages"))
            .body["payload"];
    }

    void reply(const std::string &text)
    {
        const auto answer =
            m_world->api("POST", World::inAccount("/conversations/1/messages"), {{"content", text}});
        QCOMPARE(answer.status, 200);
    }

    // The row with this text; the frames up to it are in `seen`.
    static Json nextMessage(Visitor &visitor, const std::string &text)
    {
        for (;;) {
            auto frame = visitor.next("m");
            if (!frame.contains("rows"))
                return {};
            visitor.seen.push_back(frame);
            for (const auto &row : frame["rows"])
                if (row.value("body", "") == text)
                    return row;
        }
    }

    static std::string lastCursor(const Visitor &visitor)
    {
        std::string cursor = visitor.welcome["cur"];
        for (const auto &frame : visitor.seen)
            cursor = frame.value("cur", cursor);
        return cursor;
    }

    base::Uuid adaUuid()
    {
        base::Uuid id;
        m_world->database->read([&](server::storage::Transaction &tx) {
            id = server::accounts::UserStore{tx}.member(1, std::int64_t{1})->user.id.value;
        });
        return id;
    }
    std::string adaId() { return adaUuid().text(); }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(VisitorsTest);
#include "tst_visitors.moc"
