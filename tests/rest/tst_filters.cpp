#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using tests::JsonAnswer;
using tests::World;

namespace {

Json one(const char *key, const char *operation, Json values, const char *join = "AND")
{
    return {{"attribute_key", key},
            {"filter_operator", operation},
            {"values", std::move(values)},
            {"query_operator", join}};
}

Json query(Json conditions)
{
    return {{"payload", std::move(conditions)}};
}

QString code(const JsonAnswer &answer)
{
    return QString::fromStdString(answer.body.value("code", ""));
}

} // namespace

/// Filters, saved views, fields of one's own and merging, as outside tools use them.
class FiltersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_world = std::make_unique<World>();
        for (const auto *text : {"One", "Two", "Three"}) {
            tests::Visitor visitor{*m_world};
            visitor.say(text, m_world->ids.next().text());
        }
        post("/conversations/1/custom_attributes",
             {{"custom_attributes", {{"plan", "gold"}, {"seats", 12}}}});
        post("/conversations/1/labels", {{"labels", {"vip"}}});
        post("/conversations/2/toggle_status", {{"status", "resolved"}});
        post("/conversations/3/assignments", {{"assignee_id", 1}});
    }
    void cleanup() { m_world.reset(); }

    void conversationsAreFoundByWhatTheyAre()
    {
        QCOMPARE(found({one("status", "equal_to", {"open"})}), (std::vector<int>{3, 1}));
        QCOMPARE(found({one("status", "equal_to", {"all"})}), (std::vector<int>{3, 2, 1}));
        QCOMPARE(found({one("assignee_id", "is_not_present", Json::array())}), (std::vector<int>{2, 1}));
        QCOMPARE(found({one("assignee_id", "equal_to", {1})}), (std::vector<int>{3}));
        QCOMPARE(found({one("labels", "equal_to", {"vip"})}), (std::vector<int>{1}));
        QCOMPARE(found({one("plan", "equal_to", {"gold"})}), (std::vector<int>{1}));
        QCOMPARE(found({one("seats", "is_greater_than", {"11"})}), (std::vector<int>{1}));
        QCOMPARE(found({one("inbox_id", "equal_to", {999})}), std::vector<int>{});
        QCOMPARE(found({one("contact_id", "equal_to", {2})}), (std::vector<int>{2}));
        QCOMPARE(found({one("status", "equal_to", {"resolved"}, "OR"), one("plan", "equal_to", {"gold"})}),
                 (std::vector<int>{2, 1}));
        QCOMPARE(found({one("created_at", "days_before", {"1"})}), std::vector<int>{});
    }

    void countsTellOfAllThatMatched()
    {
        const auto answer = filter({one("status", "equal_to", {"all"})}, "?page=2");
        QVERIFY(answer.body["data"]["payload"].empty());
        const auto &meta = answer.body["data"]["meta"];
        QVERIFY(meta["all_count"] == 3);
        QVERIFY(meta["mine_count"] == 1);
        QVERIFY(meta["unassigned_count"] == 2);
        QVERIFY(meta["is_complete"] == true);
    }

    void nobodyFindsWhatTheyMayNotSee()
    {
        const auto stranger = m_world->addAgent("Grace", false);
        const auto answer = m_world->api("POST", World::inAccount("/conversations/filter"),
                                         query({one("status", "equal_to", {"all"})}), stranger);
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.body["data"]["meta"]["all_count"] == 0);
        const auto byContact = m_world->api("POST", World::inAccount("/conversations/filter"),
                                            query({one("contact_id", "equal_to", {1})}), stranger);
        QVERIFY(byContact.body["data"]["payload"].empty());
    }

    void hostileFiltersAreRefusedByName()
    {
        for (const auto *path : {"/conversations/filter", "/contacts/filter"}) {
            for (const auto &body :
                 {Json::object(), query(Json::array()), query(Json::object()), query({{7}}),
                  query({one("labels", "equal_to", {std::string(300, 'x')})}),
                  query({one("created_at", "equal_to", {"2026-01-01"})}),
                  query({one("labels", "' OR 1=1 --", {"x"})}),
                  query({one(std::string(5000, 'k').c_str(), "equal_to", {"x"})})}) {
                const auto answer = m_world->api("POST", World::inAccount(path), body);
                QCOMPARE(answer.status, 422);
                QCOMPARE(code(answer), QStringLiteral("invalid"));
            }
        }
        // A name that looks like SQL is a name.
        QCOMPARE(found({one("x'); DROP TABLE conversations; --", "equal_to", {"y"})}), std::vector<int>{});
        QVERIFY(found({one("status", "equal_to", {"all"})}).size() == 3);
    }

    void contactsAreFoundByIndexAndByScan()
    {
        for (const auto *name : {"Ada", "Bea"})
            post("/contacts", {{"name", name},
                               {"email", std::string{name} + "@Example.com"},
                               {"custom_attributes", {{"tier", name}}}});
        post("/contacts/4/labels", {{"labels", {"vip"}}});
        QCOMPARE(contacts({one("email", "equal_to", {"ADA@example.com"})}), (std::vector<int>{4}));
        QCOMPARE(contacts({one("labels", "equal_to", {"vip"}), one("name", "contains", {"da"})}),
                 (std::vector<int>{4}));
        QCOMPARE(contacts({one("labels", "equal_to", {"vip"}), one("name", "contains", {"be"})}),
                 std::vector<int>{});
        QCOMPARE(contacts({one("tier", "equal_to", {"bea"})}), (std::vector<int>{5}));
        QCOMPARE(contacts({one("email", "equal_to", {"ada@example.com", "bea@example.com"})}),
                 (std::vector<int>{4, 5}));
    }

    void savedViewsAreOnesOwn()
    {
        const auto made = m_world->api("POST", World::inAccount("/custom_filters"),
                                       {{"name", "  Gold "},
                                        {"type", "conversation"},
                                        {"query", query({one("plan", "equal_to", {"gold"})})}});
        QCOMPARE(made.status, 200);
        QVERIFY(made.body["name"] == "Gold");
        const auto other = m_world->addAgent("Grace", true);
        const auto path = World::inAccount("/custom_filters/1");
        QCOMPARE(m_world->api("GET", path, {}, other).status, 404);
        QCOMPARE(m_world->api("PATCH", path, {{"name", "Mine"}}, other).status, 404);
        QCOMPARE(m_world->api("DELETE", path, {}, other).status, 404);
        QVERIFY(m_world->api("GET", World::inAccount("/custom_filters"), {}, other).body.empty());
        QVERIFY(m_world->api("GET", path).body["query"] == query({one("plan", "equal_to", {"gold"})}));
    }

    void savedViewsAreChecked()
    {
        const auto fine = query({one("status", "equal_to", {"open"})});
        const std::pair<Json, const char *> wrong[] = {
            {{{"name", ""}, {"query", fine}}, "no name"},
            {{{"name", std::string(256, 'n')}, {"query", fine}}, "long name"},
            {{{"name", "A"}}, "no query"},
            {{{"name", "A"}, {"query", Json::array()}}, "query a list"},
            {{{"name", "A"}, {"query", query({one("status", "contains", {"open"})})}}, "bad operator"},
            {{{"name", "A"}, {"type", "message"}, {"query", fine}}, "bad type"}};
        for (const auto &[body, why] : wrong)
            QVERIFY2(m_world->api("POST", World::inAccount("/custom_filters"), body).status == 422, why);
        const Json report{{"name", "R"}, {"type", "report"}, {"query", {{"x", std::string(70'000, 'x')}}}};
        QCOMPARE(m_world->api("POST", World::inAccount("/custom_filters"), report).status, 413);
        QCOMPARE(m_world->api("GET", World::inAccount("/custom_filters?filter_type=odd")).status, 422);
    }

    void whoLeavesTakesTheirViewsAlong()
    {
        std::int64_t number = 0;
        const auto token = m_world->addAgent("Grace", true, &number);
        const auto made =
            m_world->api("POST", World::inAccount("/custom_filters"),
                         {{"name", "Mine"}, {"query", query({one("status", "equal_to", {"open"})})}}, token);
        QCOMPARE(made.status, 200);
        QCOMPARE(m_world->api("DELETE", World::inAccount("/agents/" + std::to_string(number))).status, 200);
        m_world->database->read([](server::storage::Transaction &tx) {
            QCOMPARE(tx.one("SELECT count(*) FROM custom_filters")->integer(0), 0);
        });
    }

    void fieldsOfOnesOwnAreChecked()
    {
        const auto path = World::inAccount("/custom_attribute_definitions");
        const Json fine{{"attribute_display_name", "Plan"},
                        {"attribute_display_type", "list"},
                        {"attribute_key", "plan"},
                        {"attribute_model", "conversation_attribute"},
                        {"attribute_values", {"gold", "silver"}}};
        const auto made = m_world->api("POST", path, fine);
        QCOMPARE(made.status, 200);
        QVERIFY(made.body["attribute_values"] == Json::array({"gold", "silver"}));
        QCOMPARE(m_world->api("POST", path, fine).status, 422);
        const auto with = [&](const char *key, const Json &value) {
            auto body = fine;
            body["attribute_key"] = "other";
            body[key] = value;
            return m_world->api("POST", path, body).status;
        };
        QCOMPARE(with("attribute_key", "status"), 422); // a conversation has one
        QCOMPARE(with("attribute_key", "a b"), 422);
        QCOMPARE(with("attribute_key", ""), 422);
        QCOMPARE(with("attribute_display_type", 8), 422);
        QCOMPARE(with("attribute_display_type", -1), 422);
        QCOMPARE(with("attribute_model", "company"), 422);
        QCOMPARE(with("attribute_display_name", ""), 422);
        QCOMPARE(with("attribute_values", Json::array()), 422);
        QCOMPARE(with("attribute_values", {{7}}), 422);
        QCOMPARE(m_world->api("PATCH", path + "/1", {{"attribute_key", "renamed"}}).status, 422);
        QCOMPARE(m_world->api("PATCH", path + "/1", {{"attribute_model", 1}}).status, 422);
        const auto agent = m_world->addAgent("Grace", true);
        QVERIFY(m_world->api("GET", path, {}, agent).body.size() == 1);
        QCOMPARE(m_world->api("POST", path, fine, agent).status, 403);
        QCOMPARE(m_world->api("DELETE", path + "/1", {}, agent).status, 403);
    }

    void mergingLeavesOneContactWithEverything()
    {
        post("/contacts", {{"name", "Mary"}, {"email", "mary@example.com"}});
        const auto path = World::inAccount("/actions/contact_merge");
        const auto merged = m_world->api("POST", path, {{"base_contact_id", 4}, {"mergee_contact_id", 1}});
        QCOMPARE(merged.status, 200);
        QVERIFY(merged.body["payload"][0]["contact_inboxes"].size() == 1);
        QCOMPARE(m_world->api("GET", World::inAccount("/contacts/1")).status, 404);
        const auto all = m_world->api("GET", World::inAccount("/contacts/4/conversations"));
        QVERIFY(all.body["payload"].size() == 1);
        QCOMPARE(m_world->api("POST", path, {{"base_contact_id", 4}, {"mergee_contact_id", 4}}).status, 422);
        QCOMPARE(m_world->api("POST", path, {{"base_contact_id", 4}, {"mergee_contact_id", 99}}).status, 404);
        QCOMPARE(m_world->api("POST", path, {{"base_contact_id", "x"}}).status, 422);
        QCOMPARE(m_world->api("POST", path, {{"base_contact_id", 4}}).status, 422);
    }

    void listsAreReadByTheirIndexes()
    {
        m_world->database->read([](server::storage::Transaction &tx) {
            const auto plan = [&](const char *sql) {
                std::string text;
                for (const auto &row : tx.all(std::string{"EXPLAIN QUERY PLAN "} + sql))
                    text += row.text(3) + "\n";
                return text;
            };
            for (const auto *sql :
                 {"SELECT id, labels FROM conversations WHERE inbox_id = 1 AND status = 0 AND"
                  " (last_activity_at, id) < (9, 9) ORDER BY last_activity_at DESC, id DESC LIMIT 5",
                  "SELECT id, labels FROM contacts WHERE account_id = 1 ORDER BY name COLLATE NOCASE, id "
                  "LIMIT 5",
                  "SELECT id, query FROM custom_filters WHERE user_id = 1 AND account_id = 1 AND type = 0 "
                  "ORDER"
                  " BY id",
                  "SELECT id, choices FROM custom_attribute_definitions WHERE account_id = 1 AND model = 0 "
                  "ORDER"
                  " BY key"}) {
                const auto text = plan(sql);
                QVERIFY2(text.starts_with("SEARCH") && text.find("USE TEMP B-TREE") == std::string::npos,
                         text.c_str());
            }
        });
    }

private:
    void post(const char *path, const Json &body)
    {
        const auto answer = m_world->api("POST", World::inAccount(path), body);
        QVERIFY2(answer.status == 200, answer.raw.body.c_str());
    }
    JsonAnswer filter(Json conditions, const std::string &page = {})
    {
        return m_world->api("POST", World::inAccount("/conversations/filter" + page),
                            query(std::move(conditions)));
    }
    std::vector<int> found(Json conditions)
    {
        const auto answer = filter(std::move(conditions));
        std::vector<int> numbers;
        if (answer.status == 200)
            for (const auto &row : answer.body["data"]["payload"])
                numbers.push_back(row["id"].get<int>());
        else
            numbers.push_back(-answer.status);
        return numbers;
    }
    std::vector<int> contacts(Json conditions)
    {
        const auto answer =
            m_world->api("POST", World::inAccount("/contacts/filter"), query(std::move(conditions)));
        std::vector<int> numbers;
        if (answer.status == 200)
            for (const auto &row : answer.body["payload"])
                numbers.push_back(row["id"].get<int>());
        else
            numbers.push_back(-answer.status);
        return numbers;
    }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(FiltersTest);
#include "tst_filters.moc"
