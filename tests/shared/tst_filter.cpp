#include "shared/base/json.h"
#include "shared/protocol/filters/filter_codec.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <map>

using base::Json;
using domain::FilterSubject;

namespace {

const auto now = base::fromMs(1'767'225'600'000); // 2026-01-01

std::string refusal(const char *json, FilterSubject subject = FilterSubject::Conversation)
{
    const auto filter = protocol::filterFromJson(Json::parse(json), subject);
    return filter ? std::string{} : filter.error().detail;
}

bool holds(Json conditions, const std::map<std::string, domain::FilterValue> &has,
           FilterSubject subject = FilterSubject::Conversation)
{
    const auto filter = protocol::filterFromJson(conditions, subject);
    if (!filter)
        throw std::runtime_error{"refused: " + filter.error().detail};
    const auto fields = [&](std::string_view name) {
        const auto at = has.find(std::string{name});
        return at == has.end() ? domain::FilterValue{} : at->second;
    };
    return domain::matches(*filter, fields, now);
}

Json one(const char *key, const char *operation, Json values, const char *join = "AND")
{
    return {{"attribute_key", key},
            {"filter_operator", operation},
            {"values", std::move(values)},
            {"query_operator", join}};
}

domain::FilterValue text(std::string value)
{
    return {{std::move(value)}, {}};
}

} // namespace

/// The language of filters: what is refused, and what each word means.
class FilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrongIsNamed()
    {
        using namespace std::string_literals;
        QCOMPARE(refusal("[]"), "payload"s);
        QCOMPARE(refusal("{}"), "payload"s);
        QCOMPARE(refusal("null"), "payload"s);
        QCOMPARE(refusal("[7]"), "filter_operator"s);
        QCOMPARE(refusal(R"([{"attribute_key":"","filter_operator":"equal_to","values":["a"]}])"),
                 "attribute_key"s);
        QCOMPARE(refusal(R"([{"attribute_key":"status","filter_operator":"contains","values":["open"]}])"),
                 "filter_operator"s);
        QCOMPARE(refusal(R"([{"attribute_key":"status","filter_operator":"equal_to","values":["odd"]}])"),
                 "values"s);
        QCOMPARE(refusal(R"([{"attribute_key":"team_id","filter_operator":"equal_to","values":["1 OR 1"]}])"),
                 "values"s);
        QCOMPARE(refusal(R"([{"attribute_key":"labels","filter_operator":"equal_to","values":[]}])"),
                 "values"s);
        QCOMPARE(refusal(R"([{"attribute_key":"labels","filter_operator":"equal_to","values":[[1]]}])"),
                 "values"s);
        QCOMPARE(
            refusal(R"([{"attribute_key":"created_at","filter_operator":"days_before","values":["1e9"]}])"),
            "values"s);
        QCOMPARE(
            refusal(R"([{"attribute_key":"created_at","filter_operator":"is_less_than","values":["soon"]}])"),
            "values"s);
        QCOMPARE(
            refusal(
                R"([{"attribute_key":"x","filter_operator":"equal_to","values":["a"],"query_operator":"XOR"}])"),
            "query_operator"s);
        auto many = Json::array();
        for (std::size_t i = 0; i <= domain::maxFilterConditions; ++i)
            many.push_back(one("status", "equal_to", {"open"}));
        QCOMPARE(refusal(many.dump().c_str()), "payload"s);
    }

    void andBindsStrongerThanOr()
    {
        const Json either{one("status", "equal_to", {"open"}), one("priority", "equal_to", {"urgent"}, "OR"),
                          one("labels", "equal_to", {"vip"})};
        QVERIFY(holds(either, {{"status", text("resolved")}, {"labels", text("vip")}}));
        QVERIFY(holds(either, {{"status", text("open")}, {"priority", text("urgent")}}));
        QVERIFY(!holds(either, {{"status", text("open")}, {"priority", text("low")}}));
        const Json dangling{one("status", "equal_to", {"open"}, "OR")};
        QVERIFY(!holds(dangling, {{"status", text("resolved")}}));
    }

    void eachOperationMeansWhatItSays()
    {
        const domain::FilterValue labels{{"billing", "VIP"}, {}};
        QVERIFY(holds({one("labels", "equal_to", {"vip"})}, {{"labels", labels}}));
        QVERIFY(!holds({one("labels", "not_equal_to", {"vip", "x"})}, {{"labels", labels}}));
        QVERIFY(holds({one("labels", "is_not_present", Json())}, {}));
        QVERIFY(holds({one("referer", "contains", {"EXAMPLE"})}, {{"referer", text("https://example.org")}}));
        QVERIFY(holds({one("referer", "does_not_contain", {"x"})}, {}));
        QVERIFY(holds({one("phone_number", "starts_with", {"+49"})}, {{"phone_number", text("+4930")}},
                      FilterSubject::Contact));
        QVERIFY(holds({one("status", "equal_to", {"all"})}, {{"status", text("snoozed")}}));
        QVERIFY(holds({one("team_id", "equal_to", {3})}, {{"team_id", text("3")}}));
        QVERIFY(
            holds({one("team_id", "equal_to", {{{"id", 3}, {"name", "Sales"}}})}, {{"team_id", text("3")}}));
    }

    void momentsAndNumbersCompareAsSuch()
    {
        const domain::FilterValue day{{}, now - std::chrono::days{3}};
        QVERIFY(holds({one("created_at", "is_less_than", {"2026-01-01"})}, {{"created_at", day}}));
        QVERIFY(
            !holds({one("created_at", "is_greater_than", {"2025-12-29T00:00:00Z"})}, {{"created_at", day}}));
        QVERIFY(holds({one("created_at", "days_before", {2})}, {{"created_at", day}}));
        QVERIFY(!holds({one("created_at", "days_before", {"3"})}, {{"created_at", day}}));
        QVERIFY(!holds({one("last_activity_at", "days_before", {"3"})}, {}));
        QVERIFY(holds({one("seats", "is_greater_than", {"9"})}, {{"seats", text("10")}}));
        QVERIFY(holds({one("renews", "is_less_than", {"2026-02-01"})}, {{"renews", text("2026-01-15")}}));
    }

    void whatEverythingMustHaveIsKnown()
    {
        const auto filter = protocol::filterFromJson({one("status", "equal_to", {"open"}),
                                                      one("labels", "equal_to", {"vip"}, "OR"),
                                                      one("status", "equal_to", {"pending", "snoozed"})},
                                                     FilterSubject::Conversation);
        QVERIFY(bool(filter));
        QCOMPARE(*domain::required(*filter, "status"),
                 (std::vector<std::string>{"open", "pending", "snoozed"}));
        QVERIFY(!domain::required(*filter, "labels"));
    }

    void aFilterSurvivesTheWire()
    {
        const Json conditions{one("status", "equal_to", {"open"}, "or"), one("plan", "is_present", Json())};
        const auto filter = protocol::filterFromJson(conditions, FilterSubject::Conversation);
        QVERIFY(bool(filter));
        const auto again = protocol::filterFromJson(protocol::toJson(*filter), FilterSubject::Conversation);
        QVERIFY(bool(again));
        QVERIFY(*again == *filter);
    }
};

REGISTER_TEST(FilterTest);
#include "tst_filter.moc"
