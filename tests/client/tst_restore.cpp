#include "shared/protocol/rows.h"
#include "tests/client/scripted_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

namespace tests {

using base::Json;
using client::storage::IntentState;
using protocol::EntityType;

/// The server was put back from a backup (docs/protocol.md A.10).
class Restore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasOverIsSentOnceMoreUnderItsOldName();
    void theSameEpochBringsNothingBack();
    void afterAWeekNothingIsRemembered();
    void refusedWordsGoToTheirAuthorAndTheRestEnds();
    void aHeldReplyIsRememberedWhenItWentOutAfterAll_data();
    void aHeldReplyIsRememberedWhenItWentOutAfterAll();

private:
    // Written, accepted, and its change has come back.
    static base::Uuid say(ScriptedDesk &desk, const std::string &body)
    {
        desk.goLive();
        if (!desk.write(body))
            qFatal("not written");
        const auto mid = *base::uuidField(desk.wire.of("mut")[0]["i"][0], "mid");
        desk.wire.frame({{"k", "res"}, {"r", {{{"n", 1}, {"st", "ok"}, {"seq", 12}}}}});
        desk.delta(
            10, 12,
            {desk.change("message", mid, 11, {{"n", 2}, {"kind", "public"}, {"dir", "out"}, {"body", body}}),
             desk.change("conversation", desk.conversation, 12, desk.conversationRow(2))});
        return mid;
    }
    static void reset(ScriptedDesk &desk, int epoch)
    {
        desk.wire.frame({{"k", "reset"}, {"epoch", epoch}, {"q", 8}, {"rev0", true}, {"why", "epoch"}});
        desk.run(base::Duration{100});
    }
};

void Restore::whatWasOverIsSentOnceMoreUnderItsOldName()
{
    ScriptedDesk desk;
    const auto mid = say(desk, "Before the restore.");
    QVERIFY(desk.outbox->intents().empty());
    const auto first = desk.wire.of("mut")[0]["i"][0];
    reset(desk, 2);
    QCOMPARE(desk.wire.of("mut").size(), std::size_t{2});
    const auto again = desk.wire.of("mut")[1]["i"][0];
    QCOMPARE(again["recovered"].get<bool>(), true);
    for (const auto *key : {"n", "mid", "lane", "op", "a", "see"})
        QCOMPARE(base::toText(again[key]), base::toText(first[key]));
    QVERIFY(!first.contains("recovered"));
    QCOMPARE(*base::uuidField(again, "mid"), mid);
    // It shows as the server has it, not as something that is on its way.
    QVERIFY(!desk.cache->hasShadow({EntityType::Message, mid}));
    // It survives a restart, still marked.
    desk.restart();
    QVERIFY(desk.outbox->intents().at(1).recovered);
    desk.greet(8);
    desk.run(base::Duration{100});
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 1}, {"st", "ok"}, {"seq", 7}}}}});
    QVERIFY(desk.outbox->intents().at(1).state == IntentState::Accepted); // until the scopes are read again
}

void Restore::theSameEpochBringsNothingBack()
{
    ScriptedDesk desk;
    (void)say(desk, "Before.");
    reset(desk, 1); // asked for, after damage here
    QCOMPARE(desk.wire.of("mut").size(), std::size_t{1});
    QVERIFY(desk.outbox->intents().empty());
}

void Restore::afterAWeekNothingIsRemembered()
{
    ScriptedDesk desk;
    (void)say(desk, "Before.");
    desk.loop.clock.advance(std::chrono::days{8});
    reset(desk, 2);
    QVERIFY(desk.outbox->intents().empty());
}

void Restore::refusedWordsGoToTheirAuthorAndTheRestEnds()
{
    ScriptedDesk desk;
    (void)say(desk, "To somebody who is gone.");
    client::sync::Order order;
    order.mid = desk.ids.next();
    order.lane = "cv:" + desk.conversation.text();
    order.op = "conversation.priority";
    order.args = base::toText({{"conv", desk.conversation.text()}, {"to", "high"}});
    QVERIFY(desk.engine->submit(order));
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 2}, {"st", "ok"}, {"seq", 13}}}}});
    desk.delta(12, 13, Json::array());
    QVERIFY(desk.outbox->intents().empty());
    reset(desk, 2);
    QCOMPARE(desk.outbox->intents().size(), std::size_t{2});
    desk.wire.frame({{"k", "res"},
                     {"r",
                      {{{"n", 1}, {"st", "rejected"}, {"code", "not_visible"}, {"seq", 9}},
                       {{"n", 2}, {"st", "rejected"}, {"code", "not_visible"}, {"seq", 9}}}}});
    QCOMPARE(desk.outbox->intents().size(), std::size_t{1});
    QVERIFY(desk.outbox->intents().at(1).state == IntentState::Problem);
}

void Restore::aHeldReplyIsRememberedWhenItWentOutAfterAll_data()
{
    QTest::addColumn<bool>("wentOut");
    QTest::newRow("another device sent it") << true;
    QTest::newRow("another device dropped it") << false;
}

// The server that was put back knows neither the question nor its answer. Only what went out is asked again.
void Restore::aHeldReplyIsRememberedWhenItWentOutAfterAll()
{
    QFETCH(bool, wentOut);
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Held back."));
    const auto mid = *base::uuidField(desk.wire.of("mut")[0]["i"][0], "mid");
    protocol::HeldReply held;
    held.message = {mid};
    held.conversation = {desk.conversation};
    held.body = "Held back.";
    held.code = "stale_reply";
    desk.wire.frame(
        {{"k", "res"}, {"r", {{{"n", 1}, {"st", "held"}, {"code", "stale_reply"}, {"seq", 11}}}}});
    desk.delta(10, 11, {desk.change("held", mid, 11, protocol::toRow(held))});
    QVERIFY(desk.outbox->intents().at(1).state == IntentState::Held);
    auto changes = Json::array({{{"t", "held"}, {"id", mid.text()}, {"q", 12}, {"s", 1}, {"o", "d"}}});
    if (wentOut)
        changes.push_back(desk.change(
            "message", mid, 13, {{"n", 2}, {"kind", "public"}, {"dir", "out"}, {"body", "Held back."}}));
    desk.delta(11, 13, changes);
    QVERIFY(desk.outbox->intents().empty());
    reset(desk, 2);
    QCOMPARE(desk.outbox->intents().size(), std::size_t{wentOut ? 1U : 0U});
}

} // namespace tests

using tests::Restore;
REGISTER_TEST(Restore);
#include "tst_restore.moc"
