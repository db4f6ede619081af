#include "tests/client/scripted_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

namespace tests {

using base::Json;
using client::storage::Reader;
using client::sync::ConnectionState;

/// How long a device shows what it holds without contact to the server.
class Lease : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itEndsAfterTheDaysTheAccountGives_data();
    void itEndsAfterTheDaysTheAccountGives();
    void aClockSetBackGainsNothing();
    void onlyWhatTheAuthorWroteIsShown();

private:
    // The account's row says how many days; -1: nothing.
    static void goLiveWith(ScriptedDesk &desk, std::int64_t days)
    {
        desk.goLive();
        Json row{{"num", 1}, {"name", "Acme"}, {"locale", "en"}};
        if (days >= 0)
            row["lease_days"] = days;
        auto change = desk.change("account", desk.ids.next(), 11, row);
        change["s"] = 0;
        desk.delta(10, 11, {change});
        desk.run(base::Duration{200});
        QCOMPARE(desk.engine->state().kind, ConnectionState::Kind::Live);
        desk.wire.end(1006);
    }
};

void Lease::itEndsAfterTheDaysTheAccountGives_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<int>("lasts");
    QTest::newRow("not said") << -1 << 14;
    QTest::newRow("three") << 3 << 3;
    QTest::newRow("for ever") << 0 << 3650;
}

void Lease::itEndsAfterTheDaysTheAccountGives()
{
    QFETCH(int, days);
    QFETCH(int, lasts);
    ScriptedDesk desk;
    goLiveWith(desk, days);
    desk.loop.clock.advance(std::chrono::days{lasts} - std::chrono::hours{2});
    desk.restart();
    QVERIFY(!desk.engine->state().leaseOver);
    if (days == 0)
        return;
    desk.run(std::chrono::hours{4}); // while it runs, too
    QVERIFY(desk.engine->state().leaseOver);
    QCOMPARE(desk.engine->state().leaseDays, lasts);
    desk.restart();
    QVERIFY(desk.engine->state().leaseOver);
    desk.greet(11);
    QVERIFY(!desk.engine->state().leaseOver);
    desk.wire.end(1006);
    desk.restart();
    QVERIFY(!desk.engine->state().leaseOver);
}

void Lease::aClockSetBackGainsNothing()
{
    ScriptedDesk desk;
    goLiveWith(desk, 14);
    desk.loop.clock.advance(std::chrono::days{15});
    desk.restart();
    QVERIFY(desk.engine->state().leaseOver);
    desk.loop.clock.setWall(base::toMs(desk.loop.clock.now() - std::chrono::days{14}));
    desk.restart();
    QVERIFY(desk.engine->state().leaseOver);
}

void Lease::onlyWhatTheAuthorWroteIsShown()
{
    ScriptedDesk desk;
    desk.goLive();
    QVERIFY(desk.write("My own words"));
    desk.outbox->putDraft("reply:" + desk.conversation.text(), {"half a sentence", {}});
    Reader reader{desk.folder.filePath(QStringLiteral("outbox.db")),
                  desk.folder.filePath(QStringLiteral("cache.db"))};
    client::storage::ListQuery all;
    all.status.reset();
    QCOMPARE(reader.count(all), 1);
    reader.hideCache(true);
    reader.reopenCache(); // a rebuilt cache does not open it again
    QCOMPARE(reader.count(all), 0);
    QVERIFY(!reader.conversation({desk.conversation}));
    QVERIFY(reader.messages({desk.conversation}).empty());
    QVERIFY(reader.find("Hello", 10).empty());
    QVERIFY(reader.contact({desk.contact}) == std::nullopt);
    QCOMPARE(reader.intents().size(), std::size_t{1});
    QVERIFY(reader.draft("reply:" + desk.conversation.text()));
    reader.hideCache(false);
    QCOMPARE(reader.count(all), 1);
}

} // namespace tests

using tests::Lease;
REGISTER_TEST(Lease);
#include "tst_lease.moc"
