#include "tests/client/scripted_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

namespace tests {

using base::Json;
using protocol::EntityType;

/// A scope that is held already is read again, in several bundles (docs/protocol.md A.5).
class Snapshots : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatMovesAheadOfTheNextBundleKeepsItsMessages();
    void olderMessagesThatABundleLeavesOutGo();

private:
    static void readAgain(ScriptedDesk &desk)
    {
        desk.wire.frame({{"k", "reset"}, {"epoch", 1}, {"q", 20}, {"rev0", false}, {"why", "floor"}});
        (void)desk.bulk.answer("scope=a&", bundle(desk, "a", Json::array(), true));
    }
    static Json bundle(ScriptedDesk &desk, const std::string &scope, Json rows, bool last)
    {
        return {{"k", "b"},
                {"s", scope},
                {"sid", desk.cache->scopes().at(scope).sid},
                {"as_of", 30},
                {"tok", "next"},
                {"last", last},
                {"rows", std::move(rows)}};
    }
    static Json message(ScriptedDesk &desk, const base::Uuid &id, std::int64_t q, std::int64_t n)
    {
        return desk.change("message", id, q,
                           {{"n", n}, {"kind", "public"}, {"dir", "in"}, {"body", "Words"}, {"at", n}});
    }
};

// Bundles go from the newest activity to the oldest. While the first is on its way a conversation of the
// second gets a message: now it lies ahead of both, and only what changed of it is sent.
void Snapshots::whatMovesAheadOfTheNextBundleKeepsItsMessages()
{
    ScriptedDesk desk;
    desk.goLive();
    const auto scope = "i:" + desk.inbox.text();
    QCOMPARE(desk.cache->lowestMessage(desk.conversation), 1);
    readAgain(desk);
    QVERIFY(desk.bulk.answer("scope=i%3A", bundle(desk, scope, Json::array(), false)));
    const auto second = desk.ids.next();
    desk.delta(20, 31,
               {message(desk, second, 30, 2),
                desk.change("conversation", desk.conversation, 31, desk.conversationRow(2))});
    desk.run(base::Duration{100});
    QVERIFY(desk.bulk.answer("scope=i%3A", bundle(desk, scope, Json::array(), true)));
    // They are asked for, and until they are here nobody says that they are.
    QVERIFY(!desk.cache->lowestMessage(desk.conversation));
    desk.run(base::Duration{100});
    QVERIFY(
        desk.bulk.answer("conv=" + desk.conversation.text(),
                         {{"k", "w"},
                          {"conv", desk.conversation.text()},
                          {"visible", true},
                          {"as_of", 31},
                          {"lo", 1},
                          {"hi", 2},
                          {"rows", {message(desk, desk.ids.next(), 5, 1), message(desk, second, 30, 2)}}}));
    QCOMPARE(desk.cache->lowestMessage(desk.conversation), 1);
    QCOMPARE(desk.cache->window(desk.conversation).size(), std::size_t{2});
}

// Those below what the bundle brought were fetched by scrolling once: their loss is no gap.
void Snapshots::olderMessagesThatABundleLeavesOutGo()
{
    ScriptedDesk desk;
    desk.goLive();
    const auto scope = "i:" + desk.inbox.text();
    readAgain(desk);
    auto row = desk.change("conversation", desk.conversation, 29, desk.conversationRow(2));
    row["lo"] = 2;
    QVERIFY(desk.bulk.answer("scope=i%3A",
                             bundle(desk, scope, {row, message(desk, desk.ids.next(), 28, 2)}, true)));
    QCOMPARE(desk.cache->lowestMessage(desk.conversation), 2);
    QVERIFY(!desk.cache->isWindowWanted(desk.conversation));
    QCOMPARE(desk.cache->children(desk.conversation).size(), std::size_t{1});
}

} // namespace tests

using tests::Snapshots;
REGISTER_TEST(Snapshots);
#include "tst_snapshots.moc"
