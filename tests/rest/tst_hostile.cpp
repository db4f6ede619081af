#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <random>

using base::Json;
using tests::World;

/// Whatever is sent, the answer is a refusal and the server goes on.
class HostileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_world = std::make_unique<World>();
        tests::Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
    }
    void cleanupTestCase() { m_world.reset(); }
    void cleanup() { QCOMPARE(m_world->api("GET", World::inAccount("")).status, 200); }

    void badJsonIsRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("cut short") << QByteArray{"{\"name\":\"A"};
        QTest::newRow("no JSON") << QByteArray{"<xml/>"};
        QTest::newRow("list") << QByteArray{"[1]"};
        QTest::newRow("text after") << QByteArray{"{}{}"};
        QTest::newRow("deep") << QByteArray{"{\"a\":"} + QByteArray(100000, '[');
        QTest::newRow("not UTF-8") << QByteArray{"{\"name\":\"\xff\xfe\"}"};
        QTest::newRow("NaN") << QByteArray{R"({"inbox_id":NaN})"};
        QTest::newRow("nul") << QByteArray{"\0\0\0", 3};
    }

    void badJsonIsRefused()
    {
        QFETCH(QByteArray, body);
        const std::vector<std::pair<std::string, std::string>> doors{
            {"POST", World::inAccount("/contacts")},
            {"POST", World::inAccount("/conversations")},
            {"POST", World::inAccount("/inboxes")},
            {"POST", World::inAccount("/conversations/1/messages")},
            {"PATCH", World::inAccount("")},
            {"PUT", "/api/v1/profile"},
            {"POST", "/auth/device"},
            {"POST", "/auth/refresh"},
            {"POST", "/w/v1/session"}};
        for (const auto &[method, path] : doors) {
            const auto answer =
                m_world->request(method, path, body.toStdString(), {"api_access_token: " + m_world->token});
            QVERIFY2((answer.status == 400 || answer.status == 413),
                     (method + " " + path + " " + std::to_string(answer.status)).c_str());
            QVERIFY(Json::parse(answer.body)["code"].is_string());
        }
    }

    void tooMuchIsRefused()
    {
        const auto big = "{\"name\":\"" + std::string(2 << 20, 'x') + "\"}";
        for (const char *path : {"/contacts", "/conversations/1/messages"}) {
            const auto answer = m_world->request("POST", World::inAccount(path), big,
                                                 {"api_access_token: " + m_world->token});
            QCOMPARE(answer.status, 413);
        }
        QCOMPARE(m_world->request("POST", "/auth/device", std::string(20000, ' ')).status, 413);
        QVERIFY(m_world
                    ->api("POST", World::inAccount("/conversations/1/messages"),
                          {{"content", std::string(30000, 'x')}})
                    .status >= 400);
    }

    void wrongTypesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char *method, const char *path, const char *body) {
            QTest::addRow("%s %s %s", method, path, body)
                << QByteArray{method} << QByteArray{path} << QByteArray{body};
        };
        row("POST", "/contacts", R"({"name":{"a":1}})");
        row("POST", "/contacts", R"({"email":["x"]})");
        row("POST", "/contacts", R"({"phone_number":"12"})");
        row("POST", "/contacts", R"({"blocked":"perhaps"})");
        row("POST", "/contacts", R"({"custom_attributes":"{"})");
        row("POST", "/conversations", R"({"inbox_id":1,"contact_id":1,"status":"lost"})");
        row("POST", "/conversations", R"({"inbox_id":1,"contact_id":1,"snoozed_until":"tomorrow"})");
        row("POST", "/conversations", R"({"inbox_id":1,"contact_id":1,"assignee_id":99999999999999999999})");
        row("POST", "/conversations/1/messages", R"({"content":""})");
        row("POST", "/conversations/1/messages", R"({"content":"x","content_type":"spell"})");
        row("POST", "/conversations/1/messages", R"({"content":"x","message_type":7})");
        row("POST", "/conversations/1/messages", R"({"content":"x","private":"maybe"})");
        row("POST", "/conversations/1/toggle_status", R"({"status":5})");
        row("POST", "/conversations/1/toggle_status",
            R"({"status":"snoozed","snoozed_until":99999999999999})");
        row("POST", "/conversations/1/toggle_priority", R"({"priority":"asap"})");
        row("POST", "/conversations/1/assignments", R"({"assignee_id":"x"})");
        row("POST", "/conversations/1/custom_attributes", R"({"custom_attributes":[1]})");
        row("POST", "/conversations/1/toggle_typing_status", R"({"typing_status":"loud"})");
        row("POST", "/inboxes", R"({"name":"x","channel":{"type":"pigeon"}})");
        row("POST", "/inboxes",
            R"({"name":"x","channel":{"type":"web_widget","website_url":5.5,"widget_color":"red;}"}})");
        row("PATCH", "/inboxes/1", R"({"channel":[]})");
        row("POST", "/inbox_members", R"({"inbox_id":1,"user_ids":"all"})");
        row("POST", "/inbox_members", R"({"inbox_id":1,"user_ids":[77]})");
        row("POST", "/agents", R"({"name":"x","email":"nope","role":"agent"})");
        row("POST", "/agents", R"({"name":"x","email":"x@example.com","role":"god"})");
        row("PATCH", "", R"({"auto_resolve_after":1})");
        row("GET", "/conversations?status=lost", "");
        row("GET", "/conversations?assignee_type=everyone", "");
        row("GET", "/contacts?sort=shoe_size", "");
        row("GET", "/conversations/1/messages?before=abc", "");
    }

    void wrongTypesAreNamed()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, body);
        const auto before = m_world->head();
        const auto answer = m_world->request(method.toStdString(), World::inAccount(path.toStdString()),
                                             body.toStdString(), {"api_access_token: " + m_world->token});
        QVERIFY2(answer.status == 422, (std::to_string(answer.status) + answer.body).c_str());
        QCOMPARE(Json::parse(answer.body)["code"].get<std::string>(), std::string{"invalid"});
        QCOMPARE(m_world->head(), before);
    }

    void farPagesAreEmpty()
    {
        for (const char *page :
             {"0", "-1", "999999999", "9223372036854775807", "99999999999999999999", "x", "1e9"}) {
            for (const char *path :
                 {"/conversations?page=", "/contacts?page=", "/contacts/search?q=a&page="}) {
                const auto answer = m_world->api("GET", World::inAccount(std::string{path} + page));
                QCOMPARE(answer.status, 200);
            }
        }
    }

    void badIdsAreMissingRecords()
    {
        for (const char *id : {"0", "-1", "abc", "1'--", "9223372036854775808", "1.5", "%F0%9F%92%A5"})
            for (const char *path : {"/contacts/", "/conversations/", "/inboxes/", "/inbox_members/"}) {
                const auto answer = m_world->api("GET", World::inAccount(path + std::string{id}));
                QCOMPARE(answer.status, 404);
            }
    }

    void textIsNeverSql()
    {
        for (const char *text : {"%27%3B%20DROP%20TABLE%20contacts%3B--", "%25", "_", "%22", "%5C", "%2A",
                                 "NEAR%28", "a%20OR%20b%2A%20-"}) {
            QCOMPARE(m_world->api("GET", World::inAccount(std::string{"/contacts/search?q="} + text)).status,
                     200);
            QCOMPARE(m_world->api("GET", World::inAccount(std::string{"/conversations?q="} + text)).status,
                     200);
        }
    }

    void agentsStayInTheirLane()
    {
        const auto outsider = m_world->addAgent("outsider", false);
        QCOMPARE(m_world->api("GET", World::inAccount("/conversations/1"), {}, outsider).status, 403);
        QCOMPARE(m_world->api("GET", World::inAccount("/conversations/1/messages"), {}, outsider).status,
                 403);
        QCOMPARE(
            m_world->api("POST", World::inAccount("/conversations/1/messages"), {{"content", "x"}}, outsider)
                .status,
            403);
        QCOMPARE(m_world
                     ->api("POST", World::inAccount("/conversations/1/toggle_status"), {{"status", "open"}},
                           outsider)
                     .status,
                 403);
        QCOMPARE(m_world->api("GET", World::inAccount("/inboxes/1"), {}, outsider).status, 403);
        QCOMPARE(m_world->api("POST", World::inAccount("/inboxes"), {{"name", "x"}}, outsider).status, 403);
        QCOMPARE(m_world->api("POST", World::inAccount("/agents"), {{"name", "x"}}, outsider).status, 403);
        QCOMPARE(m_world->api("PATCH", World::inAccount(""), {{"name", "x"}}, outsider).status, 403);
        const auto list = m_world->api("GET", World::inAccount("/conversations?status=all"), {}, outsider);
        QCOMPARE(list.status, 200);
        QVERIFY(list.body["data"]["payload"].empty());
        QCOMPARE(list.body["data"]["meta"]["all_count"].get<int>(), 0);
        QVERIFY(m_world->api("GET", World::inAccount("/inboxes"), {}, outsider).body["payload"].empty());
        QVERIFY(m_world->api("GET", World::inAccount("/contacts/1/conversations"), {}, outsider)
                    .body["payload"]
                    .empty());
        const auto member = m_world->addAgent("member", true);
        QCOMPARE(m_world->api("GET", World::inAccount("/conversations/1"), {}, member).status, 200);
    }

    void framesOfRubbishEndOnlyTheirOwner()
    {
        std::mt19937 engine{20260101};
        std::printf("seed 20260101\n");
        tests::Visitor bystander{*m_world};
        const std::vector<std::string> seeds{
            R"({"k":"send","mid":"0198c0de-0000-7000-8000-000000000001","body":"x","up":[]})",
            R"({"k":"read","conv":"0198c0de-0000-7000-8000-000000000001","n":1})",
            R"({"k":"typing","on":true})", R"({"k":"ping","x":1})",
            R"({"k":"hello","token":"vt1.x","cur":""})"};
        for (int round = 0; round < 60; ++round) {
            tests::Visitor visitor{*m_world};
            for (int i = 0; i < 10; ++i) {
                auto frame = seeds[engine() % seeds.size()];
                for (int change = 0; change < 3; ++change)
                    frame[engine() % frame.size()] = static_cast<char>(32 + engine() % 95);
                if (!visitor.socket.sendFrame(1, frame))
                    break;
            }
        }
        bystander.send({{"k", "ping"}, {"x", 7}});
        QCOMPARE(bystander.next("pong")["x"].get<int>(), 7);
    }

private:
    std::unique_ptr<World> m_world;
};

REGISTER_TEST(HostileTest);
#include "tst_hostile.moc"
