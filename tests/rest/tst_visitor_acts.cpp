#include "server/features/conversations/rating_store.h"
#include "shared/base/text.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <arpa/inet.h>
#include <bit>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using base::Json;
using tests::JsonAnswer;
using tests::Visitor;
using tests::World;

namespace {

std::string text(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : "?" + value.dump();
}

/// A POST from a chosen loopback address; the status, and the body through `into`.
int postFrom(const char *address, std::uint16_t port, const std::string &path, const std::string &body,
             std::string *into = nullptr)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &from.sin_addr);
    ::bind(fd, reinterpret_cast<sockaddr *>(&from), sizeof from);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    std::string answer;
    if (::connect(fd, reinterpret_cast<sockaddr *>(&to), sizeof to) == 0) {
        const auto request =
            "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
            body;
        ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
        char piece[4096];
        for (auto got = ::recv(fd, piece, sizeof piece, 0); got > 0; got = ::recv(fd, piece, sizeof piece, 0))
            answer.append(piece, static_cast<std::size_t>(got));
    }
    ::close(fd);
    if (into)
        *into = answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4));
    return answer.size() > 12 ? std::atoi(answer.substr(9, 3).c_str()) : 0;
}

} // namespace

/// What visitors do beside writing (docs/protocol.md B.3, B.7, B.8).
class VisitorActsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void theFormIsAskedBeforeAConversationBegins()
    {
        const Json fields{
            {{"name", "emailAddress"},
             {"field_type", "standard"},
             {"type", "email"},
             {"required", true},
             {"enabled", true}},
            {{"name", "plan"}, {"field_type", "contact_attribute"}, {"type", "text"}, {"enabled", true}},
            {{"name", "order"},
             {"field_type", "conversation_attribute"},
             {"type", "number"},
             {"enabled", true}}};
        set({{"channel",
              {{"pre_chat_form_enabled", true}, {"pre_chat_form_options", {{"pre_chat_fields", fields}}}}}});
        m_world->api("POST", World::inAccount("/labels"), {{"title", "vip"}});
        Visitor visitor{*m_world};
        const auto mid = m_world->ids.next().text();
        const auto refused = visitor.say("Hello", mid);
        QCOMPARE(text(refused["code"]), std::string{"pre_chat"});
        QCOMPARE(text(refused["fields"]["emailAddress"]), std::string{"required"});
        QCOMPARE(count("SELECT count(*) FROM conversations"), 0);
        visitor.send({{"k", "send"},
                      {"mid", mid},
                      {"body", "Hello"},
                      {"start",
                       {{"pre_chat", {{"emailAddress", "bob@example.com"}, {"plan", "Pro"}, {"order", 7}}},
                        {"custom_attributes", {{"page", "shop"}}},
                        {"labels", {"vip", "no such label"}}}}});
        QVERIFY(visitor.next("ok").contains("conv"));
        const auto row = m_world->api("GET", World::inAccount("/conversations/1")).body;
        QCOMPARE(row["custom_attributes"]["order"].get<int>(), 7);
        QCOMPARE(text(row["custom_attributes"]["page"]), std::string{"shop"});
        QVERIFY(row["labels"] == Json::array({"vip"}));
        QCOMPARE(text(row["meta"]["sender"]["email"]), std::string{"bob@example.com"});
        QCOMPARE(text(row["meta"]["sender"]["custom_attributes"]["plan"]), std::string{"Pro"});
        const auto known = m_world->session(visitor.token)["visitor"]["known"];
        QVERIFY(known == Json::array({"emailAddress", "plan"}));
        QCOMPARE(text(visitor.say("Again", m_world->ids.next().text())["k"]), std::string{"ok"});
    }

    void patternsAreCheckedHereToo()
    {
        const auto field = [](const char *name, const char *pattern) {
            return Json{{"name", name},         {"field_type", "contact_attribute"},
                        {"type", "text"},       {"required", true},
                        {"enabled", true},      {"regex_pattern", pattern},
                        {"regex_cue", "Not so"}};
        };
        const Json fields{field("order", "^[A-Z]{2}-\\d+$"), field("slow", "^(a+)+$"),
                          field("around", "^(?=a)a")};
        set({{"channel",
              {{"pre_chat_form_enabled", true}, {"pre_chat_form_options", {{"pre_chat_fields", fields}}}}}});
        Visitor visitor{*m_world};
        const auto begin = [&](const Json &answers) {
            visitor.send({{"k", "send"},
                          {"mid", m_world->ids.next().text()},
                          {"body", "Hello"},
                          {"start", {{"pre_chat", answers}}}});
        };
        begin({{"order", "12"}, {"slow", std::string(900, 'a') + "!"}, {"around", "b"}});
        const auto refused = visitor.next("no");
        QCOMPARE(text(refused["code"]), std::string{"pre_chat"});
        QVERIFY((refused["fields"] == Json{{"order", "invalid"}, {"slow", "invalid"}}));
        begin({{"order", " AB-12 "}, {"slow", "aaa"}, {"around", "b"}});
        QVERIFY(visitor.next("ok").contains("conv"));
    }

    void whatTheServerSaysIsInTheVisitorsLanguage_data()
    {
        QTest::addColumn<QString>("locale");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("rating");
        QTest::addColumn<QString>("page");
        QTest::newRow("English") << "en-GB"
                                 << "Get notified by email"
                                 << "Please rate this conversation"
                                 << "<html lang=\"en\" dir=\"ltr\">";
        QTest::newRow("German") << "de-AT"
                                << "Per E-Mail benachrichtigt werden"
                                << "Bitte bewerten Sie diese Unterhaltung"
                                << "<html lang=\"de\" dir=\"ltr\">";
        QTest::newRow("Hebrew") << "he" << QStringLiteral(u"קבלו את התשובה בדוא״ל")
                                << QStringLiteral(u"נשמח לדירוג השיחה הזו")
                                << "<html lang=\"he\" dir=\"rtl\">";
        QTest::newRow("one without texts: the account's") << "eo"
                                                          << "Ontvang het antwoord per e-mail"
                                                          << "Beoordeel dit gesprek"
                                                          << "<html lang=\"nl\" dir=\"ltr\">";
    }

    void whatTheServerSaysIsInTheVisitorsLanguage()
    {
        QFETCH(QString, locale);
        QFETCH(QString, address);
        QFETCH(QString, rating);
        QFETCH(QString, page);
        auto days = Json::array();
        for (int day = 0; day < 7; ++day)
            days.push_back({{"day_of_week", day}, {"closed_all_day", true}});
        set({{"working_hours_enabled", true}, {"working_hours", days}, {"csat_survey_enabled", true}});
        m_world->api("PATCH", World::inAccount(""), {{"locale", "nl"}});
        const auto session =
            m_world->request("POST", "/w/v1/session",
                             base::toText(Json{{"site", m_world->websiteToken},
                                               {"page", {{"locale", locale.toStdString()}}}}));
        Visitor visitor{*m_world, text(Json::parse(session.body)["token"])};
        const auto said = visitor.say("Hello", m_world->ids.next().text());
        QCOMPARE(QString::fromStdString(ofType("input_email")), address);
        m_world->api("POST", World::inAccount("/conversations/1/toggle_status"), {{"status", "resolved"}});
        QCOMPARE(QString::fromStdString(ofType("input_csat")), rating);
        const auto shown = m_world->request("GET", "/survey/responses/" + text(said["conv"]));
        const auto html = QString::fromStdString(shown.body);
        QVERIFY(html.contains(page));
        QVERIFY(html.contains(rating));
    }

    void pastConversationsAreListedReadAndGoOn()
    {
        Visitor visitor{*m_world};
        const auto first = text(visitor.say("One", m_world->ids.next().text())["conv"]);
        for (int i = 0; i < 40; ++i)
            m_world->api("POST", World::inAccount("/conversations/1/messages"),
                         {{"content", "Reply " + std::to_string(i)}});
        m_world->api("POST", World::inAccount("/conversations/1/messages"),
                     {{"content", "note"}, {"private", true}});
        m_world->api("POST", World::inAccount("/conversations/1/toggle_status"), {{"status", "resolved"}});
        const auto second = text(visitor.say("Two", m_world->ids.next().text())["conv"]);
        QVERIFY(first != second);

        const auto list = call("GET", "/w/v1/conversations", visitor.token).body["conv"];
        QCOMPARE(list.size(), std::size_t{2});
        QCOMPARE(text(list[0]["id"]), second);
        QCOMPARE(text(list[1]["last"]["body"]), std::string{"Reply 39"});
        const auto page = call("GET", "/w/v1/conversations/" + first + "/messages", visitor.token).body;
        QCOMPARE(page["rows"].size(), std::size_t{30});
        QVERIFY(page["more"] == true);
        QCOMPARE(text(page["rows"].back()["body"]), std::string{"Reply 39"});
        const auto older =
            call("GET", "/w/v1/conversations/" + first + "/messages?before=" + page["rows"][0]["n"].dump(),
                 visitor.token)
                .body;
        QCOMPARE(older["rows"].size(), std::size_t{11});
        QVERIFY(older["more"] == false);
        QVERIFY(base::toText(older).find("note") == std::string::npos);

        visitor.send({{"k", "send"}, {"mid", m_world->ids.next().text()}, {"body", "On"}, {"conv", first}});
        QCOMPARE(text(visitor.next("ok")["conv"]), first);
        QCOMPARE(text(m_world->api("GET", World::inAccount("/conversations/1")).body["status"]),
                 std::string{"open"});
        visitor.send({{"k", "send"}, {"mid", m_world->ids.next().text()}, {"body", "New"}, {"fresh", true}});
        const auto third = text(visitor.next("ok")["conv"]);
        QVERIFY(third != first && third != second);
    }

    void othersConversationsDoNotExist()
    {
        Visitor visitor{*m_world};
        const auto id = text(visitor.say("Mine", m_world->ids.next().text())["conv"]);
        reply({{"content", "Pick"},
               {"content_type", "input_select"},
               {"content_attributes", {{"items", {{{"title", "Yes"}, {"value", "y"}}}}}}});
        Visitor other{*m_world};
        other.say("Other", m_world->ids.next().text());
        const auto message = row("Pick")["id"].get<std::string>();
        for (const auto &[method, path] : {std::pair{"GET", "/w/v1/conversations/" + id + "/messages"},
                                           {"POST", "/w/v1/conversations/" + id + "/resolve"},
                                           {"PATCH", "/w/v1/conversations/" + id},
                                           {"PATCH", "/w/v1/messages/" + message},
                                           {"GET", std::string{"/w/v1/conversations/nothing/messages"}}})
            QCOMPARE(call(method, path, other.token, {{"submitted_values", {{{"value", "y"}}}}}).status, 404);
        other.send({{"k", "send"}, {"mid", m_world->ids.next().text()}, {"body", "x"}, {"conv", id}});
        QCOMPARE(text(other.next("no")["code"]), std::string{"invalid"});
        QCOMPARE(call("GET", "/w/v1/conversations", "vt1.nothing").status, 401);
        QCOMPARE(text(m_world->api("GET", World::inAccount("/conversations/1")).body["status"]),
                 std::string{"open"});
    }

    void resolvingAsksForARatingThatIsKept()
    {
        set({{"csat_survey_enabled", true},
             {"csat_config", {{"display_type", "star"}, {"message", "How was it?"}}}});
        Visitor visitor{*m_world};
        const auto id = text(visitor.say("Hello", m_world->ids.next().text())["conv"]);
        const auto resolved = call("POST", "/w/v1/conversations/" + id + "/resolve", visitor.token);
        QCOMPARE(resolved.status, 200);
        QCOMPARE(text(resolved.body["conv"]["status"]), std::string{"resolved"});
        const auto asked =
            call("GET", "/w/v1/conversations/" + id + "/messages", visitor.token).body["rows"].back();
        QCOMPARE(text(asked["content_type"]), std::string{"input_csat"});
        QCOMPARE(text(asked["content_attributes"]["display_type"]), std::string{"star"});
        const auto path = "/w/v1/messages/" + text(asked["id"]);
        for (const auto &bad :
             {Json{{"rating", 0}}, Json{{"rating", 6}}, Json{{"rating", "<b>"}}, Json::array()})
            QCOMPARE(
                call("PATCH", path, visitor.token, {{"submitted_values", {{"csat_survey_response", bad}}}})
                    .status,
                422);
        const Json rating{{"rating", 4}, {"feedback_message", "Quick"}};
        const auto done =
            call("PATCH", path, visitor.token, {{"submitted_values", {{"csat_survey_response", rating}}}});
        QCOMPARE(done.status, 200);
        QVERIFY(done.body["row"]["content_attributes"]["submitted_values"]["csat_survey_response"] == rating);
        QCOMPARE(count("SELECT count(*) FROM csat_survey_responses WHERE rating = 4 AND feedback = 'Quick'"),
                 1);
        // Once is enough.
        m_world->api("POST", World::inAccount("/conversations/1/toggle_status"), {{"status", "open"}});
        m_world->api("POST", World::inAccount("/conversations/1/toggle_status"), {{"status", "resolved"}});
        QCOMPARE(count("SELECT count(*) FROM messages WHERE content_type = 'input_csat'"), 1);
        set({{"channel", {{"selected_feature_flags", Json::array()}}}});
        QCOMPARE(call("POST", "/w/v1/conversations/" + id + "/resolve", visitor.token).status, 403);
    }

    void answersComeBackAnswered()
    {
        Visitor visitor{*m_world};
        visitor.say("Hello", m_world->ids.next().text());
        reply({{"content", "Pick"},
               {"content_type", "input_select"},
               {"content_attributes", {{"items", {{{"title", "Yes"}, {"value", "y"}}}}}}});
        const auto asked = row("Pick");
        const auto path = "/w/v1/messages/" + text(asked["id"]);
        QCOMPARE(call("PATCH", path, visitor.token, {{"submitted_values", {{{"value", "z"}}}}}).status, 422);
        QCOMPARE(call("PATCH", path, visitor.token, {{"submitted_values", {{{"value", "y"}}}}}).status, 200);
        QCOMPARE(call("PATCH", path, visitor.token, {{"submitted_values", {{{"value", "y"}}}}}).status, 409);
        const auto seen = m_world->api("GET", World::inAccount("/conversations/1/messages")).body["payload"];
        QCOMPARE(text(seen.back()["content_attributes"]["submitted_values"][0]["title"]), std::string{"Yes"});
        const auto own = row("Hello");
        QCOMPARE(call("PATCH", "/w/v1/messages/" + text(own["id"]), visitor.token,
                      {{"submitted_values", {{{"value", "y"}}}}})
                     .status,
                 404);
    }

    void attributesLabelsAndNamesAreKept()
    {
        m_world->api("POST", World::inAccount("/labels"), {{"title", "vip"}});
        Visitor visitor{*m_world};
        const auto id = text(visitor.say("Hello", m_world->ids.next().text())["conv"]);
        const auto path = "/w/v1/conversations/" + id;
        QCOMPARE(call("PATCH", path, visitor.token,
                      {{"custom_attributes", {{"a", 1}, {"b", 2}}}, {"add_labels", {"VIP", "other"}}})
                     .status,
                 200);
        call("PATCH", path, visitor.token, {{"remove_custom_attributes", {"a"}}});
        const auto row = m_world->api("GET", World::inAccount("/conversations/1")).body;
        QVERIFY(row["custom_attributes"] == Json({{"b", 2}}));
        QVERIFY(row["labels"] == Json::array({"vip"}));
        QCOMPARE(call("PATCH", path, visitor.token, {{"custom_attributes", "x"}}).status, 422);
        QCOMPARE(
            call("PATCH", path, visitor.token, {{"custom_attributes", {{"x", std::string(20'000, 'x')}}}})
                .status,
            422);
        const auto told =
            call("PATCH", "/w/v1/contact", visitor.token,
                 {{"name", "Bob"}, {"email", "bob@example.com"}, {"custom_attributes", {{"k", "v"}}}});
        QCOMPARE(text(told.body["visitor"]["name"]), std::string{"Bob"});
        call("PATCH", "/w/v1/contact", visitor.token, {{"remove_custom_attributes", {"k"}}});
        const auto contact = m_world->api("GET", World::inAccount("/contacts/1")).body["payload"];
        QCOMPARE(text(contact["email"]), std::string{"bob@example.com"});
        QVERIFY(contact["custom_attributes"].empty());
    }

    void aTranscriptIsAskedForOnce()
    {
        Visitor visitor{*m_world};
        const auto id = text(visitor.say("Hello", m_world->ids.next().text())["conv"]);
        const auto path = "/w/v1/conversations/" + id + "/transcript";
        QCOMPARE(call("POST", path, visitor.token, {{"email", "a@b.c"}}).status, 403);
        set({{"channel", {{"selected_feature_flags", {"email_transcript"}}}}});
        QCOMPARE(call("POST", path, visitor.token, Json::object()).status, 422);
        QCOMPARE(call("POST", path, visitor.token, {{"email", "no address"}}).status, 422);
        QCOMPARE(call("POST", path, visitor.token, {{"email", "A@b.c"}}).status, 202);
        QCOMPARE(call("POST", path, visitor.token, {{"email", "a@b.c"}}).status, 202);
        m_world->database->read([&](server::storage::Transaction &tx) {
            const auto waiting = server::conversations::RatingStore{tx}.requested(10);
            QCOMPARE(waiting.size(), std::size_t{1});
            QCOMPARE(waiting[0].email, std::string{"a@b.c"});
        });
        m_world->api("DELETE", World::inAccount("/contacts/1")); // takes everything of theirs along
        QCOMPARE(count("SELECT count(*) FROM transcript_requests"), 0);
    }

    void nobodyThereIsSaidOnce()
    {
        auto days = Json::array();
        for (int day = 0; day < 7; ++day)
            days.push_back({{"day_of_week", day}, {"closed_all_day", true}});
        set({{"working_hours_enabled", true},
             {"working_hours", days},
             {"out_of_office_message", "We are asleep"}});
        Visitor visitor{*m_world};
        QVERIFY(visitor.welcome["hours"]["open"] == false);
        visitor.say("Hello", m_world->ids.next().text());
        visitor.say("Anybody?", m_world->ids.next().text());
        QCOMPARE(count("SELECT count(*) FROM messages WHERE body = 'We are asleep'"), 1);
        QCOMPARE(count("SELECT count(*) FROM messages WHERE content_type = 'input_email'"), 1);
        const auto asked = row("Get notified by email");
        QCOMPARE(call("PATCH", "/w/v1/messages/" + text(asked["id"]), visitor.token,
                      {{"submitted_email", "bob@example.com"}})
                     .status,
                 200);
        QCOMPARE(text(m_world->api("GET", World::inAccount("/contacts/1")).body["payload"]["email"]),
                 std::string{"bob@example.com"});
    }

    void workIsAskedOfWhoAsksTooMuch()
    {
        m_world->limiter.isOpen = false;
        const auto body = base::toText(Json{{"site", m_world->websiteToken}});
        std::string answer;
        int status = 200;
        for (int i = 0; i < 15 && status == 200; ++i)
            status = postFrom("127.0.0.1", m_world->port(), "/w/v1/session", body, &answer);
        QCOMPARE(status, 428);
        const auto pow = Json::parse(answer)["pow"];
        const auto salt = text(pow["salt"]);
        const int bits = pow["bits"];
        std::uint64_t nonce = 0;
        const auto zeros = [&](std::uint64_t candidate) {
            const auto digest = m_world->crypto.sha256(salt + '.' + std::to_string(candidate));
            const auto word = static_cast<std::uint32_t>((static_cast<unsigned char>(digest[0]) << 24) |
                                                         (static_cast<unsigned char>(digest[1]) << 16) |
                                                         (static_cast<unsigned char>(digest[2]) << 8) |
                                                         static_cast<unsigned char>(digest[3]));
            return std::countl_zero(word);
        };
        while (zeros(nonce) < bits)
            ++nonce;
        const auto solved = [&](std::uint64_t value) {
            return base::toText(Json{{"site", m_world->websiteToken},
                                     {"pow", {{"salt", salt}, {"nonce", std::to_string(value)}}}});
        };
        const auto ask = [&](const char *from, const std::string &text) {
            return postFrom(from, m_world->port(), "/w/v1/session", text);
        };
        QCOMPARE(ask("127.0.0.1", solved(nonce + 1)), 428);
        QCOMPARE(ask("127.0.0.1", solved(nonce)), 200);
        QCOMPARE(ask("127.0.0.1", solved(nonce)), 428); // good once
    }

    void aFloodFromOneAddressDisturbsNobodyElse()
    {
        m_world->limiter.isOpen = false;
        const auto body = base::toText(Json{{"site", m_world->websiteToken}});
        std::string answer;
        QCOMPARE(postFrom("127.0.0.9", m_world->port(), "/w/v1/session", body, &answer), 200);
        Visitor normal{*m_world, text(Json::parse(answer)["token"])};
        int given = 0;
        int heldOff = 0;
        std::int64_t slowest = 0;
        for (int i = 0; i < 10'000; ++i) {
            const auto status = postFrom("127.0.0.66", m_world->port(), "/w/v1/session", body);
            given += status == 200 ? 1 : 0;
            heldOff += status == 428 || status == 429 ? 1 : 0;
            if (i % 1250 != 0) // fewer than the visitor themselves may send at once
                continue;
            const auto before = m_world->clock.monotonic();
            const auto ok = normal.say("Hello " + std::to_string(i), m_world->ids.next().text());
            QCOMPARE(text(ok["k"]), std::string{"ok"});
            slowest = std::max<std::int64_t>(slowest, (m_world->clock.monotonic() - before).count());
        }
        std::printf(
            "10,000 sessions of one address: %d given, %d held off; slowest message elsewhere %lld ms\n",
            given, heldOff, static_cast<long long>(slowest));
        QCOMPARE(given + heldOff, 10'000);
        QVERIFY2(given <= 40, std::to_string(given).c_str());
        QCOMPARE(count("SELECT count(*) FROM contacts"), 1);
        QCOMPARE(postFrom("127.0.0.10", m_world->port(), "/w/v1/session", body), 200);
    }

private:
    std::string ofType(const std::string &contentType)
    {
        std::string body;
        m_world->database->read([&](server::storage::Transaction &tx) {
            const auto row = tx.one("SELECT body FROM messages WHERE content_type = ?", {contentType});
            body = row ? row->text(0) : std::string{};
        });
        return body;
    }
    void set(const Json &body)
    {
        QCOMPARE(m_world->api("PATCH", World::inAccount("/inboxes/1"), body).status, 200);
    }
    void reply(const Json &body)
    {
        QCOMPARE(m_world->api("POST", World::inAccount("/conversations/1/messages"), body).status, 200);
    }
    Json row(const std::string &body)
    {
        Json found;
        m_world->database->read([&](server::storage::Transaction &tx) {
            const auto one = tx.one("SELECT uuid FROM messages WHERE body = ?", {body});
            if (one)
                found = {{"id", one->uuid(0).text()}};
        });
        return found;
    }
    int count(const char *sql)
    {
        int counted = 0;
        m_world->database->read(
            [&](server::storage::Transaction &tx) { counted = static_cast<int>(tx.one(sql)->integer(0)); });
        return counted;
    }
    JsonAnswer call(const std::string &method, const std::string &path, const std::string &token,
                    const Json &body = {})
    {
        auto answer = m_world->request(method, path, body.is_null() ? std::string{} : base::toText(body),
                                       {"Authorization: Bearer " + token});
        auto json = base::parseJson(answer.body);
        return {answer.status, json ? std::move(*json) : Json{}, std::move(answer)};
    }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(VisitorActsTest);
#include "tst_visitor_acts.moc"
