#include "shared/base/text.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using base::Json;
using tests::World;

namespace {

std::string text(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : "?" + value.dump();
}

/// A contact's program at `/cable`.
class Listener {
public:
    explicit Listener(World &world) : m_socket{world.port()}
    {
        isUp = m_socket.upgrade("/cable",
                                "Sec-WebSocket-Protocol: actioncable-v1-json, actioncable-unsupported\r\n"
                                "Origin: https://anywhere.example\r\n");
    }
    void command(const char *name, const std::string &identifier, const Json &more = Json::object())
    {
        Json frame{{"command", name}, {"identifier", identifier}};
        frame.update(more);
        m_socket.sendFrame(1, frame.dump());
    }
    void raw(int opcode, const std::string &bytes) { m_socket.sendFrame(opcode, bytes); }
    /// The next frame that is no ping of the sub-protocol; `closed` with the code at the end.
    Json next()
    {
        while (const auto frame = m_socket.message()) {
            if (frame->opcode != 1)
                return {{"closed", frame->closeCode()}};
            auto json = base::parseJson(frame->payload);
            if (!json || json->value("type", "") != "ping")
                return json ? *json : Json{};
            ++pings;
        }
        return {};
    }
    /// The data of the next event of this name; others are passed over.
    Json event(const std::string &name)
    {
        for (auto frame = next(); !frame.is_null() && !frame.contains("closed"); frame = next())
            if (frame.contains("message") && text(frame["message"]["event"]) == name)
                return frame["message"]["data"];
            else if (frame.contains("message"))
                passed.push_back(text(frame["message"]["event"]));
        return {};
    }
    /// Subscribes; the type of the answer.
    std::string listen(const std::string &token)
    {
        const auto identifier = Json{{"channel", "RoomChannel"}, {"pubsub_token", token}}.dump();
        command("subscribe", identifier);
        const auto answer = next();
        return text(answer["identifier"]) == identifier ? text(answer["type"]) : answer.dump();
    }

    bool isUp = false;
    int pings = 0;
    std::vector<std::string> passed;

private:
    tests::RawClient m_socket;
};

} // namespace

/// Realtime for the programs of contacts: what they hear, what they do not, and who else asks.
class CableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_world = std::make_unique<World>();
        m_world->api("PATCH", World::inAccount(""), {{"undo_send_s", 0}}); // what is said is out
        const auto made = m_world->api("POST", World::inAccount("/inboxes"),
                                       {{"name", "App"}, {"channel", {{"type", "api"}}}});
        m_inbox = text(made.body["inbox_identifier"]);
        m_secret = text(made.body["hmac_token"]);
        m_world->api("POST", World::inAccount("/inbox_members"),
                     {{"inbox_id", made.body["id"]}, {"user_ids", {1}}});
        m_alice = call("POST", "/contacts", {{"name", "Alice"}});
        m_path = "/contacts/" + text(m_alice["source_id"]);
        m_conversation = call("POST", m_path + "/conversations", Json::object())["id"].dump();
    }
    void cleanup() { m_world.reset(); }

    void aContactHearsWhatIsTheirs()
    {
        Listener alice{*m_world};
        QVERIFY(alice.isUp);
        QCOMPARE(text(alice.next()["type"]), std::string{"welcome"});
        QCOMPARE(alice.listen(token(m_alice)), std::string{"confirm_subscription"});
        QVERIFY(alice.event("presence.update")["users"].is_object());

        say({{"content", "Hello"}});
        auto heard = alice.event("message.created");
        QCOMPARE(text(heard["content"]), std::string{"Hello"});
        QCOMPARE(heard["message_type"].get<int>(), 1);
        QCOMPARE(heard["conversation_id"].dump(), m_conversation);
        QCOMPARE(heard["account_id"].get<int>(), 1);
        QVERIFY(heard.dump().find("ada@example.com") == std::string::npos);

        call("POST", m_path + "/conversations/" + m_conversation + "/messages",
             {{"content", "Mine"}, {"echo_id", "e-1"}});
        heard = alice.event("message.created");
        QCOMPARE(text(heard["echo_id"]), std::string{"e-1"});

        const auto asked = say({{"content", "Pick"},
                                {"content_type", "input_select"},
                                {"content_attributes", {{"items", {{{"title", "Y"}, {"value", "y"}}}}}}});
        alice.event("message.created");
        call("PATCH", m_path + "/conversations/" + m_conversation + "/messages/" + asked["id"].dump(),
             {{"submitted_values", {{{"title", "Y"}, {"value", "y"}}}}});
        heard = alice.event("message.updated");
        QCOMPARE(text(heard["content_attributes"]["submitted_values"][0]["value"]), std::string{"y"});

        typing("on", false);
        heard = alice.event("conversation.typing_on");
        QCOMPARE(heard["conversation"]["id"].dump(), m_conversation);
        QCOMPARE(text(heard["user"]["name"]), std::string{"Ada Lovelace"});
        typing("off", false);
        QVERIFY(!alice.event("conversation.typing_off").is_null());

        m_world->api("POST", World::inAccount("/conversations/" + m_conversation + "/toggle_status"),
                     {{"status", "resolved"}});
        QCOMPARE(text(alice.event("conversation.status_changed")["status"]), std::string{"resolved"});

        const auto second = call("POST", m_path + "/conversations", Json::object());
        QCOMPARE(alice.event("conversation.created")["id"].dump(), second["id"].dump());
    }

    void notesAndOthersAreNotHeard()
    {
        const auto bobs = call("POST", "/contacts", {{"name", "Bob"}});
        Listener alice{*m_world};
        Listener bob{*m_world};
        QCOMPARE(text(alice.next()["type"]), std::string{"welcome"});
        QCOMPARE(text(bob.next()["type"]), std::string{"welcome"});
        QCOMPARE(alice.listen(token(m_alice)), std::string{"confirm_subscription"});
        QCOMPARE(bob.listen(token(bobs)), std::string{"confirm_subscription"});
        typing("on", true);
        say({{"content", "secret"}, {"private", true}});
        m_world->api("POST", World::inAccount("/conversations/" + m_conversation + "/toggle_priority"),
                     {{"priority", "high"}});
        say({{"content", "public"}});
        QCOMPARE(text(alice.event("message.created")["content"]), std::string{"public"});
        QVERIFY(alice.passed == std::vector<std::string>{"presence.update"});
        // What Bob hears next is his own.
        const auto path = "/contacts/" + text(bobs["source_id"]) + "/conversations";
        const auto id = call("POST", path, Json::object())["id"].dump();
        call("POST", path + "/" + id + "/messages", {{"content", "Bob's"}});
        QCOMPARE(text(bob.event("message.created")["content"]), std::string{"Bob's"});
        QVERIFY((bob.passed == std::vector<std::string>{"presence.update", "conversation.created"}));
    }

    void whoIsProvenHearsTheSameOnEveryDevice()
    {
        const auto hash = base::toHex(m_world->crypto.hmacSha256(m_secret, "u-1"));
        const Json claim{{"identifier", "u-1"}, {"identifier_hash", hash}};
        const auto phone = call("POST", "/contacts", claim);
        const auto laptop = call("POST", "/contacts", claim);
        QVERIFY(phone["source_id"] != laptop["source_id"]);
        Listener listener{*m_world};
        listener.next();
        QCOMPARE(listener.listen(token(laptop)), std::string{"confirm_subscription"});
        const auto path = "/contacts/" + text(phone["source_id"]) + "/conversations";
        const auto id = call("POST", path, Json::object())["id"].dump();
        call("POST", path + "/" + id + "/messages", {{"content", "From the phone"}});
        QCOMPARE(text(listener.event("message.created")["content"]), std::string{"From the phone"});
    }

    void theContactIsThereWhileTheyListen()
    {
        const auto isThere = [&] {
            const auto shown = m_world->api("GET", World::inAccount("/contacts/" + m_alice["id"].dump()));
            return text(shown.body["payload"]["availability_status"]) == "online";
        };
        QVERIFY(!isThere());
        {
            Listener alice{*m_world};
            alice.next();
            QCOMPARE(alice.listen(token(m_alice)), std::string{"confirm_subscription"});
            alice.event("presence.update");
            QVERIFY(isThere());
        }
        QTRY_VERIFY(!isThere());
    }

    void pingsComeWithinTheOtherSidesPatience()
    {
        Listener alice{*m_world};
        alice.next();
        QCOMPARE(alice.listen(token(m_alice)), std::string{"confirm_subscription"});
        alice.event("presence.update");
        QElapsedTimer clock;
        clock.start();
        std::thread later{[this] {
            QTest::qWait(7000);
            say({{"content", "after"}});
        }};
        alice.event("message.created");
        later.join();
        QVERIFY(alice.pings >= 2);
    }

    void whoHasNoTokenHearsNothing()
    {
        Listener mallory{*m_world};
        mallory.next();
        const auto good = token(m_alice);
        auto forged = good;
        forged.back() = forged.back() == 'a' ? 'b' : 'a';
        for (const auto &wrong : {std::string{}, forged, "1" + good, good.substr(0, 20), std::string{"1-"},
                                  std::string(90, '-'), m_world->token, m_world->websiteToken})
            QCOMPARE(mallory.listen(wrong), std::string{"reject_subscription"});
        for (const auto *identifier : {"{}", "[]", "x", R"({"channel":"OtherChannel"})",
                                       R"({"channel":"RoomChannel","pubsub_token":{"a":1}})"}) {
            mallory.command("subscribe", identifier);
            QCOMPARE(text(mallory.next()["type"]), std::string{"reject_subscription"});
        }
        say({{"content", "not for you"}});
        QCOMPARE(mallory.listen(good), std::string{"confirm_subscription"});
        QVERIFY(mallory.next()["message"]["event"] == "presence.update");
        mallory.command("unsubscribe", Json{{"channel", "RoomChannel"}, {"pubsub_token", good}}.dump());
    }

    void nonsenseEndsTheConnection()
    {
        for (const auto &[opcode, bytes] : std::vector<std::pair<int, std::string>>{
                 {1, "{"},
                 {1, "[]"},
                 {1, R"({"command":"subscribe"})"},
                 {1, R"({"command":"sing","identifier":"x"})"},
                 {1, R"({"command":1,"identifier":2})"},
                 {1, std::string(2000, '[')},
                 {1, Json{{"command", "subscribe"}, {"identifier", std::string(600, 'x')}}.dump()},
                 {2, "binary"}}) {
            Listener mallory{*m_world};
            mallory.next();
            mallory.raw(opcode, bytes);
            const auto said = mallory.next();
            QVERIFY2(text(said["type"]) == "disconnect" && said["reconnect"] == false, bytes.c_str());
            QVERIFY(mallory.next().contains("closed"));
        }
        Listener large{*m_world};
        large.next();
        large.raw(1, std::string(5000, ' '));
        QVERIFY(large.next().contains("closed"));
    }

    void limitsHold()
    {
        std::vector<std::unique_ptr<Listener>> all;
        for (int i = 0; i < 10; ++i) {
            all.push_back(std::make_unique<Listener>(*m_world));
            all.back()->next();
            QCOMPARE(all.back()->listen(token(m_alice)), std::string{"confirm_subscription"});
        }
        Listener eleventh{*m_world};
        eleventh.next();
        QCOMPARE(eleventh.listen(token(m_alice)), std::string{"reject_subscription"});

        m_world->limiter.isOpen = false;
        for (int i = 0; i < 25; ++i)
            eleventh.command("message", "x", {{"data", "{}"}});
        const auto said = eleventh.next();
        QCOMPARE(said.value("type", ""), std::string{"disconnect"});
        QVERIFY(said.value("reconnect", false));
        // More than may wait at once is not looked at at all.
        Listener flood{*m_world};
        flood.next();
        for (int i = 0; i < 500; ++i)
            flood.command("message", "x", {{"data", "{}"}});
        while (!flood.next().contains("closed"))
            ;
    }

    void aStoppingServerSaysSo()
    {
        Listener alice{*m_world};
        alice.next();
        QCOMPARE(alice.listen(token(m_alice)), std::string{"confirm_subscription"});
        alice.event("presence.update");
        m_world->cable->drain(base::Duration{0});
        const auto said = alice.next();
        QCOMPARE(text(said["reason"]), std::string{"server_restart"});
        QVERIFY(said["reconnect"] == true);
        QVERIFY(alice.next().contains("closed"));
        QVERIFY(!Listener{*m_world}.isUp);
    }

private:
    Json call(const std::string &method, const std::string &path, const Json &body)
    {
        const auto answer =
            m_world->request(method, "/public/api/v1/inboxes/" + m_inbox + path, base::toText(body));
        auto json = base::parseJson(answer.body);
        return json ? std::move(*json) : Json{};
    }
    static std::string token(const Json &contact) { return text(contact["pubsub_token"]); }
    Json say(const Json &message)
    {
        return m_world
            ->api("POST", World::inAccount("/conversations/" + m_conversation + "/messages"), message)
            .body;
    }
    void typing(const std::string &status, bool isPrivate)
    {
        m_world->api("POST", World::inAccount("/conversations/" + m_conversation + "/toggle_typing_status"),
                     {{"typing_status", status}, {"is_private", isPrivate}});
    }

    std::unique_ptr<World> m_world;
    std::string m_inbox;
    std::string m_secret;
    Json m_alice;
    std::string m_path;
    std::string m_conversation;
};

REGISTER_TEST(CableTest);
#include "tst_cable.moc"
