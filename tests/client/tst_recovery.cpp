#include "client/storage/cache_store.h"
#include "client/storage/outbox_recovery.h"
#include "client/storage/outbox_store.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <random>

namespace tests {

using client::storage::CacheStore;
using client::storage::Connection;
using client::storage::Intent;
using client::storage::IntentState;
using client::storage::OutboxStore;
using client::storage::recoverOutbox;

/// Torn files, files of other versions (sync-protocol 16).
class RecoveryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWholeOutboxIsLeftAlone();
    void aTornOutboxBecomesProblems();
    void anyDamageLeavesAnOutboxThatOpens();
    void aRecoveryThatWasCutShortGoesOn();
    void noDatabaseAtAllIsSetAside();
    void aNewerOutboxOpens();
    void aNewerCacheIsRebuilt();
    void aTornCacheIsRebuilt();
    void aMissingEndIsNoticed();
    void aLostMarkIsNoGoodEnd();

private:
    QString file(const char *name) const { return m_folder.filePath(QLatin1String{name}); }
    std::string words(int i) const { return "words " + std::to_string(i) + std::string(600, 'w'); }
    void fill(const QString &path, int count);
    void fillCache(const QString &path);
    static int rowsOf(CacheStore &cache);
    static void damage(const QString &path, qint64 at, const QByteArray &bytes);
    static void setVersion(const QString &path, int version);

    QTemporaryDir m_folder;
    FakeClock m_clock;
    SeededRandom m_random{1};
    base::UuidMaker m_ids{m_clock, m_random};
};

void RecoveryTest::fill(const QString &path, int count)
{
    OutboxStore outbox{path};
    outbox.setSetting("device", "a-device");
    outbox.putDraft("reply:1", {"half a sentence", m_clock.now()});
    for (int i = 0; i < count; ++i) {
        Intent intent;
        intent.mid = m_ids.next();
        intent.lane = "cv:x";
        intent.op = "message.create";
        intent.args = words(i);
        outbox.add(intent);
    }
    outbox.markAttempted({1, 2});
}

void RecoveryTest::damage(const QString &path, qint64 at, const QByteArray &bytes)
{
    QFile file{path};
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(at));
    file.write(bytes);
}

void RecoveryTest::setVersion(const QString &path, int version)
{
    Connection connection{path, Connection::Mode::Durable};
    connection.script("PRAGMA user_version = " + std::to_string(version) + ";\n");
}

void RecoveryTest::aWholeOutboxIsLeftAlone()
{
    const auto path = file("whole.db");
    fill(path, 3);
    QVERIFY(!recoverOutbox(path));
    QVERIFY(!recoverOutbox(file("missing.db")));
    QVERIFY(!QFile::exists(file("missing.db")));
    OutboxStore outbox{path};
    QCOMPARE(outbox.problems(), 0);
    QCOMPARE(outbox.undecided(), 3);
}

void RecoveryTest::aTornOutboxBecomesProblems()
{
    const auto path = file("torn.db");
    fill(path, 60);
    const auto pages = QFileInfo{path}.size() / 4096;
    QVERIFY(pages > 12);
    damage(path, (pages - 3) * 4096, QByteArray(4096, '\xA5'));
    const auto recovered = recoverOutbox(path);
    QVERIFY(recovered);
    QVERIFY(QFile::exists(recovered->aside));
    QVERIFY(recovered->intents >= 50 && recovered->intents < 60);
    OutboxStore outbox{path};
    QCOMPARE(outbox.problems(), recovered->intents);
    QCOMPARE(outbox.undecided(), 0);
    QVERIFY(outbox.setting("device") == "a-device");
    QCOMPARE(outbox.draft("reply:1")->body, std::string{"half a sentence"});
    std::set<std::string> kept;
    for (const auto &[n, intent] : outbox.intents()) {
        QVERIFY(n > 60); // no number is used twice
        QVERIFY(intent.code == base::ErrorCode::Storage);
        kept.insert(intent.args);
    }
    QCOMPARE(static_cast<int>(kept.size()), recovered->intents);
    QVERIFY(kept.contains(words(0)) && kept.contains(words(59)));
    QVERIFY(!recoverOutbox(path));
}

void RecoveryTest::anyDamageLeavesAnOutboxThatOpens()
{
    constexpr unsigned seed = 77;
    std::mt19937 chance{seed};
    const auto path = file("any.db");
    for (int run = 0; run < 40; ++run) {
        for (const auto &name : QDir{m_folder.path()}.entryList({QStringLiteral("any.db*")}))
            QFile::remove(m_folder.filePath(name));
        fill(path, 30);
        const auto size = QFileInfo{path}.size();
        QByteArray noise(static_cast<qsizetype>(1 + chance() % 6000), '\0');
        for (auto &byte : noise)
            byte = static_cast<char>(chance());
        if (chance() % 4 == 0)
            QVERIFY(QFile::resize(path, static_cast<qint64>(chance() % static_cast<unsigned>(size))));
        else
            damage(path, static_cast<qint64>(chance() % static_cast<unsigned>(size)), noise);
        recoverOutbox(path);
        try {
            OutboxStore outbox{path};
            Intent next;
            next.mid = m_ids.next();
            outbox.add(next);
        } catch (const client::storage::StorageError &error) {
            QFAIL(qPrintable(
                QStringLiteral("seed %1, run %2: %3").arg(seed).arg(run).arg(QLatin1String{error.what()})));
        }
    }
}

void RecoveryTest::aRecoveryThatWasCutShortGoesOn()
{
    const auto path = file("cut.db");
    fill(path, 4);
    QVERIFY(QFile::rename(path, path + QStringLiteral(".recovered"))); // the last step is missing
    recoverOutbox(path);
    OutboxStore outbox{path};
    QCOMPARE(outbox.undecided(), 4);
}

void RecoveryTest::noDatabaseAtAllIsSetAside()
{
    const auto path = file("noise.db");
    QFile noise{path};
    QVERIFY(noise.open(QIODevice::WriteOnly));
    noise.write(QByteArray(9000, 'x'));
    noise.close();
    const auto recovered = recoverOutbox(path);
    QVERIFY(recovered);
    QCOMPARE(recovered->intents, 0);
    QCOMPARE(QFileInfo{recovered->aside}.size(), 9000);
    OutboxStore outbox{path};
    QVERIFY(outbox.setting("cloned") == "1"); // used numbers are unknown: another device from now on
}

void RecoveryTest::aNewerOutboxOpens()
{
    const auto path = file("newer-outbox.db");
    fill(path, 2);
    setVersion(path, 900);
    QVERIFY(!recoverOutbox(path));
    OutboxStore outbox{path};
    QCOMPARE(outbox.undecided(), 2);
}

void RecoveryTest::aNewerCacheIsRebuilt()
{
    const auto path = file("newer-cache.db");
    {
        CacheStore cache{path};
        cache.begin();
        cache.putScope("a", {});
        cache.commit();
    }
    setVersion(path, 900);
    const auto cache = CacheStore::openOrRebuild(path);
    QVERIFY(cache->scopes().empty());
}

void RecoveryTest::fillCache(const QString &path)
{
    CacheStore cache{path};
    cache.begin();
    for (int i = 0; i < 200; ++i)
        cache.putServerRow({protocol::EntityType::User, m_ids.next()},
                           {1, "a", std::nullopt, 1, 0, R"({"name":")" + std::string(500, 'n') + R"("})"});
    cache.commit();
}

int RecoveryTest::rowsOf(CacheStore &cache)
{
    int rows = 0;
    cache.eachInScope("a", [&rows](auto, const auto &, auto) { ++rows; });
    return rows;
}

void RecoveryTest::aTornCacheIsRebuilt()
{
    const auto path = file("torn-cache.db");
    fillCache(path);
    // As a program leaves it that was killed: a file that was closed well is not read through at each start.
    client::storage::Connection{path, client::storage::Connection::Mode::Relaxed}.script(
        "UPDATE sync SET v = 1 WHERE k = 'open';\n");
    const auto size = QFileInfo{path}.size();
    damage(path, size / 2 / 4096 * 4096, QByteArray(8192, '\x5A'));
    const auto cache = CacheStore::openOrRebuild(path);
    QVERIFY(cache->scopes().empty());
    QCOMPARE(rowsOf(*cache), 0);
    QVERIFY(!QDir{m_folder.path()}.entryList({QStringLiteral("torn-cache.db.broken-*")}).isEmpty());
}

// SQLite reads what is missing as zeros, and its check finds nothing wrong with a row that ends in them.
void RecoveryTest::aMissingEndIsNoticed()
{
    for (const int missing : {1, 7, 100, 1000, 4095}) {
        const auto path = file("cut-cache.db");
        for (const auto *tail : {"", "-wal", "-shm"})
            QFile::remove(path + QLatin1String{tail});
        fillCache(path);
        client::storage::Connection{path, client::storage::Connection::Mode::Relaxed}.script(
            "UPDATE sync SET v = 1 WHERE k = 'open';\n");
        QVERIFY(QFile::resize(path, QFileInfo{path}.size() - missing));
        QCOMPARE(rowsOf(*CacheStore::openOrRebuild(path)), 0);
    }
    const auto whole = file("whole-cache.db");
    fillCache(whole);
    client::storage::Connection{whole, client::storage::Connection::Mode::Relaxed}.script(
        "UPDATE sync SET v = 1 WHERE k = 'open';\n");
    QCOMPARE(rowsOf(*CacheStore::openOrRebuild(whole)), 200);
}

// That the last program came to its end must be said: the word may have gone with the damage.
void RecoveryTest::aLostMarkIsNoGoodEnd()
{
    const auto path = file("unmarked.db");
    fillCache(path);
    client::storage::Connection{path, client::storage::Connection::Mode::Relaxed}.script(
        "DELETE FROM sync WHERE k = 'open';\n");
    damage(path, QFileInfo{path}.size() / 2 / 4096 * 4096, QByteArray(8192, '\x5A'));
    QCOMPARE(rowsOf(*CacheStore::openOrRebuild(path)), 0);
}

} // namespace tests

using tests::RecoveryTest;
REGISTER_TEST(RecoveryTest);
#include "tst_recovery.moc"
