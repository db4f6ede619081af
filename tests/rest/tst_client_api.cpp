#include "shared/base/text.h"
#include "tests/rest/schema_check.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QFile>
#include <QTest>

#include <cstdio>

using base::Json;
using tests::JsonAnswer;
using tests::World;

namespace {

std::string text(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : "?" + value.dump();
}

Json contract()
{
    const auto named = qEnvironmentVariable("DESKBELL_SHARED");
    const auto folder =
        named.isEmpty() ? qEnvironmentVariable("DESKBELL_SOURCE") + QStringLiteral("/../shared") : named;
    QFile source{folder + QStringLiteral("/interop/chatwoot-openapi.json")};
    if (!source.open(QIODevice::ReadOnly))
        return {};
    return Json::parse(source.readAll().toStdString());
}

} // namespace

/// The API for customers' own programs, held against the published description, and against who tries more.
class ClientApiTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_world = std::make_unique<World>();
        const auto made = m_world->api("POST", World::inAccount("/inboxes"),
                                       {{"name", "App"},
                                        {"channel",
                                         {{"type", "api"},
                                          {"webhook_url", "https://app.example/hook"},
                                          {"additional_attributes", {{"agent_reply_time_window", "24"}}}}}});
        QCOMPARE(made.status, 200);
        QCOMPARE(text(made.body["channel_type"]), std::string{"Channel::Api"});
        QVERIFY(made.body["secret"].is_string());
        m_inbox = text(made.body["inbox_identifier"]);
        m_secret = text(made.body["hmac_token"]);
        m_number = made.body["id"];
    }
    void cleanup() { m_world.reset(); }

    void everyOperationAnswersAsDescribed()
    {
        m_contract = contract();
        if (m_contract.is_null())
            QSKIP("no API description beside the sources (set DESKBELL_SHARED)");
        const std::string base = "/public/api/v1/inboxes/{inbox_identifier}";
        const std::string contact = base + "/contacts/{contact_identifier}";
        const std::string conversation = contact + "/conversations/{conversation_id}";
        hold("GET", base, "");
        const auto made = hold("POST", base + "/contacts", "/contacts",
                               {{"name", "Alice"},
                                {"email", "alice@acme.inc"},
                                {"phone_number", "+123456789"},
                                {"identifier", "1234567890"},
                                {"identifier_hash", hash("1234567890")},
                                {"custom_attributes", {{"plan", "gold"}}}});
        const auto path = "/contacts/" + text(made.body["source_id"]);
        QCOMPARE(text(made.body["email"]), std::string{"alice@acme.inc"});
        hold("GET", contact, path);
        const auto changed = hold("PATCH", contact, path, {{"name", "Alice Liddell"}});
        QCOMPARE(text(changed.body["custom_attributes"]["plan"]), std::string{"gold"});
        const auto begun = hold("POST", contact + "/conversations", path + "/conversations",
                                {{"custom_attributes", {{"o", 1}}}});
        const auto one = path + "/conversations/" + begun.body["id"].dump();
        const auto said = hold("POST", conversation + "/messages", one + "/messages",
                               {{"content", "Where is it?"}, {"echo_id", "e-1"}});
        QCOMPARE(said.body["message_type"].get<int>(), 0);
        QCOMPARE(text(said.body["echo_id"]), std::string{"e-1"});
        const auto display = begun.body["id"].dump();
        m_world->api("POST", World::inAccount("/conversations/" + display + "/messages"),
                     {{"content", "secret"}, {"private", true}});
        const auto asked =
            m_world->api("POST", World::inAccount("/conversations/" + display + "/messages"),
                         {{"content", "Pick"},
                          {"content_type", "input_select"},
                          {"content_attributes", {{"items", {{{"title", "Yes"}, {"value", "y"}}}}}}});
        const auto listed = hold("GET", conversation + "/messages", one + "/messages");
        QCOMPARE(listed.body.size(), std::size_t{2});
        QVERIFY(listed.raw.body.find("secret") == std::string::npos);
        QVERIFY(listed.raw.body.find("ada@example.com") == std::string::npos);
        const auto answered = hold("PATCH", conversation + "/messages/{message_id}",
                                   one + "/messages/" + asked.body["id"].dump(),
                                   {{"submitted_values", {{{"title", "Yes"}, {"value", "y"}}}}});
        QCOMPARE(text(answered.body["content_attributes"]["submitted_values"][0]["value"]), std::string{"y"});
        const auto all = hold("GET", contact + "/conversations", path + "/conversations");
        QCOMPARE(all.body.size(), std::size_t{1});
        hold("GET", conversation, one);
        hold("POST", conversation + "/toggle_typing", one + "/toggle_typing?typing_status=on",
             {{"typing_status", "on"}});
        hold("POST", conversation + "/update_last_seen", one + "/update_last_seen");
        m_world->api("PATCH", World::inAccount("/inboxes/" + std::to_string(m_number)),
                     {{"csat_survey_enabled", true}});
        const auto resolved = hold("POST", conversation + "/toggle_status", one + "/toggle_status");
        QCOMPARE(text(resolved.body["status"]), std::string{"resolved"});

        const auto uuid = text(begun.body["uuid"]);
        const auto page = m_world->request("GET", "/survey/responses/" + uuid);
        QCOMPARE(page.status, 200);
        QVERIFY(page.header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
        ++m_held;
        std::printf("public operations held against the description: %d of 14\n", m_held);
        QCOMPARE(m_held, 14);

        const auto survey = call("GET", "/public/api/v1/csat_survey/" + uuid);
        QVERIFY(survey.body["csat_survey_response"].is_null());
        const Json rating{{"csat_survey_response", {{"rating", 5}, {"feedback_message", "Good"}}}};
        const auto rated =
            call("PUT", "/public/api/v1/csat_survey/" + uuid, {{"message", {{"submitted_values", rating}}}});
        QVERIFY(rated.body["csat_survey_response"] == rating["csat_survey_response"]);
        const auto form =
            m_world->request("POST", "/survey/responses/" + uuid, "rating=3&feedback_message=So+so%21", {},
                             "application/x-www-form-urlencoded");
        QCOMPARE(form.status, 200);
        QVERIFY(form.body.find("role=\"status\"") != std::string::npos);
        QVERIFY(form.body.find("So so!</textarea>") != std::string::npos);
        m_world->request("POST", "/survey/responses/" + uuid,
                         "rating=2&feedback_message=%3C%2Ftextarea%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", {},
                         "application/x-www-form-urlencoded");
        QVERIFY(m_world->request("GET", "/survey/responses/" + uuid).body.find("<script>") ==
                std::string::npos);
        m_world->request("POST", "/survey/responses/" + uuid, "rating=3&feedback_message=So+so%21", {},
                         "application/x-www-form-urlencoded");
        const auto now = call("GET", "/public/api/v1/csat_survey/" + uuid).body["csat_survey_response"];
        QCOMPARE(text(now["feedback_message"]), std::string{"So so!"});
        QCOMPARE(call("PUT", "/public/api/v1/csat_survey/" + uuid, {{"x", 1}}).status, 422);
    }

    void oneContactDoesNotReachAnother()
    {
        const auto alice = contact({{"name", "Alice"}, {"email", "alice@acme.inc"}});
        const auto bob = contact({{"name", "Bob"}});
        const auto id = call("POST", in(alice + "/conversations"), Json::object()).body["id"].dump();
        call("POST", in(alice + "/conversations/" + id + "/messages"), {{"content", "Mine"}});
        for (const auto *tail : {"", "/messages"})
            QCOMPARE(call("GET", in(bob + "/conversations/" + id + tail)).status, 404);
        for (const auto *tail : {"/messages", "/toggle_status", "/toggle_typing", "/update_last_seen"})
            QCOMPARE(call("POST", in(bob + "/conversations/" + id + tail),
                          {{"content", "x"}, {"typing_status", "on"}})
                         .status,
                     404);
        QCOMPARE(call("GET", in("/contacts/nobody")).status, 404);
        QCOMPARE(call("GET", "/public/api/v1/inboxes/" + m_world->websiteToken).status, 404); // a website's
        QCOMPARE(call("GET", "/public/api/v1/inboxes/x").status, 404);
        // Nor by saying to be the other.
        const auto mallory = contact({{"name", "M"}, {"email", "alice@acme.inc"}, {"identifier", "a-1"}});
        QVERIFY(call("GET", in(mallory + "/conversations")).body.empty());
        QVERIFY(call("GET", in(mallory)).body["email"].is_null());
    }

    void identityIsProvenOrRefused()
    {
        QCOMPARE(call("POST", in("/contacts"), {{"identifier", "u"}, {"identifier_hash", "bad"}}).status,
                 401);
        m_world->api("PATCH", World::inAccount("/inboxes/" + std::to_string(m_number)),
                     {{"channel", {{"hmac_mandatory", true}}}});
        QCOMPARE(call("POST", in("/contacts"), {{"identifier", "u"}}).status, 401);
        QCOMPARE(call("POST", in("/contacts"), {{"name", "nobody"}}).status, 401);
        const auto phone = contact({{"identifier", "u"}, {"identifier_hash", hash("u")}});
        call("POST", in(phone + "/conversations"), Json::object());
        const auto laptop = contact({{"identifier", "u"}, {"identifier_hash", hash("u")}});
        QVERIFY(phone != laptop);
        QCOMPARE(call("GET", in(laptop + "/conversations")).body.size(), std::size_t{1});
    }

    void filesComeWithAMessage()
    {
        m_contract = contract();
        const auto alice = contact({{"name", "Alice"}});
        const auto one = alice + "/conversations/" +
                         call("POST", in(alice + "/conversations"), Json::object()).body["id"].dump();
        const auto send = [&](const std::vector<std::pair<std::string, std::string>> &files) {
            const std::string end = "--b0undary";
            std::string body = end + "\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\nSee\r\n" +
                               end + "\r\nContent-Disposition: form-data; name=\"echo_id\"\r\n\r\ne-7\r\n";
            for (const auto &[name, bytes] : files)
                body += end + "\r\nContent-Disposition: form-data; name=\"attachments[]\"; filename=\"" +
                        name + "\"\r\nContent-Type: image/png\r\n\r\n" + bytes + "\r\n";
            auto answer = m_world->request("POST", in(one + "/messages"), body + end + "--\r\n", {},
                                           "multipart/form-data; boundary=b0undary");
            auto json = base::parseJson(answer.body);
            return JsonAnswer{answer.status, json ? std::move(*json) : Json{}, std::move(answer)};
        };
        const auto said = send({{"../../a.txt", "plain words"}, {"b.txt", "more"}});
        QCOMPARE(said.status, 200);
        if (!m_contract.is_null()) {
            const auto complaints = tests::schemaComplaints(
                m_contract, Json{{"$ref", "#/components/schemas/public_message"}}, said.body);
            QVERIFY2(complaints.empty(), complaints.empty() ? "" : complaints.front().c_str());
        }
        QCOMPARE(text(said.body["echo_id"]), std::string{"e-7"});
        const auto &files = said.body["attachments"];
        QCOMPARE(files.size(), std::size_t{2});
        QCOMPARE(text(files[0]["file_type"]), std::string{"file"}); // what it is, not what it said
        const auto url = text(files[0]["data_url"]);
        const auto path = url.substr(url.find("/blob/"));
        const auto file = m_world->request("GET", path);
        QCOMPARE(file.status, 200);
        QCOMPARE(file.body, std::string{"plain words"});
        QVERIFY(file.header("Content-Disposition").find("..") == std::string::npos);
        QCOMPARE(m_world->request("GET", path.substr(0, path.find('?'))).status, 401);
        QCOMPARE(call("GET", in(one + "/messages")).body[0]["attachments"].size(), std::size_t{2});

        QCOMPARE(send({{"a.exe", std::string{"MZ"} + std::string(200, '\0')}}).status, 415);
        QCOMPARE(send({{"a.txt", ""}}).status, 422);
        QCOMPARE(send(std::vector(11, std::pair{std::string{"a.txt"}, std::string{"x"}})).status, 422);
        const auto cut = m_world->request("POST", in(one + "/messages"), "--b0undary\r\n", {},
                                          "multipart/form-data; boundary=b0undary");
        QCOMPARE(cut.status, 422);
        QCOMPARE(call("GET", in(one + "/messages")).body.size(), std::size_t{1});
    }

    void hostileInputIsRefused()
    {
        const auto alice = contact({{"name", "Alice"}});
        const auto one = alice + "/conversations/" +
                         call("POST", in(alice + "/conversations"), Json::object()).body["id"].dump();
        for (const auto &[method, path, body] :
             std::vector<std::tuple<std::string, std::string, std::string>>{
                 {"POST", "/contacts", "[]"},
                 {"POST", "/contacts", "{"},
                 {"POST", "/contacts", R"({"email":"no address"})"},
                 {"POST", "/contacts", R"({"custom_attributes":"x"})"},
                 {"POST", one + "/messages", "{}"},
                 {"POST", one + "/messages", R"({"content":{"a":1}})"},
                 {"POST", one + "/messages", R"({"content":""})"},
                 {"POST", one + "/toggle_typing", R"({"typing_status":"maybe"})"},
                 {"POST", alice + "/conversations", R"({"custom_attributes":[1]})"},
                 {"PATCH", one + "/messages/99999", R"({"submitted_values":[]})"},
                 {"PATCH", one + "/messages/x", "{}"},
                 {"GET", one + "/messages?before=-1", ""},
                 {"GET", alice + "/conversations/99999999999999999999", ""}}) {
            const auto answer = m_world->request(method, in(path), body);
            QVERIFY2(answer.status >= 400 && answer.status < 500,
                     (method + path + body + answer.body).c_str());
        }
        // An agent's word stays an agent's.
        call("PATCH", in(alice), {{"blocked", true}});
        QVERIFY(call("PATCH", in(alice), {{"name", "A"}}).body["blocked"] == false);
        m_world->limiter.isOpen = false;
        int status = 200;
        for (int i = 0; i < 400 && status == 200; ++i)
            status = call("GET", in("")).status;
        QCOMPARE(status, 429);
    }

private:
    JsonAnswer call(const std::string &method, const std::string &path, const Json &body = {})
    {
        auto answer = m_world->request(method, path, body.is_null() ? std::string{} : base::toText(body));
        auto json = base::parseJson(answer.body);
        return {answer.status, json ? std::move(*json) : Json{}, std::move(answer)};
    }
    std::string in(const std::string &path) { return "/public/api/v1/inboxes/" + m_inbox + path; }
    std::string contact(const Json &body)
    {
        return "/contacts/" + text(call("POST", in("/contacts"), body).body["source_id"]);
    }
    std::string hash(const std::string &identifier)
    {
        return base::toHex(m_world->crypto.hmacSha256(m_secret, identifier));
    }
    JsonAnswer hold(const std::string &method, const std::string &pattern, const std::string &path,
                    const Json &body = {})
    {
        auto answer = call(method, in(path), body);
        auto key = method;
        for (auto &c : key)
            c = static_cast<char>(std::tolower(c));
        const auto &response = m_contract["paths"][pattern][key]["responses"][std::to_string(answer.status)];
        std::vector<std::string> complaints;
        if (answer.status != 200 || response.is_null())
            complaints.push_back("status " + std::to_string(answer.status) + ' ' + answer.raw.body);
        else if (response.contains("content"))
            complaints = tests::schemaComplaints(
                m_contract, response["content"]["application/json"]["schema"], answer.body);
        std::printf("%-6s %-110s %s\n", method.c_str(), pattern.c_str(), complaints.empty() ? "yes" : "NO");
        for (const auto &complaint : complaints)
            std::printf("        %s\n", complaint.c_str());
        std::fflush(stdout);
        m_held += complaints.empty() ? 1 : 0;
        return answer;
    }

    std::unique_ptr<World> m_world;
    Json m_contract;
    std::string m_inbox;
    std::string m_secret;
    std::int64_t m_number = 0;
    int m_held = 0;
};

REGISTER_TEST(ClientApiTest);
#include "tst_client_api.moc"
