#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "shared/base/json.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace tests {

using client::storage::CacheStore;
using client::storage::Intent;
using client::storage::OutboxStore;

/// The two files of a profile.
class StorageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersGoOnAfterARestart();
    void intentsComeBackAsTheyWere();
    void verdictsAreKept();
    void renumberingKeepsOrderAndNames();
    void renumberingKeepsWhatIsOver();
    void aDamagedCacheIsSetAsideAndRebuilt();
    void aRolledBackFrameLeavesNothing();
    void draftsAreSeenByTheReader();
    void listsFollowStatusAndOwner();

private:
    static Intent intent(const base::Uuid &mid)
    {
        Intent made;
        made.mid = mid;
        made.lane = "cv:x";
        made.op = "message.create";
        made.args = R"({"body":"Grüße 🙂"})";
        made.seen = protocol::Seen{3, 9};
        made.uploads = {mid};
        return made;
    }
    QString file(const char *name) const { return m_folder.filePath(QLatin1String{name}); }

    QTemporaryDir m_folder;
    FakeClock m_clock;
    SeededRandom m_random{1};
    base::UuidMaker m_ids{m_clock, m_random};
};

void StorageTest::numbersGoOnAfterARestart()
{
    const auto path = file("numbers.db");
    {
        OutboxStore outbox{path};
        QCOMPARE(outbox.add(intent(m_ids.next())), 1);
        outbox.remove({1});
    }
    OutboxStore outbox{path};
    QCOMPARE(outbox.add(intent(m_ids.next())), 2);
}

void StorageTest::intentsComeBackAsTheyWere()
{
    const auto path = file("intents.db");
    const auto mid = m_ids.next();
    {
        OutboxStore outbox{path};
        outbox.add(intent(mid));
        outbox.markAttempted({1});
    }
    OutboxStore outbox{path};
    const auto &stored = outbox.intents().at(1);
    QVERIFY(stored.mid == mid);
    QCOMPARE(stored.args, intent(mid).args);
    QVERIFY(stored.state == client::storage::IntentState::Attempted);
    QVERIFY(stored.seen == (protocol::Seen{3, 9}));
    QVERIFY(stored.uploads == std::vector{mid});
}

void StorageTest::verdictsAreKept()
{
    const auto path = file("verdicts.db");
    {
        OutboxStore outbox{path};
        outbox.add(intent(m_ids.next()));
        outbox.add(intent(m_ids.next()));
        protocol::Receipt ok;
        ok.n = 1;
        ok.seq = 44;
        protocol::Receipt refused;
        refused.n = 2;
        refused.verdict = protocol::Verdict::Rejected;
        refused.code = base::ErrorCode::AssigneeChanged;
        outbox.decide({ok, refused});
        QCOMPARE(outbox.decidedUpTo(), 2);
    }
    OutboxStore outbox{path};
    QCOMPARE(outbox.intents().at(1).seq, 44);
    QVERIFY(outbox.intents().at(2).code == base::ErrorCode::AssigneeChanged);
    QCOMPARE(outbox.problems(), 1);
    QCOMPARE(outbox.undecided(), 0);
}

void StorageTest::renumberingKeepsOrderAndNames()
{
    OutboxStore outbox{file("renumber.db")};
    const auto first = m_ids.next();
    const auto second = m_ids.next();
    outbox.add(intent(m_ids.next()));
    outbox.add(intent(first));
    auto dependent = intent(second);
    dependent.dep = 2;
    outbox.add(dependent);
    outbox.remove({1});
    outbox.renumber();
    QVERIFY(outbox.intents().at(1).mid == first);
    QVERIFY(outbox.intents().at(2).mid == second);
    QCOMPARE(outbox.intents().at(2).dep, 1);
    QCOMPARE(outbox.add(intent(m_ids.next())), 3);
}

// A restored server asks for it whatever the device is called now (docs/protocol.md A.10).
void StorageTest::renumberingKeepsWhatIsOver()
{
    OutboxStore outbox{file("remembered.db")};
    const auto now = base::fromMs(1'000'000);
    std::vector<base::Uuid> mids;
    for (int i = 0; i < 5; ++i) {
        mids.push_back(m_ids.next());
        outbox.add(intent(mids.back()));
    }
    outbox.retire({1}, {}, now);
    outbox.retire({2, 4}, {2, 4}, now);
    outbox.renumber();
    QCOMPARE(outbox.intents().size(), std::size_t{2});
    QVERIFY(outbox.recoverRetired(now) == (std::vector<std::int64_t>{1, 3}));
    std::vector<base::Uuid> order;
    for (const auto &[n, left] : outbox.intents())
        order.push_back(left.mid);
    QVERIFY(order == (std::vector<base::Uuid>{mids[1], mids[2], mids[3], mids[4]}));
    QCOMPARE(outbox.add(intent(m_ids.next())), 5);
}

void StorageTest::aDamagedCacheIsSetAsideAndRebuilt()
{
    const auto path = file("broken.db");
    {
        QFile broken{path};
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(QByteArray(8192, 'x'));
    }
    const auto cache = CacheStore::openOrRebuild(path);
    QVERIFY(cache->scopes().empty());
    QVERIFY(!QDir{m_folder.path()}.entryList({QStringLiteral("broken.db.broken-*")}).isEmpty());
}

void StorageTest::aRolledBackFrameLeavesNothing()
{
    CacheStore cache{file("rollback.db")};
    const client::storage::EntityKey key{protocol::EntityType::User, m_ids.next()};
    cache.begin();
    cache.putServerRow(key, {5, "a", std::nullopt, 1, 0, R"({"name":"Ada"})"});
    cache.putScope("a", {});
    cache.makeShadow(key);
    cache.rollBack();
    QVERIFY(!cache.serverRow(key));
    QVERIFY(cache.scopes().empty());
    QVERIFY(cache.shadows().empty());
    QVERIFY(cache.takeChanged().empty());
}

void StorageTest::draftsAreSeenByTheReader()
{
    OutboxStore outbox{file("drafts.db")};
    CacheStore cache{file("drafts-cache.db")};
    client::storage::Reader reader{file("drafts.db"), file("drafts-cache.db")};
    outbox.putDraft("reply:1", {"half a sentence", m_clock.now()});
    QCOMPARE(reader.draft("reply:1")->body, std::string{"half a sentence"});
    outbox.putDraft("reply:1", {});
    QVERIFY(!reader.draft("reply:1"));
}

void StorageTest::listsFollowStatusAndOwner()
{
    OutboxStore outbox{file("lists.db")};
    CacheStore cache{file("lists-cache.db")};
    client::storage::Reader reader{file("lists.db"), file("lists-cache.db")};
    const domain::UserId me{m_ids.next()};
    cache.begin();
    for (int i = 0; i < 6; ++i) {
        base::Json row{{"num", i + 1}, {"status", i == 5 ? "resolved" : "open"}, {"last_at", 100 * i}};
        if (i % 2 == 0)
            row["assignee"] = me.text();
        cache.putServerRow({protocol::EntityType::Conversation, m_ids.next()},
                           {1, "i:x", std::nullopt, 1, 1, base::toText(row)});
    }
    cache.commit();
    client::storage::ListQuery query;
    query.me = me;
    QCOMPARE(reader.count(query), 5);
    query.owner = client::storage::ListQuery::Owner::Mine;
    const auto mine = reader.conversations(query);
    QCOMPARE(mine.size(), std::size_t{3});
    QCOMPARE(reader.conversation(mine[0])->conversation.number, 5); // newest activity first
    query.owner = client::storage::ListQuery::Owner::Unassigned;
    QCOMPARE(reader.count(query), 2);
    query.status.reset();
    QCOMPARE(reader.count(query), 3);
}

} // namespace tests

using tests::StorageTest;
REGISTER_TEST(StorageTest);
#include "tst_storage.moc"
