#include "server/features/conversations/bot_content.h"
#include "server/features/inboxes/opening_hours.h"
#include "server/features/inboxes/pre_chat_form.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using server::inboxes::PreChatForm;
using server::inboxes::WebsiteSettings;
using tests::Visitor;
using tests::World;

namespace {

std::string text(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : std::string{"?"} + value.dump();
}

const Json form{{"pre_chat_message", "Who is there?"},
                {"pre_chat_fields",
                 {{{"name", "emailAddress"},
                   {"field_type", "standard"},
                   {"type", "email"},
                   {"label", "Email"},
                   {"required", true},
                   {"enabled", true}},
                  {{"name", "phoneNumber"}, {"field_type", "standard"}, {"type", "text"}, {"enabled", false}},
                  {{"name", "plan"},
                   {"field_type", "contact_attribute"},
                   {"type", "list"},
                   {"values", {"Free", "Pro"}},
                   {"enabled", true}},
                  {{"name", "order"},
                   {"field_type", "conversation_attribute"},
                   {"type", "number"},
                   {"required", true},
                   {"regex_pattern", "^[0-9]{6}$"},
                   {"regex_cue", "Six digits"},
                   {"enabled", true}}}}};

base::Timestamp at(const char *local, const char *zone = "Europe/Berlin")
{
    return server::platform::SystemTimeZones{}.moment(local, zone).value();
}

} // namespace

/// What an administrator sets for a website chat reaches its visitors, and nothing that cannot be right is
/// taken.
class WidgetSettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void settingsReachTheVisitor()
    {
        auto days = Json::array();
        for (int day = 0; day < 7; ++day)
            days.push_back({{"day_of_week", day}, {"open_all_day", true}});
        const auto answer = patch({{"greeting_enabled", true},
                                   {"greeting_message", "Welcome"},
                                   {"csat_survey_enabled", true},
                                   {"csat_config", {{"display_type", "star"}, {"message", "How was it?"}}},
                                   {"working_hours_enabled", true},
                                   {"working_hours", days},
                                   {"timezone", "Europe/Berlin"},
                                   {"out_of_office_message", "Back at nine"},
                                   {"channel",
                                    {{"welcome_title", "Hi"},
                                     {"reply_time", "in_a_day"},
                                     {"hmac_mandatory", true},
                                     {"pre_chat_form_enabled", true},
                                     {"pre_chat_form_options", form},
                                     {"consent_required", true},
                                     {"consent_text", "I agree"},
                                     {"consent_url", "https://acme.example/privacy"},
                                     {"allowed_domains", "acme.example, *.acme.org"},
                                     {"selected_feature_flags", {"attachments", "end_conversation"}}}}});
        QCOMPARE(answer.status, 200);
        QCOMPARE(text(answer.body["csat_config"]["display_type"]), std::string{"star"});
        QCOMPARE(answer.body["working_hours"].size(), std::size_t{7});
        QVERIFY(answer.body["hmac_token"].get<std::string>().size() >= 32);

        const auto session = m_world->session();
        const auto &cfg = session["cfg"];
        QCOMPARE(text(cfg["welcome_title"]), std::string{"Hi"});
        QCOMPARE(text(cfg["reply_time"]), std::string{"in_a_day"});
        QCOMPARE(text(cfg["greeting_message"]), std::string{"Welcome"});
        QVERIFY(cfg["features"] == Json::array({"attachments", "end_conversation", "csat"}));
        QVERIFY(cfg["consent"]["required"] == true);
        QCOMPARE(text(cfg["consent"]["url"]), std::string{"https://acme.example/privacy"});
        QVERIFY(cfg["campaigns"].empty());
        const auto &fields = cfg["pre_chat_form_options"]["pre_chat_fields"];
        QCOMPARE(fields.size(), std::size_t{3}); // the one that is switched off does not show
        QCOMPARE(text(fields[1]["name"]), std::string{"plan"});
        QCOMPARE(text(fields[2]["regex_cue"]), std::string{"Six digits"});
        QVERIFY(session["hours"]["open"] == true);
        QCOMPARE(text(session["hours"]["timezone"]), std::string{"Europe/Berlin"});
        QCOMPARE(session["hours"]["spans"].size(), std::size_t{1}); // days that touch are one span
        QVERIFY(base::toText(session).find(answer.body["hmac_token"].get<std::string>()) ==
                std::string::npos);
        Visitor visitor{*m_world, session["token"]};
        QVERIFY(visitor.welcome["hours"]["open"] == true);
    }

    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *body, const char *field) { QTest::newRow(body) << body << field; };
        row("{\"timezone\":\"Mars/Olympus\"}", "timezone");
        row("{\"working_hours\":[{\"day_of_week\":7}]}", "working_hours");
        row("{\"working_hours\":[{\"day_of_week\":1,\"open_hour\":22,\"close_hour\":2}]}", "working_hours");
        row("{\"working_hours\":[{\"day_of_week\":1,\"open_hour\":25}]}", "working_hours");
        row("{\"working_hours\":\"always\"}", "working_hours");
        row("{\"csat_config\":{\"display_type\":\"smoke\"}}", "csat_config");
        row("{\"sender_name_type\":\"king\"}", "sender_name_type");
        row("{\"channel\":{\"widget_color\":\"red;}\"}}", "widget_color");
        row("{\"channel\":{\"reply_time\":\"never\"}}", "reply_time");
        row("{\"channel\":{\"consent_url\":\"javascript:alert(1)\"}}", "consent_url");
        row("{\"channel\":{\"allowed_domains\":\"a.example; script-src *\\r\\nX: y\"}}", "allowed_domains");
        row("{\"channel\":{\"pre_chat_form_options\":{\"pre_chat_fields\":[{\"name\":\"x\",\"field_type\":"
            "\"standard\"}]}}}",
            "pre_chat_form_options");
        row("{\"channel\":{\"pre_chat_form_options\":{\"pre_chat_fields\":[{\"name\":\"\"}]}}}",
            "pre_chat_form_options");
        row("{\"channel\":{\"pre_chat_form_options\":{\"pre_chat_fields\":{\"a\":1}}}}",
            "pre_chat_form_options");
    }

    void whatCannotBeIsRefused()
    {
        QFETCH(QString, body);
        QFETCH(QString, field);
        const auto answer = patch(Json::parse(body.toStdString()));
        if (field == QStringLiteral("allowed_domains") && answer.status == 200) {
            // Split at the semicolon: what is left cannot end the header.
            const auto page = m_world->request("GET", "/widget?website_token=" + m_world->websiteToken);
            QCOMPARE(page.status, 200);
            QVERIFY(page.head.find("\r\nX: y") == std::string::npos);
            return;
        }
        QCOMPARE(answer.status, 422);
        QVERIFY2(answer.raw.body.find(field.toStdString()) != std::string::npos, answer.raw.body.c_str());
    }

    void secretsAreAdministratorsOnly()
    {
        const auto agent = m_world->addAgent("Grace", true);
        const auto seen = m_world->api("GET", World::inAccount("/inboxes/1"), {}, agent);
        QCOMPARE(seen.status, 200);
        QVERIFY(!seen.body.contains("hmac_token") && !seen.body.contains("secret"));
    }

    void aSiteNeedsToChangeTheHostOnly()
    {
        for (const char *path : {"/sdk.js", "/packs/js/sdk.js"}) {
            const auto script = m_world->request("GET", path);
            QCOMPARE(script.status, 200);
            QCOMPARE(script.body, std::string{"loader()"});
        }
        QCOMPARE(m_world->request("GET", "/builder").status, 200);
        QCOMPARE(m_world->request("GET", "/builder/../w.js").status / 100, 4);
    }

    void hoursAreTheInboxesOwn()
    {
        WebsiteSettings settings;
        settings.workingHoursEnabled = true;
        settings.timezone = "Europe/Berlin";
        const server::platform::SystemTimeZones zones;
        const auto hours = [&](const char *local) {
            return server::inboxes::openingHours(settings, zones, at(local));
        };
        QVERIFY(!hours("2026-11-23T08:59").open); // a Monday
        QVERIFY(hours("2026-11-23T09:00").open);
        QVERIFY(!hours("2026-11-23T17:00").open);
        QCOMPARE(*hours("2026-11-23T12:00").closesAt, at("2026-11-23T17:00"));
        QCOMPARE(*hours("2026-11-20T18:00").opensAt, at("2026-11-23T09:00")); // over the weekend
        QCOMPARE(hours("2026-11-23T12:00").utcOffset, std::int64_t{3600});
        // Clocks go back on October 25: nine is nine.
        QCOMPARE(*hours("2026-10-24T12:00").opensAt, at("2026-10-26T09:00"));
        for (auto &day : settings.workingHours)
            day.closedAllDay = true;
        QVERIFY(!hours("2026-11-23T12:00").open);
        QVERIFY(!hours("2026-11-23T12:00").opensAt);
        settings.timezone = "No/Where";
        QVERIFY(hours("2026-11-23T12:00").open);
    }

    void answersOfTheFormAreHeldAgainstIt()
    {
        const auto parsed = PreChatForm::fromText(base::toText(form));
        QVERIFY(parsed);
        const auto faults = [&](const Json &answers, const std::vector<std::string> &known = {}) {
            return parsed->check(answers, known, m_world->patterns);
        };
        QVERIFY(faults({{"emailAddress", "a@b.c"}, {"order", "123456"}, {"plan", "Pro"}}).empty());
        QCOMPARE(faults(Json::object())["emailAddress"], std::string{"required"});
        QCOMPARE(faults({{"order", 1}}, {"emailAddress"}).size(), std::size_t{0});
        QCOMPARE(faults({{"emailAddress", "nobody"}, {"order", 1}})["emailAddress"], std::string{"invalid"});
        QCOMPARE(faults({{"emailAddress", {{"x", 1}}}, {"order", 1}})["emailAddress"],
                 std::string{"invalid"});
        QCOMPARE(faults({{"emailAddress", "a@b.c"}, {"order", "abc"}})["order"], std::string{"invalid"});
        QCOMPARE(faults({{"emailAddress", "a@b.c"}, {"order", 1}, {"plan", "Gold"}})["plan"],
                 std::string{"invalid"});
        QVERIFY(!PreChatForm::fromText("[]"));
    }

    void botContentIsCleaned()
    {
        using server::conversations::customerAttributes;
        const Json cards{{"items",
                          {{{"title", "Lamp"},
                            {"media_url", "javascript:alert(1)"},
                            {"actions",
                             {{{"type", "link"}, {"text", "Bad"}, {"uri", " JAVASCRIPT:alert(1)"}},
                              {{"type", "link"}, {"text", "Bad"}, {"uri", "data:text/html,<script>"}},
                              {{"type", "link"}, {"text", "Good"}, {"uri", "https://acme.example/lamp"}},
                              {{"type", "postback"}, {"text", "Buy"}, {"payload", "buy"}},
                              {{"type", "eval"}, {"text", "x"}, {"code", "1"}}}}}}},
                         {"automation_rule_id", 7},
                         {"email", {{"from", "secret@example.com"}}}};
        const auto seen = customerAttributes("cards", base::toText(cards));
        QVERIFY(!seen["items"][0].contains("media_url"));
        QCOMPARE(seen["items"][0]["actions"].size(), std::size_t{2});
        QCOMPARE(seen.size(), std::size_t{1}); // nothing of what is inside
        QVERIFY(customerAttributes("text", "{}").is_null());
        QVERIFY(customerAttributes("cards", "[[[[").is_null());
    }

    void onlyWhatWasAskedIsAnswered()
    {
        using server::conversations::withAnswer;
        const auto choices = base::toText(
            Json{{"items", {{{"title", "Yes"}, {"value", "y"}}, {{"title", "No"}, {"value", "n"}}}}});
        const auto chosen =
            withAnswer("input_select", choices, {{"submitted_values", {{{"title", "<b>"}, {"value", "y"}}}}});
        QVERIFY(chosen);
        QCOMPARE(text(Json::parse(*chosen)["submitted_values"][0]["title"]), std::string{"Yes"});
        QVERIFY(!withAnswer("input_select", *chosen, {{"submitted_values", {{{"value", "n"}}}}}));
        QVERIFY(!withAnswer("input_select", choices, {{"submitted_values", {{{"value", "maybe"}}}}}));
        QVERIFY(!withAnswer("text", "{}", {{"submitted_values", {{{"value", "y"}}}}}));
        const auto email = withAnswer("input_email", "{}", {{"submitted_email", " Bob@Example.com "}});
        QCOMPARE(text(Json::parse(*email)["submitted_email"]), std::string{"bob@example.com"});
        QVERIFY(!withAnswer("input_email", "{}", {{"submitted_email", "bob"}}));
        const Json rating{{"submitted_values", {{"csat_survey_response", {{"rating", 5}}}}}};
        const auto rated = withAnswer("input_csat", "{}", rating);
        QCOMPARE(server::conversations::ratingOf(*rated).stars, 5);
        QVERIFY(withAnswer("input_csat", *rated, rating)); // may be changed
        QVERIFY(!withAnswer("input_csat", "{}",
                            {{"submitted_values", {{"csat_survey_response", {{"rating", 6}}}}}}));
        const auto asked = base::toText(Json{
            {"items",
             {{{"name", "size"}, {"type", "select"}, {"required", true}, {"options", {{{"value", "S"}}}}},
              {{"name", "note"}, {"type", "text"}}}}});
        QVERIFY(withAnswer("form", asked, {{"submitted_values", {{{"name", "size"}, {"value", "S"}}}}}));
        QVERIFY(!withAnswer("form", asked, {{"submitted_values", {{{"name", "size"}, {"value", "XL"}}}}}));
        QVERIFY(!withAnswer("form", asked, {{"submitted_values", {{{"name", "note"}, {"value", "x"}}}}}));
    }

private:
    tests::JsonAnswer patch(const Json &body)
    {
        return m_world->api("PATCH", World::inAccount("/inboxes/1"), body);
    }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(WidgetSettingsTest);
#include "tst_widget_settings.moc"
