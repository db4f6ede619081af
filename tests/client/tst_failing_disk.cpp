#include "client/sync/verifier.h"
#include "shared/base/failpoint.h"
#include "tests/client/scripted_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

namespace tests {

using base::Json;
using client::storage::IntentState;
using client::storage::StorageError;
using client::sync::ConnectionState;

/// What a disk does to the engine: it fails in the middle, or there is a copy of it.
class FailingDisk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anOutboxThatCannotBeWrittenStopsTheEngineOnly();
    void aVerdictOnAnotherIntentIsNotTaken();
    void aVerificationThatCannotReadSaysSo();
};

// The end of a snapshot retires what waited for it; that commit of the outbox fails.
void FailingDisk::anOutboxThatCannotBeWrittenStopsTheEngineOnly()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Waits for a snapshot."));
    desk.wire.frame({{"k", "res"}, {"r", {{{"n", 1}, {"st", "ok"}, {"seq", 20}}}}});
    desk.wire.frame({{"k", "reset"}, {"epoch", 1}, {"q", 20}, {"rev0", false}, {"why", "floor"}});
    const auto key = "i:" + desk.inbox.text();
    const auto bundle = [&](const std::string &scope) {
        return Json{{"k", "b"},
                    {"s", scope},
                    {"sid", desk.cache->scopes().at(scope).sid},
                    {"as_of", 20},
                    {"tok", "x"},
                    {"last", true},
                    {"rows", Json::array()}};
    };
    QVERIFY(desk.bulk.answer("scope=a&", bundle("a")));
    QVERIFY(!desk.outbox->intents().empty());
    {
        const base::FailpointScope full{[](const char *point) {
            if (std::string_view{point} == "outbox.commit.before")
                throw StorageError{13, "database or disk is full"};
        }};
        QVERIFY(desk.bulk.answer("scope=i%3A", bundle(key)));
    }
    QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::Offline);
    QCOMPARE(desk.outbox->intents().size(), std::size_t{1});
    desk.restart();
    QVERIFY(desk.outbox->intents().empty());
}

// The number was used by another program with a copy of this disk: hello's answer is found by number.
void FailingDisk::aVerdictOnAnotherIntentIsNotTaken()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("Mine."));
    desk.wire.frame(
        {{"k", "res"}, {"r", {{{"n", 1}, {"mid", desk.ids.next().text()}, {"st", "ok"}, {"seq", 20}}}}});
    QVERIFY(desk.outbox->intents().at(1).state == IntentState::Attempted);
    QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::SignedOut);
    QVERIFY(desk.outbox->setting("cloned") == "1");
}

// It runs on a timer: nothing above it would catch what it throws.
void FailingDisk::aVerificationThatCannotReadSaysSo()
{
    ScriptedDesk desk;
    desk.goLive();
    client::sync::Verifier verifier{*desk.engine, *desk.cache, desk.bulk, *desk.scheduler, desk.loop.clock};
    desk.cache->connection().run("ALTER TABLE conversation RENAME TO lost_conversation", {});
    std::optional<base::Result<std::vector<std::string>>> answer;
    verifier.start(std::chrono::seconds{30}, [&](const auto &result) { answer = result; });
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, base::ErrorCode::Storage);
    QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::Offline);
}

} // namespace tests

using tests::FailingDisk;
REGISTER_TEST(FailingDisk);
#include "tst_failing_disk.moc"
