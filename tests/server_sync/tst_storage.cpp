#include "server/storage/database.h"
#include "tests/support/register_test.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>
#include <thread>

using namespace server::storage;

namespace {

const std::vector<Migration> things{{1, "things",
                                     "CREATE TABLE things(id INTEGER PRIMARY KEY, name TEXT UNIQUE,"
                                     " mark BLOB, size REAL) STRICT"}};

std::unique_ptr<Database> opened(const QTemporaryDir &directory,
                                 const std::vector<Migration> &migrations = things)
{
    auto database = Database::open(directory.path().toStdString(), migrations);
    if (!database)
        qFatal("%s", database.error().detail.c_str());
    return *std::move(database);
}

std::string refusal(const std::string &directory, const std::vector<Migration> &migrations = things)
{
    const auto database = Database::open(directory, migrations);
    return database ? std::string{} : database.error().detail;
}

std::string databaseFile(const QTemporaryDir &directory)
{
    return directory.path().toStdString() + "/deskbell.db";
}

} // namespace

class TestStorage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesComeBackAsTheyWere()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        auto &tx = database->writer().transaction();
        const std::string text{"a\0b\xc3\xa9", 5};
        const std::string bytes{"\0\x01\xff", 3};
        tx.run("INSERT INTO things VALUES(?, ?, ?, ?)", {std::int64_t{1} << 52, text, Blob{bytes}, 1.5});
        tx.run("INSERT INTO things VALUES(?, ?, ?, ?)", {2, nullptr, Blob{}, nullptr});
        const auto row = tx.one("SELECT * FROM things WHERE name = ?", {text});
        QVERIFY(row);
        QCOMPARE(row->integer(0), std::int64_t{1} << 52);
        QCOMPARE(row->text(1), text);
        QCOMPARE(row->blob(2), bytes);
        const auto other = tx.one("SELECT * FROM things WHERE id = 2");
        QVERIFY(other->isNull(1));
        QVERIFY(!other->maybeText(1));
        QVERIFY(!other->isNull(2));
        QVERIFY(!other->maybeUuid(2));
    }

    void aStatementMayRunInsideItsOwnRows()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        auto &tx = database->writer().transaction();
        for (int i = 1; i <= 3; ++i)
            tx.run("INSERT INTO things(id) VALUES(?)", {i});
        std::int64_t pairs = 0;
        const auto count = [&](const Row &) { return ++pairs, true; };
        tx.each("SELECT id FROM things", {}, [&](const Row &) {
            tx.each("SELECT id FROM things", {}, count);
            return true;
        });
        QCOMPARE(pairs, 9);
    }

    void aRefusedStatementTellsWhy()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        auto &tx = database->writer().transaction();
        tx.run("INSERT INTO things(id, name) VALUES(1, 'a')");
        try {
            tx.run("INSERT INTO things(id, name) VALUES(2, 'a')");
            QFAIL("stored twice");
        } catch (const StorageError &error) {
            QVERIFY(error.isDuplicate());
            QVERIFY(!error.isFull());
        }
        QVERIFY_EXCEPTION_THROWN(tx.one("SELECT nothing FROM nowhere"), StorageError);
        QCOMPARE(tx.run("UPDATE things SET size = 1"), 1);
    }

    void savepointsAndRollBacksLeaveNoTrace()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        auto &writer = database->writer();
        writer.begin();
        writer.savepoint();
        writer.transaction().run("INSERT INTO things(id) VALUES(1)");
        writer.rollBackSavepoint();
        writer.savepoint();
        writer.transaction().run("INSERT INTO things(id) VALUES(2)");
        writer.releaseSavepoint();
        writer.commit();
        writer.begin();
        writer.transaction().run("INSERT INTO things(id) VALUES(3)");
        writer.rollBack();
        writer.rollBack();
        QCOMPARE(writer.transaction().one("SELECT group_concat(id) FROM things")->text(0), std::string{"2"});
    }

    void aReadSeesOneMomentAndCannotWrite()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        database->writer().transaction().run("INSERT INTO things(id) VALUES(1)");
        database->read([&](Transaction &tx) {
            QCOMPARE(tx.one("SELECT count(*) FROM things")->integer(0), 1);
            database->writer().transaction().run("INSERT INTO things(id) VALUES(2)");
            QCOMPARE(tx.one("SELECT count(*) FROM things")->integer(0), 1);
            QVERIFY_EXCEPTION_THROWN(tx.run("DELETE FROM things"), StorageError);
        });
        database->read(
            [](Transaction &tx) { QCOMPARE(tx.one("SELECT count(*) FROM things")->integer(0), 2); });
    }

    void moreReadersThanConnectionsWaitForEachOther()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        std::atomic<int> done = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 16; ++i)
            threads.emplace_back([&] {
                for (int k = 0; k < 50; ++k)
                    database->read([&](Transaction &tx) { done += tx.one("SELECT 1")->integer(0) == 1; });
            });
        for (auto &thread : threads)
            thread.join();
        QCOMPARE(done.load(), 16 * 50);
    }

    void migrationsRunOnceAndInOrder()
    {
        const QTemporaryDir directory;
        auto more = things;
        more.insert(more.begin(), {2, "column", "ALTER TABLE things ADD COLUMN extra TEXT"});
        opened(directory);
        QCOMPARE(opened(directory, more)->schemaVersion(), 2);
        const auto database = opened(directory, more);
        QCOMPARE(database->writer().transaction().one("SELECT count(*) FROM schema_migrations")->integer(0),
                 2);
        QCOMPARE(database->writer().transaction().run("UPDATE things SET extra = 'x'"), 0);
    }

    void aFailedMigrationLeavesTheOldSchema()
    {
        const QTemporaryDir directory;
        auto broken = things;
        broken.push_back({2, "broken", "CREATE TABLE half(id INTEGER); CREATE TABLE half(id INTEGER)"});
        QVERIFY(!refusal(directory.path().toStdString(), broken).empty());
        const auto database = opened(directory);
        QCOMPARE(database->schemaVersion(), 1);
        QVERIFY(!database->writer().transaction().one("SELECT 1 FROM sqlite_master WHERE name = 'half'"));
    }

    void aNewerFileIsRefused()
    {
        const QTemporaryDir directory;
        auto newer = things;
        newer.push_back({9, "later", "CREATE TABLE later(id INTEGER)"});
        opened(directory, newer);
        const auto sentence = refusal(directory.path().toStdString());
        QVERIFY2(sentence.find("newer version of Deskbell") != std::string::npos, sentence.c_str());
    }

    void anUnusableDirectoryIsNamed()
    {
        const QTemporaryDir directory;
        const auto path = directory.path().toStdString() + "/file";
        QFile file{QString::fromStdString(path)};
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (const auto &bad : {path, path + "/below"}) {
            const auto sentence = refusal(bad);
            QVERIFY2(sentence.find(bad) != std::string::npos, sentence.c_str());
        }
    }

    void aDamagedFileIsNamed()
    {
        const QTemporaryDir directory;
        QFile file{QString::fromStdString(databaseFile(directory))};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        const auto sentence = refusal(directory.path().toStdString());
        QVERIFY2(sentence.find("damaged") != std::string::npos, sentence.c_str());
    }

    void checkFindsDamageInside()
    {
        const QTemporaryDir directory;
        {
            const auto database = opened(directory);
            QCOMPARE(database->check(), std::string{});
            auto &tx = database->writer().transaction();
            database->writer().begin();
            for (int i = 0; i < 2000; ++i)
                tx.run("INSERT INTO things(id, name) VALUES(?, ?)", {i, "name " + std::to_string(i)});
            database->writer().commit();
        }
        QFile file{QString::fromStdString(databaseFile(directory))};
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(file.size() / 2);
        file.write(QByteArray(6000, '\xee'));
        file.close();
        const auto database = Database::open(directory.path().toStdString(), things);
        if (!database)
            return; // found while opening: as good
        try {
            QVERIFY(!(*database)->check().empty());
        } catch (const StorageError &error) {
            QCOMPARE(error.code() & 0xff, SQLITE_CORRUPT);
        }
    }

    void aFullDiskIsToldApart()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        auto &tx = database->writer().transaction();
        const auto pages = tx.one("PRAGMA page_count")->integer(0);
        tx.one("PRAGMA max_page_count = " + std::to_string(pages + 2));
        try {
            for (int i = 0; i < 1000; ++i)
                tx.run("INSERT INTO things(name) VALUES(?)", {std::string(3000, 'x') + std::to_string(i)});
            QFAIL("never full");
        } catch (const StorageError &error) {
            QVERIFY(error.isFull());
        }
    }

    void onlyTheOwnerReadsTheFile()
    {
        const QTemporaryDir directory;
        const auto database = opened(directory);
        const auto shared = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup |
                            QFileDevice::WriteOther;
        const auto file = QString::fromStdString(databaseFile(directory));
        QVERIFY(!(QFile::permissions(file) & shared));
        QVERIFY(!(QFile::permissions(file + QStringLiteral("-wal")) & shared));
    }
};

REGISTER_TEST(TestStorage);
#include "tst_storage.moc"
