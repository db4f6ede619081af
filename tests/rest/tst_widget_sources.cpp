#include "server/features/conversations/bot_content.h"
#include "shared/protocol/rows.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using tests::Visitor;
using tests::World;

namespace {

const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89", 33};

std::string part(const std::string &head, const std::string &value)
{
    return "--x7\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + value + "\r\n";
}

std::string text(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : std::string{"?"} + value.dump();
}

} // namespace

/// What comes to the widget from elsewhere than its conversations: the inbox's picture, campaigns, and what
/// it tells of being opened.
class WidgetSourcesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void aPictureIsSetReplacedAndTakenAway()
    {
        QCOMPARE(text(inbox()["avatar_url"]), std::string{});
        QVERIFY(m_world->session()["cfg"]["avatar_url"].is_null());
        const auto first =
            sendForm(part("name=\"name\"", "Shop") + part("name=\"channel[welcome_title]\"", "Hello there") +
                     part("name=\"channel[selected_feature_flags][]\"", "emoji_picker") +
                     part("name=\"avatar\"; filename=\"x.txt\"", png));
        QCOMPARE(first.status, 200);
        const auto row = inbox();
        QCOMPARE(text(row["name"]), std::string{"Shop"});
        QCOMPARE(text(row["welcome_title"]), std::string{"Hello there"});
        QVERIFY(row["selected_feature_flags"] == Json::array({"emoji_picker"}));
        const auto url = text(row["avatar_url"]);
        const auto path = url.substr(url.find("/avatar/"));
        QCOMPARE(text(m_world->session()["cfg"]["avatar_url"]), path);
        const auto shown = m_world->request("GET", path);
        QCOMPARE(shown.status, 200);
        QCOMPARE(shown.body, png);
        QCOMPARE(shown.header("Content-Type"), std::string{"image/png"});
        QCOMPARE(shown.header("X-Content-Type-Options"), std::string{"nosniff"});
        QVERIFY(shown.header("Cache-Control").find("immutable") != std::string::npos);

        QCOMPARE(sendForm(part("name=\"avatar\"; filename=\"y.png\"", png + "more")).status, 200);
        QVERIFY(text(inbox()["avatar_url"]) != url);
        QCOMPARE(m_world->request("GET", path).status, 404);

        const auto agent = m_world->addAgent("Omar", true);
        QCOMPARE(m_world->api("DELETE", "/inboxes/1/avatar", {}, agent).status, 403);
        QCOMPARE(m_world->api("DELETE", "/inboxes/1/avatar").status, 200);
        QCOMPARE(text(inbox()["avatar_url"]), std::string{});
        QCOMPARE(m_world->api("DELETE", "/inboxes/99/avatar").status, 404);
    }

    void whatIsNoPictureIsNotTaken()
    {
        for (const std::string bytes : {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "<html></html>", "MZ"})
            QCOMPARE(sendForm(part("name=\"avatar\"; filename=\"a.png\"", bytes)).status, 415);
        QCOMPARE(
            sendForm(part("name=\"avatar\"; filename=\"a.png\"", png + std::string(6 << 20, 'x'))).status,
            413);
        QCOMPARE(m_world->request("PATCH", World::inAccount("/inboxes/1"), "[", auth()).status, 400);
        QCOMPARE(text(inbox()["avatar_url"]), std::string{});
    }

    void campaignsAreKeptByAdministrators()
    {
        const Json wanted{{"title", "Lamps"},
                          {"message", "Looking for a lamp?"},
                          {"inbox_id", 1},
                          {"sender_id", 1},
                          {"trigger_rules", {{"url", "https://shop.example/lamps*"}, {"time_on_page", 5}}}};
        const auto made = m_world->api("POST", "/campaigns", wanted);
        QCOMPARE(made.status, 200);
        QVERIFY(made.body["enabled"] == Json(true));
        QVERIFY(made.body["sender"]["id"] == Json(1));
        const auto path = "/campaigns/" + made.body["id"].dump();
        QCOMPARE(m_world->api("GET", "/campaigns").body.size(), std::size_t{1});
        const auto agent = m_world->addAgent("Omar", true);
        for (const auto *method : {"GET", "PATCH", "DELETE"})
            QCOMPARE(m_world->api(method, path, {}, agent).status, 403);
        QCOMPARE(m_world->api("GET", "/campaigns", {}, agent).status, 403);
        for (const auto &[key, value] : std::initializer_list<std::pair<const char *, Json>>{
                 {"title", " "},
                 {"message", ""},
                 {"inbox_id", 99},
                 {"sender_id", 99},
                 {"trigger_rules", {{"url", "javascript:alert(1)"}}},
                 {"trigger_rules", {{"time_on_page", -1}}}})
            QCOMPARE(m_world->api("PATCH", path, {{key, value}}).status, 422);
        const auto changed = m_world->api(
            "PATCH", path, {{"campaign", {{"enabled", false}, {"sender_id", nullptr}, {"title", "Lights"}}}});
        QCOMPARE(changed.status, 200);
        QCOMPARE(text(changed.body["title"]), std::string{"Lights"});
        QVERIFY(changed.body["sender"].is_null());
        QCOMPARE(m_world->session()["cfg"]["campaigns"].size(), std::size_t{0});
        QCOMPARE(m_world->api("DELETE", path).status, 200);
        QCOMPARE(m_world->api("GET", path).status, 404);
    }

    void aConversationBegunFromATeaserCarriesItsCampaign()
    {
        QCOMPARE(
            m_world->api("PATCH", "/inboxes/1", {{"greeting_enabled", true}, {"greeting_message", "Welcome"}})
                .status,
            200);
        const auto number =
            m_world
                ->api("POST", "/campaigns",
                      {{"title", "Lamps"},
                       {"message", "Looking for a lamp?"},
                       {"inbox_id", 1},
                       {"sender_id", 1},
                       {"trigger_rules", {{"url", "https://shop.example/*"}, {"time_on_page", 5}}}})
                .body["id"];
        const auto teasers = m_world->session()["cfg"]["campaigns"];
        QCOMPARE(teasers.size(), std::size_t{1});
        QCOMPARE(text(teasers[0]["id"]), number.dump());
        QVERIFY(teasers[0]["trigger_rules"]["time_on_page"] == Json(5));
        Visitor visitor{*m_world};
        begin(visitor, "Yes, a brass one", number.dump());
        const auto rows = m_world->api("GET", "/conversations/1/messages").body["payload"];
        QCOMPARE(rows.size(), std::size_t{2}); // no greeting: they were spoken to
        QCOMPARE(text(rows[0]["content"]), std::string{"Looking for a lamp?"});
        QVERIFY(rows[0]["sender"]["id"] == Json(1));
        QVERIFY(m_world->api("GET", "/conversations/1").body["campaign_id"] == number);

        Visitor other{*m_world};
        begin(other, "And I", "77"); // one that is not there
        QVERIFY(m_world->api("GET", "/conversations/2").body["campaign_id"].is_null());
        QCOMPARE(text(m_world->api("GET", "/conversations/2/messages").body["payload"][0]["content"]),
                 std::string{"And I"});
    }

    void campaignsThatKeepHoursRestOutsideOfThem()
    {
        auto days = Json::array();
        for (int day = 0; day < 7; ++day)
            days.push_back({{"day_of_week", day}, {"closed_all_day", true}});
        QCOMPARE(
            m_world->api("PATCH", "/inboxes/1", {{"working_hours_enabled", true}, {"working_hours", days}})
                .status,
            200);
        for (const bool inHours : {true, false})
            QCOMPARE(m_world
                         ->api("POST", "/campaigns",
                               {{"title", "Lamps"},
                                {"message", inHours ? "Open" : "Always"},
                                {"inbox_id", 1},
                                {"trigger_only_during_business_hours", inHours},
                                {"trigger_rules", {{"url", "https://shop.example/*"}}}})
                         .status,
                     200);
        const auto teasers = m_world->session()["cfg"]["campaigns"];
        QCOMPARE(teasers.size(), std::size_t{1});
        QCOMPARE(text(teasers[0]["message"]), std::string{"Always"});
        QCOMPARE(text(teasers[0]["sender"]["name"]), std::string{"Acme site"});
    }

    void openingIsToldOnceHoweverOftenTheLineBreaks()
    {
        std::mutex mutex;
        std::vector<std::string> pages;
        m_world->ephemera.listen([&](const server::sync::EphemeralEvent &event) {
            const std::lock_guard lock{mutex};
            if (event.kind == server::sync::EphemeralEvent::Kind::Arrival)
                pages.push_back(event.page);
        });
        const auto told = [&] {
            const std::lock_guard lock{mutex};
            return pages;
        };
        const auto token = text(m_world->session()["token"]);
        {
            Visitor visitor{*m_world, token};
            visitor.send({{"k", "opened"}, {"url", "https://shop.example/cart?secret=1"}});
            QTRY_COMPARE(told().size(), std::size_t{1});
        }
        QCOMPARE(told()[0], std::string{"https://shop.example/cart"});
        (void)m_world->session(token);
        Visitor again{*m_world, token};
        again.say("Here", m_world->ids.next().text());
        QCOMPARE(told().size(), std::size_t{1});
    }

    void repliesByTheApiKeepToTheWindow()
    {
        const auto made = m_world->api(
            "POST", "/inboxes",
            {{"name", "App"},
             {"channel", {{"type", "api"}, {"additional_attributes", {{"agent_reply_time_window", 24}}}}}});
        const auto place = "/public/api/v1/inboxes/" + text(made.body["inbox_identifier"]) + "/contacts";
        const auto contact = Json::parse(m_world->request("POST", place, "{}").body);
        const auto theirs = place + "/" + text(contact["source_id"]) + "/conversations";
        const auto id = Json::parse(m_world->request("POST", theirs, "{}").body)["id"].dump();
        const auto path = "/conversations/" + id + "/messages";
        const auto refused = m_world->api("POST", path, {{"content", "Hello?"}});
        QVERIFY(refused.status >= 400 && refused.status < 500);
        QCOMPARE(text(refused.body["code"]), std::string{"channel_window"});
        QCOMPARE(m_world->api("POST", path, {{"content", "Hm"}, {"private", true}}).status, 200);
        QCOMPARE(m_world->request("POST", theirs + "/" + id + "/messages", R"({"content":"Hi"})").status,
                 200);
        QCOMPARE(m_world->api("POST", path, {{"content", "Hello!"}}).status, 200);
    }

    void whatBotsAndVisitorsExchangeIsToldToAgents()
    {
        using server::conversations::describeContent;
        domain::Message message;
        describeContent(
            "form",
            base::toText(Json{
                {"items",
                 {{{"name", "when"},
                   {"label", "When?"},
                   {"type", "select"},
                   {"options", {{{"label", "Morning"}, {"value", "am"}}}}}}},
                {"submitted_values", {{{"name", "when"}, {"value", "am"}}, {{"name", "x"}, {"value", 7}}}}}),
            message);
        QCOMPARE(message.content.type, std::string{"form"});
        QCOMPARE(message.content.items.size(), std::size_t{1});
        const std::vector<domain::ContentAnswer> answers{{"When?", "Morning"}, {"x", "7"}};
        QVERIFY(message.content.answers == answers);

        message = {};
        describeContent(
            "input_csat",
            base::toText(Json{{"submitted_values",
                               {{"csat_survey_response", {{"rating", 4}, {"feedback_message", "Fine"}}}}}}),
            message);
        QCOMPARE(message.content.stars, 4);
        QCOMPARE(message.content.answers.at(0).answer, std::string{"Fine"});

        message = {};
        describeContent(
            "cards",
            base::toText(
                Json{{"items",
                      {{{"title", "Lamp"},
                        {"media_url", "javascript:alert(1)"},
                        {"actions", {{{"type", "postback"}, {"text", "Take it"}, {"payload", "lamp"}}}}}}}}),
            message);
        QCOMPARE(message.content.items.at(0).link, std::string{});
        QCOMPARE(message.content.items.at(0).buttons, std::vector<std::string>{"Take it"});

        message = {};
        describeContent("cards", R"({"deleted":true})", message);
        QVERIFY(message.deleted && message.content.type.empty());
        auto many = Json::array();
        for (int i = 0; i < 500; ++i)
            many.push_back({{"title", std::string(5000, 'x')}, {"value", "v"}});
        message = {};
        describeContent("input_select", base::toText(Json{{"items", many}}), message);
        QVERIFY(base::toText(protocol::toRow(message)).size() < 64 * 1024);
    }

private:
    Json inbox() { return m_world->api("GET", "/inboxes/1").body; }
    std::vector<std::string> auth() { return {"api_access_token: " + m_world->token}; }
    tests::Answer sendForm(const std::string &parts)
    {
        return m_world->request("PATCH", World::inAccount("/inboxes/1"), parts + "--x7--\r\n", auth(),
                                "multipart/form-data; boundary=x7");
    }
    void begin(Visitor &visitor, const std::string &body, const std::string &campaign)
    {
        visitor.send({{"k", "send"},
                      {"mid", m_world->ids.next().text()},
                      {"body", body},
                      {"start", {{"campaign", campaign}}}});
        QCOMPARE(text(visitor.next("ok")["k"]), std::string{"ok"});
    }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(WidgetSourcesTest);
#include "tst_widget_sources.moc"
