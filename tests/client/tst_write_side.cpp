#include "shared/protocol/conversations/conversation_messages.h"
#include "tests/client/scripted_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using client::storage::IntentState;
using client::storage::Upload;
using tests::ScriptedDesk;

namespace {

const std::string already = "{\"warn\":\"already\"}";

/// Live, then without a connection.
void goOffline(ScriptedDesk &desk)
{
    desk.goLive();
    desk.wire.end(1006);
}

void comeBack(ScriptedDesk &desk)
{
    const auto opened = desk.wire.opened;
    while (desk.wire.opened == opened)
        desk.run(std::chrono::seconds{1});
    desk.greet(10);
}

Json lastSent(ScriptedDesk &desk)
{
    return desk.wire.of("mut").back()["i"].back();
}

client::sync::Order draft(ScriptedDesk &desk, const std::string &body, domain::MessageKind kind)
{
    client::sync::Order order;
    order.mid = desk.ids.next();
    order.lane = "me";
    order.op = protocol::SetDraft::name;
    order.args = base::toText(protocol::toJson(protocol::SetDraft{{desk.conversation}, kind, body}));
    order.replaceQueued = true;
    order.replaceKey = desk.conversation.text() + "\",\"kind\":\"" + std::string{toText(kind)};
    return order;
}

} // namespace

/// What an intent goes through until it is decided (sync-protocol 9), beyond the frames of tst_engine.
class WriteSideTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void howLongItWaitedIsMeasuredByTheClockThatNobodySets()
    {
        ScriptedDesk desk;
        goOffline(desk);
        QVERIFY(desk.write("Later."));
        desk.loop.clock.setWall(base::toMs(desk.loop.clock.now()) + 24LL * 3600 * 1000);
        const auto before = desk.loop.clock.monotonic();
        comeBack(desk);
        const auto sent = lastSent(desk);
        QCOMPARE(sent["q_age"].get<std::int64_t>(), (desk.loop.clock.monotonic() - before).count());
        QVERIFY(!sent.contains("q_age_est"));
    }

    void afterARebootItIsEstimatedAndSaidSo()
    {
        ScriptedDesk desk;
        goOffline(desk);
        desk.run(std::chrono::hours{5});
        QVERIFY(desk.write("Later."));
        const auto written = desk.loop.clock.now();
        desk.loop.clock.advance(std::chrono::minutes{7});
        desk.loop.clock.reboot();
        desk.restart();
        desk.greet(10);
        const auto sent = lastSent(desk);
        QCOMPARE(sent["q_age"].get<std::int64_t>(), (desk.loop.clock.now() - written).count());
        QCOMPARE(sent["q_age_est"].get<bool>(), true);
    }

    void aWarningIsToldOnce()
    {
        ScriptedDesk desk;
        desk.goLive();
        QVERIFY(desk.write("Quick."));
        const Json res{{"k", "res"}, {"r", {{{"n", 1}, {"st", "ok"}, {"seq", 10}, {"detail", already}}}}};
        desk.wire.frame(res);
        desk.wire.frame(res);
        QCOMPARE(desk.warned.size(), std::size_t{1});
        QCOMPARE(desk.warned.front().detail, already);
        QVERIFY(desk.problems.empty());
    }

    void aMessageWhoseFileIsRefusedStopsItsLaneUntilItIsTakenBack()
    {
        ScriptedDesk desk;
        desk.goLive();
        Upload upload;
        upload.id = desk.ids.next();
        upload.state = Upload::State::Refused;
        desk.outbox->putUpload(upload);
        client::sync::Order order;
        order.mid = desk.ids.next();
        order.lane = "cv:" + desk.conversation.text();
        order.op = protocol::CreateMessage::name;
        order.args = base::toText(protocol::toJson(protocol::CreateMessage{
            {desk.conversation}, domain::MessageKind::Public, "See this", {{upload.id}}}));
        order.uploads = {upload.id};
        QVERIFY(desk.engine->submit(order));
        QVERIFY(desk.write("And this."));
        QVERIFY(desk.wire.of("mut").empty());
        QCOMPARE(desk.engine->state().problems, 1);
        QVERIFY(desk.engine->cancel(order.mid));
        QCOMPARE(desk.wire.of("mut").size(), std::size_t{1}); // at once
        QCOMPARE(desk.engine->state().problems, 0);
    }

    void draftsGiveWayToNewerOnesWhileNobodyHasSeenThem()
    {
        using domain::MessageKind;
        ScriptedDesk desk;
        goOffline(desk);
        for (const auto *body : {"D", "De", "Dear"})
            QVERIFY(desk.engine->submit(draft(desk, body, MessageKind::Public)));
        QVERIFY(desk.engine->submit(draft(desk, "Ask Ada", MessageKind::Note)));
        QCOMPARE(desk.outbox->intents().size(), std::size_t{2});
        QCOMPARE(desk.engine->state().queued, 0); // nobody waits for them
        const auto row = desk.shownRow(protocol::EntityType::Draft, desk.conversation);
        const auto shown = protocol::draftFromRow(desk.conversation, Json::parse(row));
        QCOMPARE(shown->reply.body, std::string{"Dear"});
        QCOMPARE(shown->note.body, std::string{"Ask Ada"});
        comeBack(desk);
        QCOMPARE(desk.wire.of("mut").back()["i"].size(), std::size_t{2});
    }

    void aDraftOfAnotherDeviceComesIn()
    {
        ScriptedDesk desk;
        desk.goLive();
        auto change =
            desk.change("draft", desk.conversation, 11, {{"reply", "On the train"}, {"reply_at", 5}});
        change["p"] = desk.conversation.text();
        desk.delta(10, 11, {change});
        const auto row = desk.shownRow(protocol::EntityType::Draft, desk.conversation);
        QCOMPARE(protocol::draftFromRow(desk.conversation, Json::parse(row))->reply.body,
                 std::string{"On the train"});
    }
};

REGISTER_TEST(WriteSideTest);
#include "tst_write_side.moc"
