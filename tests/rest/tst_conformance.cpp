#include "tests/rest/schema_check.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QFile>
#include <QTest>

#include <cstdio>
#include <functional>

using base::Json;
using tests::JsonAnswer;
using tests::World;

namespace {

struct Operation {
    std::string method;
    std::string pattern; ///< as the document names the path
    std::string path;    ///< below the account, or whole when it begins with /api
    Json body;
    bool isWrite = false;
    std::function<bool(const JsonAnswer &)> hasEffect;
};

std::string inText(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

Json contractOf(const QString &file)
{
    QFile source{file};
    if (!source.open(QIODevice::ReadOnly))
        return {};
    return Json::parse(source.readAll().toStdString());
}

QString contractFile()
{
    const auto named = qEnvironmentVariable("DESKBELL_SHARED");
    const auto folder =
        named.isEmpty() ? qEnvironmentVariable("DESKBELL_SOURCE") + QStringLiteral("/../shared") : named;
    return folder + QStringLiteral("/interop/chatwoot-openapi.json");
}

} // namespace

/// Every operation of the REST API that this server has, held against the published description of that API.
class ConformanceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_contract = contractOf(contractFile());
        if (m_contract.is_null())
            QSKIP("no API description beside the sources (set DESKBELL_SHARED)");
        m_world = std::make_unique<World>();
        plant();
    }

    void everyOperationAnswersAsDescribed()
    {
        std::printf("%-7s %-86s %-9s %-6s %-7s %s\n", "", "operation", "accepted", "valid", "effect",
                    "change");
        int failed = 0;
        for (const auto &operation : operations())
            failed += run(operation) ? 0 : 1;
        std::fflush(stdout);
        QCOMPARE(failed, 0);
    }

    void everyOperationWantsAToken()
    {
        for (const auto &operation : operations()) {
            const auto answer = m_world->request(operation.method, fullPath(operation));
            QCOMPARE(answer.status, 401);
            const auto body = Json::parse(answer.body);
            QCOMPARE(QString::fromStdString(body.value("code", "")), QStringLiteral("unauthorized"));
            QVERIFY(body["error"].is_string());
        }
    }

    void aMissingRecordIsNotAMissingRoute()
    {
        for (const char *path :
             {"/agents/999", "/inboxes/999", "/contacts/999", "/conversations/999",
              "/conversations/999/messages", "/contacts/999/conversations", "/inbox_members/999"}) {
            const bool isPatch = std::string_view{path}.starts_with("/agents");
            const auto answer = m_world->api(isPatch ? "PATCH" : "GET", World::inAccount(path),
                                             isPatch ? Json{{"role", "agent"}} : Json{});
            QCOMPARE(answer.status, 404);
            QCOMPARE(QString::fromStdString(answer.body.value("code", "")), QStringLiteral("not_found"));
        }
        const auto unknown = m_world->api("GET", World::inAccount("/no_such_thing"));
        QCOMPARE(unknown.status, 404);
        QCOMPARE(QString::fromStdString(unknown.body.value("code", "")), QStringLiteral("route_unknown"));
        QCOMPARE(m_world->api("GET", "/api/v1/accounts/77").status, 404);
        QCOMPARE(m_world->api("GET", "/api/v1/accounts/abc").status, 404);
    }

    void refusalsFitTheirSchemaToo()
    {
        const auto &error = m_contract["components"]["schemas"]["bad_request_error"];
        for (const auto &answer :
             {m_world->api("GET", World::inAccount("/contacts/999")),
              m_world->api("PATCH", World::inAccount("/agents/1"), {{"role", "king"}}),
              m_world->api("POST", World::inAccount("/contacts"), {{"email", "no address"}}),
              m_world->api("GET", World::inAccount("/agents"), {}, "wrong")}) {
            QVERIFY(answer.status >= 400 && answer.status < 500);
            const auto complaints = tests::schemaComplaints(m_contract, error, answer.body);
            QVERIFY2(complaints.empty(), complaints.empty() ? "" : complaints.front().c_str());
        }
    }

private:
    // A contact with a conversation in which both sides wrote, one with a file.
    void plant()
    {
        tests::Visitor visitor{*m_world};
        visitor.say("Where is my order?", m_world->ids.next().text());
        m_world->addAgent("Grace", true);
    }

    static std::string fullPath(const Operation &operation)
    {
        return operation.path.starts_with("/api") ? operation.path : World::inAccount(operation.path);
    }

    bool run(const Operation &operation)
    {
        const auto before = m_world->head();
        const auto answer = m_world->api(operation.method, fullPath(operation), operation.body);
        const bool moved = m_world->head() > before;
        const auto documented = m_contract["paths"][operation.pattern][methodKey(operation.method)];
        const auto status = std::to_string(answer.status);
        const bool isAccepted =
            answer.status >= 200 && answer.status < 300 && documented["responses"].contains(status);
        std::vector<std::string> complaints;
        if (isAccepted)
            complaints = check(documented["responses"][status], answer);
        const bool isDone = isAccepted && (!operation.hasEffect || operation.hasEffect(answer));
        const bool isTold = moved == operation.isWrite;
        const auto mark = [](bool good) { return good ? "yes" : "NO"; };
        std::printf("%-7s %-86s %-9s %-6s %-7s %s\n", operation.method.c_str(), operation.pattern.c_str(),
                    isAccepted ? status.c_str() : ("NO " + status).c_str(), mark(complaints.empty()),
                    mark(isDone),
                    operation.isWrite ? mark(moved)
                    : moved           ? "NO"
                                      : "-");
        for (const auto &complaint : complaints)
            std::printf("        %s\n", complaint.c_str());
        if (!isAccepted)
            std::printf("        %s\n", answer.raw.body.c_str());
        return isAccepted && complaints.empty() && isDone && isTold;
    }

    static std::string methodKey(std::string method)
    {
        for (auto &c : method)
            c = static_cast<char>(std::tolower(c));
        return method;
    }

    // A 204 has no body, whatever the description says.
    std::vector<std::string> check(const Json &response, const JsonAnswer &answer) const
    {
        if (answer.status == 204 || !response.contains("content"))
            return answer.raw.body.empty() ? std::vector<std::string>{}
                                           : std::vector<std::string>{"a body where none is described"};
        return tests::schemaComplaints(m_contract, response["content"]["application/json"]["schema"],
                                       answer.body);
    }

    static std::vector<Operation> operations();

    Json m_contract;
    std::unique_ptr<World> m_world;
};

std::vector<Operation> ConformanceTest::operations()
{
    const std::string a = "/api/v1/accounts/{account_id}";
    const auto has = [](const char *key, const Json &value) {
        return [key, value](const JsonAnswer &answer) { return answer.body.value(key, Json{}) == value; };
    };
    const auto lists = [](const char *key) {
        return [key](const JsonAnswer &answer) { return !answer.body.at(key).empty(); };
    };
    return {
        {"GET", "/api/v1/profile", "/api/v1/profile", {}, false, has("email", "ada@example.com")},
        {"PUT",
         "/api/v1/profile",
         "/api/v1/profile",
         {{"profile", {{"display_name", "Countess"}}}},
         true,
         has("display_name", "Countess")},
        {"GET", a, "", {}, false, has("name", "Acme")},
        {"PATCH",
         a,
         "",
         {{"name", "Acme Ltd"}, {"auto_resolve_after", 60}, {"industry", "Lamps"}},
         true,
         [](const JsonAnswer &r) {
             return r.body["name"] == "Acme Ltd" && r.body["settings"]["auto_resolve_after"] == 60 &&
                    r.body["custom_attributes"]["industry"] == "Lamps";
         }},
        {"GET", a + "/agents", "/agents", {}, false, [](const JsonAnswer &r) { return r.body.size() == 2; }},
        {"POST",
         a + "/agents",
         "/agents",
         {{"name", "Joan"}, {"email", "joan@example.com"}, {"role", "agent"}},
         true,
         has("email", "joan@example.com")},
        {"PATCH",
         a + "/agents/{id}",
         "/agents/3",
         {{"role", "administrator"}, {"availability", "busy"}},
         true,
         has("role", "administrator")},
        {"DELETE", a + "/agents/{id}", "/agents/3", {}, true, {}},
        {"GET", a + "/inboxes", "/inboxes", {}, false, lists("payload")},
        {"POST",
         a + "/inboxes",
         "/inboxes",
         {{"name", "Second"},
          {"greeting_enabled", true},
          {"greeting_message", "Hello"},
          {"channel",
           {{"type", "web_widget"},
            {"website_url", "https://two.example"},
            {"widget_color", "#112233"},
            {"welcome_title", "Hi"}}}},
         true,
         [](const JsonAnswer &r) {
             return r.body["widget_color"] == "#112233" &&
                    r.body["web_widget_script"].get<std::string>().find(inText(r.body["website_token"])) !=
                        std::string::npos;
         }},
        {"GET", a + "/inboxes/{id}", "/inboxes/2", {}, false, has("name", "Second")},
        {"PATCH",
         a + "/inboxes/{id}",
         "/inboxes/2",
         {{"name", "Renamed"}, {"channel", {{"welcome_tagline", "Soon"}}}},
         true,
         [](const JsonAnswer &r) {
             return r.body["name"] == "Renamed" && r.body["welcome_tagline"] == "Soon" &&
                    r.body["greeting_enabled"] == true;
         }},
        {"POST",
         a + "/inbox_members",
         "/inbox_members",
         {{"inbox_id", 2}, {"user_ids", {2}}},
         true,
         lists("payload")},
        {"GET", a + "/inbox_members/{inbox_id}", "/inbox_members/2", {}, false, lists("payload")},
        {"PATCH",
         a + "/inbox_members",
         "/inbox_members",
         {{"inbox_id", "2"}, {"user_ids", {1, 2}}},
         true,
         [](const JsonAnswer &r) { return r.body["payload"].size() == 2; }},
        {"DELETE", a + "/inbox_members", "/inbox_members", {{"inbox_id", "2"}, {"user_ids", {2}}}, true, {}},
        {"POST",
         a + "/labels",
         "/labels",
         {{"title", "Billing"}, {"color", "#aa3300"}, {"show_on_sidebar", true}},
         true,
         has("title", "billing")},
        {"GET", a + "/labels", "/labels", {}, false, lists("payload")},
        {"GET", a + "/labels/{id}", "/labels/1", {}, false, has("color", "#aa3300")},
        {"PATCH", a + "/labels/{id}", "/labels/1", {{"title", "invoices"}}, true, has("title", "invoices")},
        {"POST",
         a + "/teams",
         "/teams",
         {{"name", "Sales"}, {"allow_auto_assign", false}},
         true,
         has("allow_auto_assign", false)},
        {"GET", a + "/teams", "/teams", {}, false, [](const JsonAnswer &r) { return r.body.size() == 1; }},
        {"GET", a + "/teams/{team_id}", "/teams/1", {}, false, has("name", "sales")},
        {"PATCH",
         a + "/teams/{team_id}",
         "/teams/1",
         {{"description", "They sell"}},
         true,
         has("description", "They sell")},
        {"POST",
         a + "/teams/{team_id}/team_members",
         "/teams/1/team_members",
         {{"user_ids", {1, 2}}},
         true,
         [](const JsonAnswer &r) { return r.body.size() == 2; }},
        {"PATCH",
         a + "/teams/{team_id}/team_members",
         "/teams/1/team_members",
         {{"user_ids", {1}}},
         true,
         [](const JsonAnswer &r) { return r.body.size() == 1; }},
        {"GET",
         a + "/teams/{team_id}/team_members",
         "/teams/1/team_members",
         {},
         false,
         [](const JsonAnswer &r) { return r.body[0]["email"] == "ada@example.com"; }},
        {"DELETE",
         a + "/teams/{team_id}/team_members",
         "/teams/1/team_members",
         {{"user_ids", {1}}},
         true,
         {}},
        {"POST",
         a + "/canned_responses",
         "/canned_responses",
         {{"short_code", "hi"}, {"content", "Hello there"}},
         true,
         has("content", "Hello there")},
        {"GET",
         a + "/canned_responses",
         "/canned_responses?search=hello",
         {},
         false,
         [](const JsonAnswer &r) { return r.body.size() == 1 && r.body[0]["short_code"] == "hi"; }},
        {"PATCH",
         a + "/canned_responses/{id}",
         "/canned_responses/1",
         {{"content", "Good day"}},
         true,
         has("content", "Good day")},
        {"DELETE", a + "/canned_responses/{id}", "/canned_responses/1", {}, true, {}},
        {"POST",
         a + "/contacts",
         "/contacts",
         {{"name", "Mary"},
          {"email", "mary@example.com"},
          {"phone_number", "+4930123456"},
          {"identifier", "m-1"},
          {"inbox_id", 1},
          {"custom_attributes", {{"plan", "gold"}}},
          {"additional_attributes", {{"city", "Bath"}}}},
         true,
         [](const JsonAnswer &r) {
             const auto &c = r.body["payload"][0];
             return c["email"] == "mary@example.com" && c["custom_attributes"]["plan"] == "gold" &&
                    c["additional_attributes"]["city"] == "Bath" && c["contact_inboxes"].size() == 1;
         }},
        {"GET", a + "/contacts", "/contacts?sort=-last_activity_at&page=1", {}, false, lists("payload")},
        {"GET",
         a + "/contacts/search",
         "/contacts/search?q=mary",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["meta"]["count"] == 1; }},
        {"POST",
         a + "/contacts/filter",
         "/contacts/filter",
         {{"payload",
           {{{"attribute_key", "name"},
             {"filter_operator", "contains"},
             {"values", {"mar"}},
             {"query_operator", "AND"}},
            {{"attribute_key", "plan"}, {"filter_operator", "equal_to"}, {"values", {"gold"}}}}}},
         false,
         [](const JsonAnswer &r) {
             return r.body["meta"]["count"] == 1 && r.body["payload"][0]["name"] == "Mary";
         }},
        {"GET",
         a + "/contacts/{id}",
         "/contacts/2",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["payload"]["name"] == "Mary"; }},
        {"PUT", a + "/contacts/{id}", "/contacts/2", {{"name", "Mary Anning"}}, true, {}},
        {"GET", a + "/contacts/{id}/conversations", "/contacts/1/conversations", {}, false, lists("payload")},
        {"POST",
         a + "/contacts/{id}/contact_inboxes",
         "/contacts/2/contact_inboxes",
         {{"inbox_id", 2}, {"source_id", "mary-two"}},
         false, // where a contact is known is no row that syncs
         has("source_id", "mary-two")},
        {"GET",
         a + "/contacts/{id}/contactable_inboxes",
         "/contacts/2/contactable_inboxes",
         {},
         false,
         lists("payload")},
        {"GET",
         a + "/conversations",
         "/conversations?status=open&assignee_type=all&page=1",
         {},
         false,
         [](const JsonAnswer &r) {
             return r.body["data"]["payload"].size() == 1 && r.body["data"]["meta"]["all_count"] == 1;
         }},
        {"GET",
         a + "/conversations/meta",
         "/conversations/meta?status=open",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["meta"]["unassigned_count"] == 1; }},
        {"POST",
         a + "/conversations",
         "/conversations",
         {{"source_id", "mary-two"},
          {"inbox_id", 2},
          {"contact_id", 2},
          {"status", "open"},
          {"message", {{"content", "We found your fossil."}}}},
         true,
         [](const JsonAnswer &r) {
             return r.body["id"] == 2 && r.body["inbox_id"] == 2 && r.body["messages"].size() == 1;
         }},
        {"GET", a + "/conversations/{conversation_id}", "/conversations/1", {}, false, has("id", 1)},
        {"PATCH",
         a + "/conversations/{conversation_id}",
         "/conversations/1",
         {{"priority", "high"}},
         true,
         has("priority", "high")},
        {"POST",
         a + "/conversations/{conversation_id}/toggle_priority",
         "/conversations/1/toggle_priority",
         {{"priority", "urgent"}},
         true,
         {}},
        {"POST",
         a + "/conversations/{conversation_id}/assignments",
         "/conversations/1/assignments",
         {{"assignee_id", 2}},
         true,
         has("id", 2)},
        {"POST",
         a + "/conversations/{conversation_id}/custom_attributes",
         "/conversations/1/custom_attributes",
         {{"custom_attributes", {{"order", "42"}}}},
         true,
         has("custom_attributes", {{"order", "42"}})},
        {"POST",
         a + "/conversations/{conversation_id}/toggle_typing_status",
         "/conversations/1/toggle_typing_status",
         {{"typing_status", "on"}},
         false,
         {}},
        {"POST",
         a + "/conversations/{conversation_id}/messages",
         "/conversations/1/messages",
         {{"content", "It is on its way."}, {"message_type", "outgoing"}},
         true,
         [](const JsonAnswer &r) {
             return r.body["content"] == "It is on its way." && r.body["message_type"] == 1 &&
                    r.body["private"] == false && r.body["conversation_id"] == 1;
         }},
        {"GET",
         a + "/conversations/{conversation_id}/messages",
         "/conversations/1/messages",
         {},
         false,
         lists("payload")},
        {"DELETE",
         a + "/conversations/{conversation_id}/messages/{message_id}",
         "/conversations/2/messages/2",
         {},
         true,
         {}},
        {"POST",
         a + "/contacts/{id}/labels",
         "/contacts/2/labels",
         {{"labels", {"vip", "invoices"}}},
         true,
         has("payload", Json::array({"invoices", "vip"}))},
        {"GET", a + "/contacts/{id}/labels", "/contacts/2/labels", {}, false, lists("payload")},
        {"POST",
         a + "/conversations/{conversation_id}/labels",
         "/conversations/1/labels",
         {{"labels", {"invoices", "late"}}},
         true,
         has("payload", Json::array({"invoices", "late"}))},
        {"GET",
         a + "/conversations/{conversation_id}/labels",
         "/conversations/1/labels",
         {},
         false,
         lists("payload")},
        {"GET",
         a + "/conversations",
         "/conversations?status=all&labels[]=invoices",
         {},
         false,
         [](const JsonAnswer &r) {
             return r.body["data"]["meta"]["all_count"] == 1 &&
                    r.body["data"]["payload"][0]["labels"] == Json::array({"invoices", "late"});
         }},
        {"POST",
         a + "/conversations/{conversation_id}/assignments",
         "/conversations/1/assignments",
         {{"team_id", 1}},
         true,
         has("name", "sales")},
        {"GET",
         a + "/conversations",
         "/conversations?status=all&team_id=1",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["data"]["payload"][0]["meta"]["team"]["name"] == "sales"; }},
        {"POST",
         a + "/webhooks",
         "/webhooks",
         {{"name", "Orders"},
          {"url", "https://hooks.example/desk"},
          {"subscriptions", {"message_created", "conversation_created", "message_created"}}},
         false,
         [](const JsonAnswer &r) {
             return r.body["subscriptions"] == Json::array({"message_created", "conversation_created"}) &&
                    r.body["secret"].get<std::string>().size() == 32;
         }},
        {"GET",
         a + "/webhooks",
         "/webhooks",
         {},
         false,
         [](const JsonAnswer &r) { return r.body.size() == 1 && r.body[0]["name"] == "Orders"; }},
        {"PATCH",
         a + "/webhooks/{webhook_id}",
         "/webhooks/1",
         {{"url", "https://hooks.example/other"}},
         false,
         [](const JsonAnswer &r) {
             return r.body["url"] == "https://hooks.example/other" && r.body["subscriptions"].size() == 2;
         }},
        {"DELETE",
         a + "/webhooks/{webhook_id}",
         "/webhooks/1",
         {},
         false,
         [](const JsonAnswer &r) { return r.body.empty(); }},
        {"POST",
         a + "/conversations/filter",
         "/conversations/filter?page=1",
         {{"payload",
           {{{"attribute_key", "order"},
             {"filter_operator", "equal_to"},
             {"values", {"42"}},
             {"query_operator", "AND"}},
            {{"attribute_key", "labels"}, {"filter_operator", "equal_to"}, {"values", {"late"}}}}}},
         false,
         [](const JsonAnswer &r) {
             return r.body["data"]["meta"]["all_count"] == 1 && r.body["data"]["payload"][0]["id"] == 1;
         }},
        {"POST",
         a + "/custom_filters",
         "/custom_filters",
         {{"name", "Late"},
          {"type", "conversation"},
          {"query",
           {{"payload",
             {{{"attribute_key", "labels"}, {"filter_operator", "equal_to"}, {"values", {"late"}}}}}}}},
         false,
         has("name", "Late")},
        {"GET",
         a + "/custom_filters",
         "/custom_filters?filter_type=conversation",
         {},
         false,
         [](const JsonAnswer &r) { return r.body.size() == 1 && r.body[0]["name"] == "Late"; }},
        {"GET",
         a + "/custom_filters/{custom_filter_id}",
         "/custom_filters/1",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["query"]["payload"][0]["values"][0] == "late"; }},
        {"PATCH",
         a + "/custom_filters/{custom_filter_id}",
         "/custom_filters/1",
         {{"name", "Too late"}},
         false,
         has("name", "Too late")},
        {"DELETE", a + "/custom_filters/{custom_filter_id}", "/custom_filters/1", {}, false, {}},
        {"POST",
         a + "/custom_attribute_definitions",
         "/custom_attribute_definitions",
         {{"attribute_display_name", "Order"},
          {"attribute_display_type", 0},
          {"attribute_description", "Its number"},
          {"attribute_key", "order"},
          {"attribute_model", 0}},
         false,
         has("attribute_model", "conversation_attribute")},
        {"GET",
         a + "/custom_attribute_definitions",
         "/custom_attribute_definitions?attribute_model=0",
         {},
         false,
         [](const JsonAnswer &r) { return r.body.size() == 1 && r.body[0]["attribute_key"] == "order"; }},
        {"GET",
         a + "/custom_attribute_definitions/{id}",
         "/custom_attribute_definitions/1",
         {},
         false,
         has("attribute_display_type", "text")},
        {"PATCH",
         a + "/custom_attribute_definitions/{id}",
         "/custom_attribute_definitions/1",
         {{"attribute_display_name", "Order number"}, {"regex_pattern", "^[0-9]+$"}, {"regex_cue", "Digits"}},
         false,
         has("attribute_display_name", "Order number")},
        {"DELETE",
         a + "/custom_attribute_definitions/{id}",
         "/custom_attribute_definitions/1",
         {},
         false,
         {}},
        {"POST",
         a + "/contacts",
         "/contacts",
         {{"name", "Mary"}, {"custom_attributes", {{"size", "XL"}}}},
         true,
         {}},
        {"POST",
         a + "/actions/contact_merge",
         "/actions/contact_merge",
         {{"base_contact_id", 2}, {"mergee_contact_id", 3}},
         true,
         [](const JsonAnswer &r) {
             return r.body["id"] == 2 && r.body["payload"][0]["custom_attributes"]["size"] == "XL" &&
                    r.body["payload"][0]["custom_attributes"]["plan"] == "gold";
         }},
        {"DELETE", a + "/labels/{id}", "/labels/1", {}, true, {}},
        {"DELETE", a + "/teams/{team_id}", "/teams/1", {}, true, {}},
        {"DELETE", a + "/contacts/{id}", "/contacts/2", {}, true, {}},
        {"POST",
         a + "/conversations/{conversation_id}/toggle_status",
         "/conversations/1/toggle_status",
         {{"status", "resolved"}},
         true,
         [](const JsonAnswer &r) { return r.body["payload"]["current_status"] == "resolved"; }},
        {"GET",
         a + "/conversations",
         "/conversations?status=resolved&assignee_type=assigned&inbox_id=1&q=order",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["data"]["payload"].size() == 1; }},
        {"GET",
         a + "/conversations",
         "/conversations?assignee_type=me",
         {},
         false,
         [](const JsonAnswer &r) { return r.body["data"]["payload"].empty(); }},
    };
}

REGISTER_TEST(ConformanceTest);
#include "tst_conformance.moc"
