#include "tests/client/scripted_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

namespace tests {

using base::Json;
using client::storage::IntentState;
using client::sync::ConnectionState;
using protocol::EntityType;

namespace {

// The whole of the inbox's scope as it was at 30, in one bundle.
void answerSnapshot(ScriptedDesk &desk, const Json &rows)
{
    const auto key = "i:" + desk.inbox.text();
    desk.bulk.answer("scope=i%3A", {{"k", "b"},
                                    {"s", key},
                                    {"sid", desk.cache->scopes().at(key).sid},
                                    {"as_of", 30},
                                    {"tok", "y"},
                                    {"last", true},
                                    {"rows", rows}});
}

} // namespace

/// The engine, frame by frame, against docs/protocol.md part A.
class EngineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firstConnectionSnapshotsEveryScope();
    void aGapInTheCursorDropsTheConnection();
    void anOlderRowNeverReplacesANewerOne();
    void leavingAScopeTakesItsRows();
    void whatIsWrittenIsShownSentOnceAndRetired();
    void anAttemptedMutationKeepsItsBytesOverARestart();
    void aRefusalBecomesAProblemAndUndoesItsEffect();
    void aLaneIsSentAgainAfterOutOfOrder();
    void noVerdictInTimeMeansReconnect();
    void anExpiredTokenIsRenewed();
    void revokedMeansRevoked();
    void replacedWaitsForThePerson();
    void tooOldWorksOfflineAndKeepsItsWords();
    void aDrainIsFollowedByASpread();
    void aCrowdedServerIsLeftAloneAsLongAsItAsks();
    void aBundleOfAnOlderSnapshotIsIgnored();
    void aRemovalDuringABundleWins();
    void onesOwnStaysWhenItsConversationLeavesDuringABundle();
    void aSweepRemovesWhatNoBundleConfirmed();
    void resetForgetsRevisionsAndAsksAgain();
    void unreadableRowsGoToQuarantine();
    void deltasAreAcknowledged();
    void anotherDictionaryIsNotOfferedAgain();
};

void EngineTest::firstConnectionSnapshotsEveryScope()
{
    ScriptedDesk desk;
    desk.goLive();
    QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::Live);
    QCOMPARE(desk.engine->replica().cursor(), 10);
    QVERIFY(!desk.shownRow(EntityType::Conversation, desk.conversation).empty());
    QCOMPARE(desk.cache->lowestMessage(desk.conversation).value_or(0), 1);
}

void EngineTest::anotherDictionaryIsNotOfferedAgain()
{
    ScriptedDesk desk;
    desk.wire.accept();
    const auto first = desk.wire.of("hello").back();
    QCOMPARE(base::toText(first["codecs"]), std::string{"[4,2,3,1,0]"});
    QCOMPARE(first["dict"].get<std::string>(), protocol::dictionaryName());
    desk.wire.frame(
        {{"k", "welcome"}, {"epoch", 1}, {"q", 0}, {"head", 0}, {"codec", 4}, {"dict", "another"}});
    QVERIFY(desk.engine->state().kind != ConnectionState::Kind::Live);
    desk.run(std::chrono::seconds{2});
    desk.wire.accept();
    const auto second = desk.wire.of("hello").back();
    QCOMPARE(base::toText(second["codecs"]), std::string{"[2,1,0]"});
    QVERIFY(!second.contains("dict"));
}

void EngineTest::aGapInTheCursorDropsTheConnection()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.delta(11, 12, Json::array());
    QCOMPARE(desk.engine->replica().cursor(), 10);
    QCOMPARE(desk.wire.closed, 1);
    desk.run(std::chrono::minutes{2});
    QVERIFY(desk.wire.opened > 1);
}

void EngineTest::anOlderRowNeverReplacesANewerOne()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.delta(10, 20, {desk.change("conversation", desk.conversation, 20, desk.conversationRow(3))});
    const auto shown = desk.shownRow(EntityType::Conversation, desk.conversation);
    desk.delta(20, 21, {desk.change("conversation", desk.conversation, 15, desk.conversationRow(2))});
    QCOMPARE(desk.shownRow(EntityType::Conversation, desk.conversation), shown);
}

void EngineTest::leavingAScopeTakesItsRows()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.frame({{"k", "scopes"}, {"at", 10}, {"list", {"a"}}});
    QVERIFY(desk.shownRow(EntityType::Conversation, desk.conversation).empty());
    QCOMPARE(desk.cache->connection().number("SELECT count(*) FROM message").value_or(-1), 0);
}

void EngineTest::whatIsWrittenIsShownSentOnceAndRetired()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("On its way."));
    const auto sent = desk.wire.of("mut");
    QCOMPARE(sent.size(), std::size_t{1});
    const auto item = sent[0]["i"][0];
    const auto mid = *base::uuidField(item, "mid");
    QVERIFY(!desk.shownRow(EntityType::Message, mid).empty());
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 1}, {"st", "ok"}, {"seq", 12}}}}});
    QCOMPARE(desk.outbox->intents().size(), std::size_t{1}); // its change has not come back yet
    QVERIFY(!desk.shownRow(EntityType::Message, mid).empty());
    auto row = desk.conversationRow(2);
    desk.delta(10, 12,
               {desk.change("message", mid, 11,
                            {{"n", 2}, {"kind", "public"}, {"dir", "out"}, {"body", "On its way."}}),
                desk.change("conversation", desk.conversation, 12, row)});
    QVERIFY(desk.outbox->intents().empty());
    QVERIFY(desk.cache->shadows().empty());
    QCOMPARE(desk.shownRow(EntityType::Conversation, desk.conversation), base::toText(row));
    QCOMPARE(desk.wire.of("mut").size(), std::size_t{1});
}

void EngineTest::anAttemptedMutationKeepsItsBytesOverARestart()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Once."));
    const auto before = desk.wire.of("mut").back()["i"][0];
    desk.restart();
    desk.greet(10);
    const auto hello = desk.wire.of("hello").back();
    QCOMPARE(base::toText(hello["undecided"]), std::string{"[1]"});
    const auto after = desk.wire.of("mut").back()["i"][0];
    for (const auto *field : {"n", "mid", "op", "a", "lane"})
        QCOMPARE(base::toText(after[field]), base::toText(before[field]));
}

void EngineTest::aRefusalBecomesAProblemAndUndoesItsEffect()
{
    ScriptedDesk desk;
    desk.goLive();
    const auto before = desk.shownRow(EntityType::Conversation, desk.conversation);
    QVERIFY(desk.write("Too late."));
    QVERIFY(desk.shownRow(EntityType::Conversation, desk.conversation) != before);
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 1}, {"st", "rejected"}, {"code", "not_visible"}}}}});
    QCOMPARE(desk.shownRow(EntityType::Conversation, desk.conversation), before);
    QCOMPARE(desk.problems.size(), std::size_t{1});
    QCOMPARE(desk.outbox->intents().at(1).state, IntentState::Problem);
    QVERIFY(desk.outbox->intents().at(1).args.find("Too late.") != std::string::npos);
    desk.engine->retryProblem(desk.outbox->intents().at(1).mid, desk.ids.next(), std::nullopt);
    // The new order has the next number; the problem stays until that one is accepted.
    QCOMPARE(desk.outbox->intents().rbegin()->second.n, 2);
    QVERIFY(desk.outbox->intents().contains(1));
    QCOMPARE(desk.wire.of("mut").size(), std::size_t{2});
}

void EngineTest::aLaneIsSentAgainAfterOutOfOrder()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("First."));
    QVERIFY(desk.write("Second."));
    QCOMPARE(desk.wire.of("mut").back()["i"][0]["after"].get<int>(), 1);
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 2}, {"st", "nack"}, {"code", "out_of_order"}}}}});
    const auto sent = desk.wire.of("mut").size();
    desk.run(std::chrono::seconds{3});
    QCOMPARE(desk.wire.of("mut").size(), sent + 1);
    QCOMPARE(desk.wire.of("mut").back()["i"].size(), std::size_t{2});
}

void EngineTest::noVerdictInTimeMeansReconnect()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Anybody there?"));
    const int before = desk.wire.opened;
    for (int i = 0; i < 40 && desk.wire.opened == before; ++i) {
        desk.run(std::chrono::seconds{1});
        desk.wire.frame({{"k", "pong"}, {"x", 1}}); // alive in every other way
    }
    QCOMPARE(desk.wire.opened, before + 1);
}

void EngineTest::anExpiredTokenIsRenewed()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.end(4001);
    desk.run(std::chrono::seconds{2});
    QCOMPARE(desk.tokens->renewed, 1);
    QCOMPARE(desk.wire.opened, 2);
}

void EngineTest::revokedMeansRevoked()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("My words."));
    desk.tokens->result = base::Error{base::ErrorCode::DeviceRevoked, {}};
    desk.wire.end(4003);
    desk.run(std::chrono::seconds{2});
    QCOMPARE(desk.revoked, 1);
    QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::Revoked);
    QCOMPARE(desk.outbox->intents().size(), std::size_t{1});
}

void EngineTest::replacedWaitsForThePerson()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.end(4009);
    desk.run(std::chrono::hours{1});
    QCOMPARE(desk.wire.opened, 1);
    desk.engine->wake();
    desk.run(std::chrono::seconds{1});
    QCOMPARE(desk.wire.opened, 2);
}

void EngineTest::tooOldWorksOfflineAndKeepsItsWords()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Before."));
    desk.wire.end(4010);
    QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::UpgradeRequired);
    QVERIFY(desk.write("After."));
    QCOMPARE(desk.outbox->undecided(), 2);
    const auto opened = desk.wire.opened;
    desk.engine->wake();
    desk.run(std::chrono::hours{2});
    QCOMPARE(desk.wire.opened, opened);
    desk.restart(); // the program was updated
    desk.greet(10);
    QCOMPARE(desk.outbox->undecided(), 2);
    QVERIFY(!desk.wire.of("mut").empty());
}

void EngineTest::aDrainIsFollowedByASpread()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.frame({{"k", "bye"}, {"reason", "drain"}, {"after_ms", 3000}, {"spread_ms", 60000}});
    const auto opened = desk.wire.opened;
    desk.run(std::chrono::milliseconds{2900});
    QCOMPARE(desk.wire.opened, opened); // still served
    desk.run(std::chrono::milliseconds{60200});
    QVERIFY(desk.wire.opened > opened);
}

void EngineTest::aCrowdedServerIsLeftAloneAsLongAsItAsks()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.end(1006);
    desk.run(std::chrono::seconds{5});
    const auto opened = desk.wire.opened;
    desk.wire.end(0, std::chrono::seconds{30}); // 503 with Retry-After
    desk.run(std::chrono::milliseconds{29900});
    QCOMPARE(desk.wire.opened, opened);
    desk.run(std::chrono::seconds{3});
    QCOMPARE(desk.wire.opened, opened + 1);
}

void EngineTest::aBundleOfAnOlderSnapshotIsIgnored()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.frame({{"k", "reset"}, {"epoch", 1}, {"q", 30}, {"rev0", false}, {"why", "floor"}});
    const auto sid = desk.cache->scopes().at("a").sid;
    desk.bulk.answer("scope=a&", {{"k", "b"},
                                  {"s", "a"},
                                  {"sid", sid - 1},
                                  {"as_of", 30},
                                  {"tok", "y"},
                                  {"last", true},
                                  {"rows", Json::array()}});
    QVERIFY(desk.cache->scopes().at("a").phase == client::storage::ScopeState::Phase::Resnap);
}

void EngineTest::aRemovalDuringABundleWins()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.frame({{"k", "reset"}, {"epoch", 1}, {"q", 30}, {"rev0", false}, {"why", "floor"}});
    const auto late = desk.change("conversation", desk.conversation, 28, desk.conversationRow(1));
    desk.delta(30, 31,
               {{{"t", "conversation"}, {"id", desk.conversation.text()}, {"q", 31}, {"s", 1}, {"o", "d"}}});
    answerSnapshot(desk, Json::array({late}));
    QVERIFY(desk.shownRow(EntityType::Conversation, desk.conversation).empty());
}

// A draft lives with its author: the conversation went to an inbox that they do not see, the draft went
// nowhere.
void EngineTest::onesOwnStaysWhenItsConversationLeavesDuringABundle()
{
    ScriptedDesk desk;
    desk.goLive();
    const auto own = "u:" + desk.me.text();
    desk.wire.frame({{"k", "scopes"}, {"at", 10}, {"list", {"a", "i:" + desk.inbox.text(), own}}});
    desk.delta(10, 12,
               {{{"o", "x"}, {"t", "conversation"}, {"id", desk.conversation.text()}, {"q", 12}, {"s", 1}}});
    auto mark = desk.change("cread", desk.conversation, 9, {{"read_n", 1}});
    mark["p"] = desk.conversation.text();
    QVERIFY(desk.bulk.answer("scope=u%3A", {{"k", "b"},
                                            {"s", own},
                                            {"sid", desk.cache->scopes().at(own).sid},
                                            {"as_of", 10},
                                            {"tok", "x"},
                                            {"last", true},
                                            {"rows", {mark}}}));
    QVERIFY(desk.cache->serverRow({protocol::EntityType::ReadState, desk.conversation}));
}

void EngineTest::aSweepRemovesWhatNoBundleConfirmed()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.wire.frame({{"k", "reset"}, {"epoch", 1}, {"q", 30}, {"rev0", false}, {"why", "floor"}});
    QVERIFY(!desk.shownRow(EntityType::Conversation, desk.conversation).empty()); // usable meanwhile
    answerSnapshot(desk, Json::array());
    QVERIFY(desk.shownRow(EntityType::Conversation, desk.conversation).empty());
}

void EngineTest::resetForgetsRevisionsAndAsksAgain()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Before the restore."));
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 1}, {"st", "ok"}, {"seq", 50}}}}});
    QVERIFY(desk.outbox->intents().at(1).state == IntentState::Accepted);
    desk.wire.frame({{"k", "reset"}, {"epoch", 2}, {"q", 8}, {"rev0", true}, {"why", "epoch"}});
    QCOMPARE(desk.engine->replica().epoch(), 2);
    QVERIFY(desk.outbox->intents().at(1).state == IntentState::Attempted);
    QCOMPARE(desk.cache->connection().number("SELECT max(q) FROM conversation").value_or(-1), 0);
}

void EngineTest::unreadableRowsGoToQuarantine()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.delta(10, 11, {desk.change("conversation", desk.ids.next(), 11, {{"num", "not a number"}})});
    QCOMPARE(desk.engine->replica().cursor(), 11);
    QCOMPARE(desk.cache->quarantined(), 1);
}

void EngineTest::deltasAreAcknowledged()
{
    ScriptedDesk desk;
    desk.goLive();
    desk.delta(10, 11, Json::array());
    desk.run(base::Duration{150});
    QVERIFY(!desk.wire.of("a").empty());
    QCOMPARE(desk.wire.of("a").back()["q"].get<int>(), 11);
}

} // namespace tests

using tests::EngineTest;
REGISTER_TEST(EngineTest);
#include "tst_engine.moc"
