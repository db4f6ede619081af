#include "server/features/conversations/conversations_module.h"
#include "server/features/conversations/snooze_rule_store.h"
#include "server/features/conversations/snooze_rules.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using namespace std::chrono_literals;
using base::Json;
using protocol::Verdict;
using server::conversations::SnoozeRules;
using tests::Desk;

namespace {

/// Clocks that the law can move.
class MovingZones : public server::ports::TimeZones {
public:
    [[nodiscard]] std::optional<base::Timestamp> moment(std::string_view,
                                                        std::string_view zone) const override
    {
        return zone == "Europe/Berlin" ? std::optional{nine} : std::nullopt;
    }
    [[nodiscard]] std::optional<std::chrono::seconds> offset(base::Timestamp, std::string_view) const override
    {
        return std::nullopt;
    }
    base::Timestamp nine{};
};

struct Case {
    Desk desk;
    MovingZones zones;
    SnoozeRules rules{desk.conversations, zones};
    base::Uuid id = desk.conversation().conversation.conversation.id.value;
    base::Timestamp morning = desk.clock.now() + 12h;

    Case() { zones.nine = morning; }
    protocol::Snooze request(const std::string &zone = "Europe/Berlin") const
    {
        return {{id}, morning + 7min, "2026-01-01T09:00", zone}; // its author's clock, or rules, are wrong
    }
    base::Status snooze(const protocol::Snooze &request)
    {
        return desk.attempt(desk.agent,
                            [&](server::sync::WriteContext &ctx) { return rules.snooze(ctx, request); });
    }
    std::optional<base::Timestamp> until() { return desk.row(id).conversation.snoozedUntil; }
    std::size_t known()
    {
        return desk.read([](server::storage::Transaction &tx) {
            return server::conversations::SnoozeRuleStore{tx}.all(1).size();
        });
    }
    void evaluate() { server::conversations::evaluateSnoozesAgain(*desk.database, *desk.executor, rules); }
};

} // namespace

/// Snoozes meant by the clock of a zone (sync-protocol 13.3).
class SnoozeRulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theServerSaysWhenItIs()
    {
        Case c;
        QVERIFY(c.snooze(c.request()));
        QCOMPARE(c.until(), std::optional{c.morning});
    }

    void aZoneThatIsNotKnownHereLeavesTheAuthorsMoment()
    {
        Case c;
        QVERIFY(c.snooze(c.request("Mars/Olympus")));
        QCOMPARE(c.until(), std::optional{c.morning + 7min});
        QCOMPARE(c.known(), std::size_t{0});
    }

    void aChangeOfTheRulesMovesIt()
    {
        Case c;
        QVERIFY(c.snooze(c.request()));
        c.evaluate();
        QCOMPARE(c.until(), std::optional{c.morning});
        c.zones.nine = c.morning - 1h;
        c.evaluate();
        QCOMPARE(c.until(), std::optional{c.morning - 1h});
    }

    void movedIntoThePastItIsOpenedAsAnyOther()
    {
        Case c;
        QVERIFY(c.snooze(c.request()));
        c.desk.clock.advance(11h + 30min);
        c.zones.nine = c.morning - 1h;
        c.evaluate();
        (void)server::conversations::dueSnoozes(*c.desk.database, *c.desk.executor, c.desk.conversations,
                                                c.desk.clock.now());
        QVERIFY(c.desk.row(c.id).conversation.status == domain::ConversationStatus::Open);
        c.evaluate();
        QCOMPARE(c.known(), std::size_t{0});
    }

    void anotherSnoozeIsNoneOfItsBusiness()
    {
        Case c;
        QVERIFY(c.snooze(c.request()));
        QCOMPARE(c.desk
                     .mutate(c.desk.agent, "conversation.snooze",
                             {{"conv", c.id.text()}, {"until", base::toMs(c.morning + 5h)}})
                     .verdict,
                 Verdict::Ok);
        c.zones.nine = c.morning - 1h;
        c.evaluate();
        QCOMPARE(c.until(), std::optional{c.morning + 5h});
        QCOMPARE(c.known(), std::size_t{0});
    }

    void hostileRulesAreRefused()
    {
        Case c;
        const auto receipt = c.desk.mutate(c.desk.agent, "conversation.snooze",
                                           {{"conv", c.id.text()},
                                            {"until", base::toMs(c.morning)},
                                            {"local", "2026-01-01T09:00"},
                                            {"tz", std::string(1000, 'x')}});
        QCOMPARE(receipt.code, base::ErrorCode::Invalid);
    }
};

REGISTER_TEST(SnoozeRulesTest);
#include "tst_snooze_rules.moc"
