#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "client/storage/search_index.h"
#include "client/storage/vault/vault.h"
#include "shared/base/json.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <random>
#include <thread>

namespace tests {

using client::storage::CacheStore;
using client::storage::Connection;
using client::storage::StorageError;
using client::storage::Vault;
using protocol::EntityType;

/// Encrypted databases do what plain ones do, and show nothing (docs/adr/0008).
class VaultTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void noFileShowsAWord();
    void doesWhatAPlainDatabaseDoes();
    void aCopyOfAnyMomentOpens();
    void aTornCheckpointIsRepaired();
    void aTornLogEndsAtACommit();
    void readersAndAWriterMeet();
    void twoFilesOfOneKeyDiffer();
    void keepsToItsLog();
    void anotherKeyRebuilds();
    void damageRebuilds();
    void aPlainCacheIsEncryptedAsItIs();
    void aDamagedPlainCacheGoes();

private:
    using Mode = Connection::Mode;
    static constexpr const char *canary = "canary-5b0e-under-the-floor";

    QString file(const char *name) const { return m_folder->filePath(QLatin1String{name}); }
    static std::string key(char seed) { return std::string(31, seed) + 'k'; }
    void fill(CacheStore &cache, int users);
    static int users(CacheStore &cache);
    int filesWith(const QByteArray &words, const char *pattern = "*") const;
    static QByteArray read(const QString &path);
    static void write(const QString &path, const QByteArray &bytes);
    void copy(const char *from, const QString &to) const;
    static std::string dump(Connection &connection);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<const Vault> m_vault = Vault::make(key('a'));
    FakeClock m_clock;
    SeededRandom m_random{1};
    base::UuidMaker m_ids{m_clock, m_random};
};

void VaultTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_vault);
}

void VaultTest::fill(CacheStore &cache, int count)
{
    const auto text = std::string{canary} + std::string(300, 'n');
    cache.begin();
    for (int i = 0; i < count; ++i)
        cache.putServerRow({EntityType::User, m_ids.next()},
                           {1, "a", std::nullopt, 1, 0, base::toText({{"name", text}})});
    const auto conversation = m_ids.next();
    for (int i = 1; i <= count; ++i)
        cache.putServerRow(
            {EntityType::Message, m_ids.next()},
            {1, "i:x", conversation, 1, 0,
             base::toText({{"n", i}, {"kind", "public"}, {"at", 1767190000000 + i}, {"body", text}})});
    cache.commit();
    (void)cache.takeChanged();
}

int VaultTest::users(CacheStore &cache)
{
    return static_cast<int>(cache.connection().number("SELECT count(*) FROM user").value_or(-1));
}

QByteArray VaultTest::read(const QString &path)
{
    QFile file{path};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

void VaultTest::write(const QString &path, const QByteArray &bytes)
{
    QFile file{path};
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

int VaultTest::filesWith(const QByteArray &words, const char *pattern) const
{
    int count = 0;
    const QDir folder{m_folder->path()};
    for (const auto &name : folder.entryList({QLatin1String{pattern}}, QDir::Files))
        count += read(folder.filePath(name)).contains(words) ? 1 : 0;
    return count;
}

// As a program leaves them that is killed now.
void VaultTest::copy(const char *from, const QString &to) const
{
    for (const auto *tail : {"", "-wal"}) {
        QFile::remove(to + QLatin1String{tail});
        if (QFile::exists(file(from) + QLatin1String{tail}))
            write(to + QLatin1String{tail}, read(file(from) + QLatin1String{tail}));
    }
    QFile::remove(to + QStringLiteral("-shm"));
}

std::string VaultTest::dump(Connection &connection)
{
    std::string all;
    std::vector<std::string> tables;
    connection.each("SELECT name, sql FROM sqlite_master ORDER BY name", {},
                    [&](const auto &row) { all += row.text(0) + "=" + row.text(1) + "\n"; });
    connection.each("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", {},
                    [&](const auto &row) { tables.push_back(row.text(0)); });
    for (const auto &table : tables) {
        std::string columns;
        connection.each(("SELECT name FROM pragma_table_info('" + table + "')").c_str(), {},
                        [&](const auto &row) {
                            columns += (columns.empty() ? "quote(" : ")||','||quote(") + row.text(0);
                        });
        connection.each(("SELECT " + columns + ") FROM " + table + " ORDER BY 1").c_str(), {},
                        [&](const auto &row) { all += table + ": " + row.text(0) + "\n"; });
    }
    return all;
}

// While it runs, as a killed program leaves it, and when it was closed.
void VaultTest::noFileShowsAWord()
{
    client::storage::OutboxStore outbox{file("outbox.db")};
    {
        CacheStore plain{file("plain.db")};
        fill(plain, 100);
        QVERIFY(filesWith(canary) > 0);
    }
    for (const auto *tail : {"", "-wal", "-shm"})
        QFile::remove(file("plain.db") + QLatin1String{tail});
    {
        const auto cache = CacheStore::openOrRebuild(file("cache.db"), m_vault);
        fill(*cache, 2000);
        client::storage::SearchIndex index{cache->connection()};
        while (index.index(500) > 0) {
        }
        // Sorts and joins that a plain connection takes to temporary files.
        cache->connection().script("PRAGMA cache_size = 10;\nPRAGMA temp_store = FILE;\n");
        QCOMPARE(
            cache->connection().number(
                "SELECT count(*) FROM (SELECT a.row FROM user a, user b ORDER BY b.name, a.name LIMIT 5000)"),
            5000);
        cache->connection().script("CREATE TEMP TABLE aside AS SELECT * FROM user ORDER BY row;\n");
        client::storage::Reader reader{file("outbox.db"), file("cache.db"), m_vault};
        QCOMPARE(reader.users().size(), std::size_t{2000});
        QVERIFY(read(file("cache.db-wal")).size() > 100000);
        cache->connection().script("PRAGMA wal_checkpoint(PASSIVE);\n");
        QVERIFY(read(file("cache.db")).size() > 1000000);
        QCOMPARE(filesWith(canary), 0);
        for (const auto *known : {"SQLite format", "CREATE TABLE", "message_text", "canary"})
            QCOMPARE(filesWith(known, "cache.db*"), 0);
    }
    QCOMPARE(filesWith(canary), 0);
    QVERIFY(!QFile::exists(file("cache.db-journal")));
    const auto again = CacheStore::openOrRebuild(file("cache.db"), m_vault);
    QCOMPARE(users(*again), 2000);
}

void VaultTest::doesWhatAPlainDatabaseDoes()
{
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937_64 random{seed};
    std::array<std::unique_ptr<Connection>, 2> both;
    const auto open = [&] {
        both = {};
        both[0] = std::make_unique<Connection>(file("plain.db"), Mode::Relaxed);
        both[1] = std::make_unique<Connection>(file("sealed.db"), Mode::Relaxed, m_vault);
    };
    const auto run = [&](const std::string &sql) {
        for (auto &each : both)
            each->script(sql + ";\n");
    };
    open();
    run("CREATE TABLE t0 (id INTEGER PRIMARY KEY, a TEXT, b BLOB)");
    run("CREATE VIRTUAL TABLE words USING fts5(body)");
    int tables = 1;
    int inserted = 0;
    const auto text = [&](std::size_t most) {
        return "hex(zeroblob(" + std::to_string(random() % most) + ")) || 'w" +
               std::to_string(random() % 500) + "'";
    };
    for (int step = 0; step < 1500; ++step) {
        const auto table = "t" + std::to_string(random() % static_cast<std::size_t>(tables));
        switch (random() % 14) {
        case 0:
            run("DELETE FROM " + table + " WHERE id % 7 = " + std::to_string(random() % 7));
            break;
        case 1:
            run("UPDATE " + table + " SET a = " + text(3000) +
                " WHERE id % 5 = " + std::to_string(random() % 5));
            break;
        case 2:
            run("INSERT INTO words(body) VALUES('one w" + std::to_string(random() % 500) + " two')");
            break;
        case 3: // a large one, over many pages
            run("INSERT INTO " + table + "(id, a, b) VALUES(" + std::to_string(++inserted) + ", " +
                text(30000) + ", zeroblob(" + std::to_string(random() % 100000) + "))");
            break;
        case 4:
            run("BEGIN");
            run("UPDATE " + table + " SET b = NULL");
            run(random() % 2 ? "ROLLBACK" : "COMMIT");
            break;
        case 5:
            if (random() % 12 == 0)
                open();
            break;
        case 6:
            if (random() % 10 == 0)
                run(random() % 2 ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
            break;
        case 7:
            if (random() % 30 == 0)
                run("VACUUM");
            break;
        case 8:
            if (tables < 6) {
                run("CREATE TABLE t" + std::to_string(tables) + " (id INTEGER PRIMARY KEY, a TEXT, b BLOB)");
                run("CREATE INDEX i" + std::to_string(tables) + " ON t" + std::to_string(tables) + "(a)");
                ++tables;
            }
            break;
        default:
            run("INSERT INTO " + table + "(id, a, b) VALUES(" + std::to_string(++inserted) + ", " +
                text(400) + ", x'00ff')");
        }
        if (step % 100 == 99)
            QVERIFY2(dump(*both[0]) == dump(*both[1]), qPrintable(QString::number(step)));
    }
    open();
    QVERIFY(dump(*both[0]) == dump(*both[1]));
    QCOMPARE(both[1]->text("PRAGMA integrity_check"), std::string{"ok"});
    both[1]->script("INSERT INTO words(words) VALUES('integrity-check');\n");
}

// Each copy holds whole commits, and all that were made before it.
void VaultTest::aCopyOfAnyMomentOpens()
{
    Connection writer{file("live.db"), Mode::Relaxed, m_vault};
    writer.script("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\nPRAGMA wal_autocheckpoint = 40;\n");
    for (int i = 0; i < 60; ++i) {
        {
            client::storage::Work work{writer};
            for (int row = 0; row < 10; ++row)
                writer.run("INSERT INTO t(a) VALUES(hex(randomblob(300)))");
            work.commit();
        }
        copy("live.db", file("copy.db"));
        Connection copied{file("copy.db"), Mode::Relaxed, m_vault};
        QCOMPARE(copied.number("SELECT count(*) FROM t"), 10 * (i + 1));
        QCOMPARE(copied.text("PRAGMA quick_check"), std::string{"ok"});
    }
}

// The power goes while the log is written back: of each sector either the old or the new is there.
void VaultTest::aTornCheckpointIsRepaired()
{
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937_64 random{seed};
    Connection writer{file("live.db"), Mode::Relaxed, m_vault};
    writer.script("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\nPRAGMA wal_autocheckpoint = 0;\n");
    const auto grow = [&](int rows) {
        client::storage::Work work{writer};
        for (int i = 0; i < rows; ++i)
            writer.run("INSERT INTO t(a) VALUES(hex(randomblob(200)))");
        writer.run("UPDATE t SET a = hex(randomblob(200)) WHERE id % 3 = 0");
        writer.run("CREATE TABLE IF NOT EXISTS late (b)"); // page 1 changes as well
        work.commit();
    };
    grow(200);
    writer.script("PRAGMA wal_checkpoint(TRUNCATE);\n");
    grow(300);
    const auto expected = dump(writer);
    const auto before = read(file("live.db"));
    const auto log = read(file("live.db-wal"));
    writer.script("PRAGMA wal_checkpoint(PASSIVE);\n");
    const auto after = read(file("live.db"));
    QVERIFY(before != after && !log.isEmpty());
    for (int round = 0; round < 40; ++round) {
        auto torn = before;
        torn.resize(random() % 2 ? after.size() : before.size());
        for (qsizetype at = 0; at < torn.size(); at += 512)
            if (at >= before.size() || random() % 2)
                torn.replace(at, 512, after.mid(at, 512));
        write(file("torn.db"), torn);
        write(file("torn.db-wal"), log);
        QFile::remove(file("torn.db-shm"));
        Connection repaired{file("torn.db"), Mode::Relaxed, m_vault};
        QVERIFY(dump(repaired) == expected);
        QCOMPARE(repaired.text("PRAGMA integrity_check"), std::string{"ok"});
    }
}

void VaultTest::aTornLogEndsAtACommit()
{
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937_64 random{seed};
    Connection writer{file("live.db"), Mode::Relaxed, m_vault};
    writer.script("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\nPRAGMA wal_autocheckpoint = 0;\n"
                  "PRAGMA wal_checkpoint(TRUNCATE);\n");
    for (int i = 0; i < 20; ++i)
        writer.run("INSERT INTO t(a) SELECT hex(randomblob(900)) FROM (VALUES(1), (2), (3))");
    const auto log = read(file("live.db-wal"));
    for (int round = 0; round < 60; ++round) {
        auto torn = log;
        const auto at = static_cast<qsizetype>(random() % static_cast<std::size_t>(log.size()));
        if (round % 2)
            torn.truncate(at);
        else
            torn[at] = static_cast<char>(torn[at] ^ 1);
        write(file("torn.db"), read(file("live.db")));
        write(file("torn.db-wal"), torn);
        QFile::remove(file("torn.db-shm"));
        Connection opened{file("torn.db"), Mode::Relaxed, m_vault};
        const auto rows = opened.number("SELECT count(*) FROM t").value_or(-1);
        QVERIFY2(rows % 3 == 0 && rows >= 0 && rows <= 60, qPrintable(QString::number(rows)));
        QCOMPARE(opened.text("PRAGMA integrity_check"), std::string{"ok"});
    }
}

// A writer and two readers on threads of their own: a reader sees whole commits only, and never fewer.
void VaultTest::readersAndAWriterMeet()
{
    Connection writer{file("live.db"), Mode::Relaxed, m_vault};
    writer.script("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);\nPRAGMA wal_autocheckpoint = 50;\n");
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::atomic<int> looks{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i)
        readers.emplace_back([&] {
            Connection reader{file("live.db"), Mode::ReadOnly, m_vault};
            std::int64_t last = 0;
            while (!done || looks < 4) {
                const auto rows = reader.number("SELECT count(*) FROM t WHERE length(a) = 800").value_or(-1);
                wrong += rows % 10 != 0 || rows < last ? 1 : 0;
                last = rows;
                ++looks;
            }
        });
    for (int i = 0; i < 200; ++i) {
        client::storage::Work work{writer};
        for (int row = 0; row < 10; ++row)
            writer.run("INSERT INTO t(a) VALUES(hex(randomblob(400)))");
        work.commit();
    }
    done = true;
    for (auto &reader : readers)
        reader.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(writer.text("PRAGMA integrity_check"), std::string{"ok"});
}

void VaultTest::twoFilesOfOneKeyDiffer()
{
    for (const auto *name : {"one.db", "two.db"}) {
        Connection connection{file(name), Mode::Relaxed, m_vault};
        connection.script("CREATE TABLE t (a);\nPRAGMA wal_checkpoint(TRUNCATE);\n");
    }
    const auto one = read(file("one.db"));
    const auto two = read(file("two.db"));
    QCOMPARE(one.size(), two.size());
    for (qsizetype at = 0; at < one.size(); at += 16)
        QVERIFY(one.mid(at, 16) != two.mid(at, 16));
}

void VaultTest::keepsToItsLog()
{
    Connection connection{file("cache.db"), Mode::Relaxed, m_vault};
    QVERIFY_EXCEPTION_THROWN(connection.script("PRAGMA journal_mode = DELETE;\n"), StorageError);
    QCOMPARE(connection.text("PRAGMA journal_mode"), std::string{"wal"});
}

void VaultTest::anotherKeyRebuilds()
{
    fill(*CacheStore::openOrRebuild(file("cache.db"), m_vault), 50);
    const auto other = Vault::make(key('b'));
    QCOMPARE(other->kindOf(file("cache.db")), Vault::Kind::Strange);
    try {
        Connection connection{file("cache.db"), Mode::Relaxed, other};
        QFAIL("opened with another key");
    } catch (const StorageError &error) {
        QVERIFY(error.isDamage());
    }
    QVERIFY_EXCEPTION_THROWN((Connection{file("cache.db"), Mode::Relaxed}), StorageError); // and with none
    const auto cache = CacheStore::openOrRebuild(file("cache.db"), other);
    QCOMPARE(users(*cache), 0);
    fill(*cache, 3);
    QCOMPARE(users(*cache), 3);
}

void VaultTest::damageRebuilds()
{
    for (const qint64 at : {0, 40, 4096}) {
        for (const auto *tail : {"", "-wal", "-shm"})
            QFile::remove(file("cache.db") + QLatin1String{tail});
        fill(*CacheStore::openOrRebuild(file("cache.db"), m_vault), 200);
        // As a program leaves it that was killed: one that was closed well is not read through.
        Connection{file("cache.db"), Mode::Relaxed, m_vault}.script(
            "UPDATE sync SET v = 1 WHERE k = 'open';\n");
        auto bytes = read(file("cache.db"));
        bytes.replace(at, 8192, QByteArray(8192, '\x5A'));
        write(file("cache.db"), bytes);
        const auto cache = CacheStore::openOrRebuild(file("cache.db"), m_vault);
        QCOMPARE(users(*cache), 0);
    }
}

// An update to this version: nothing is lost, nothing plain is left.
void VaultTest::aPlainCacheIsEncryptedAsItIs()
{
    std::string expected;
    {
        CacheStore plain{file("first.db")};
        fill(plain, 300);
        expected = dump(plain.connection());
        copy("first.db", file("cache.db")); // with its log, as after a crash
    }
    for (const auto *tail : {"", "-wal", "-shm"})
        QFile::remove(file("first.db") + QLatin1String{tail});
    QVERIFY(QFile::exists(file("cache.db-wal")));
    write(file("cache.db.broken-1"), canary);
    QCOMPARE(m_vault->kindOf(file("cache.db")), Vault::Kind::Plain);
    QVERIFY(filesWith(canary) > 0);
    {
        const auto cache = CacheStore::openOrRebuild(file("cache.db"), m_vault);
        QCOMPARE(users(*cache), 300);
        QCOMPARE(dump(cache->connection()), expected);
        QCOMPARE(filesWith(canary), 0);
    }
    QCOMPARE(m_vault->kindOf(file("cache.db")), Vault::Kind::Mine);
    QCOMPARE(filesWith(canary), 0);
}

void VaultTest::aDamagedPlainCacheGoes()
{
    {
        CacheStore plain{file("cache.db")};
        fill(plain, 50);
    }
    auto bytes = read(file("cache.db"));
    bytes.replace(20, 4000, QByteArray(4000, '\x5A'));
    write(file("cache.db"), bytes);
    QVERIFY(filesWith(canary) > 0);
    const auto cache = CacheStore::openOrRebuild(file("cache.db"), m_vault);
    QCOMPARE(users(*cache), 0);
    QCOMPARE(filesWith(canary), 0);
}

} // namespace tests

using tests::VaultTest;
REGISTER_TEST(VaultTest);
#include "tst_vault.moc"
