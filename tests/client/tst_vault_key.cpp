#include "client/platform/profile.h"
#include "client/storage/cache_store.h"
#include "client/sync/client.h"
#include "tests/client/vault_of.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace tests {

using client::platform::Keychain;
using client::platform::Profile;
using client::storage::CacheStore;
using client::storage::Vault;

/// The key of the cache: where it is kept, and what losing it costs. With the real programs.
class VaultKeyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theKeyIsMadeOnce();
    void aKeyThatIsNoneIsMadeAnew();
    void withoutAnyPlaceTheRunHasAKey();
    void aKilledProgramLeavesNothingToRead();

private:
    static bool run(const QString &profile, const QStringList &arguments, const QByteArray &input = {});
    static QStringList command(const QString &profile, const QStringList &arguments);
    static int filesWith(const QString &folder, const QByteArray &words);
};

namespace {

QString program()
{
    return qEnvironmentVariable("DESKBELL_BIN") + QStringLiteral("/deskbellctl");
}

} // namespace

QStringList VaultKeyTest::command(const QString &profile, const QStringList &arguments)
{
    return arguments + QStringList{QStringLiteral("--profile"), profile, QStringLiteral("--no-keychain"),
                                   QStringLiteral("--timeout"), QStringLiteral("60")};
}

bool VaultKeyTest::run(const QString &profile, const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    process.start(program(), command(profile, arguments));
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(90000);
    if (process.exitCode() != 0)
        qWarning("%s", process.readAllStandardError().constData());
    return ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
}

int VaultKeyTest::filesWith(const QString &folder, const QByteArray &words)
{
    int count = 0;
    QDirIterator all{folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories};
    while (all.hasNext()) {
        QFile file{all.next()};
        count += file.open(QIODevice::ReadOnly) && file.readAll().contains(words) ? 1 : 0;
    }
    return count;
}

void VaultKeyTest::theKeyIsMadeOnce()
{
    QTemporaryDir folder;
    const auto secrets = folder.filePath(QStringLiteral("secrets.json"));
    Keychain keychain{QStringLiteral("deskbell-test"), secrets, false};
    const auto first = vaultOf(keychain);
    QVERIFY(first);
    const auto cache = folder.filePath(QStringLiteral("cache.db"));
    (void)CacheStore::openOrRebuild(cache, first);
    QCOMPARE(QFileInfo{secrets}.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions{});
    Keychain later{QStringLiteral("deskbell-test"), secrets, false};
    QCOMPARE(vaultOf(later)->kindOf(cache), Vault::Kind::Mine);
    later.write(client::sync::vaultKeyName, {}, [](const auto &) {});
    QCOMPARE(vaultOf(later)->kindOf(cache), Vault::Kind::Strange);
}

void VaultKeyTest::aKeyThatIsNoneIsMadeAnew()
{
    QTemporaryDir folder;
    Keychain keychain{QStringLiteral("deskbell-test"), folder.filePath(QStringLiteral("secrets.json")),
                      false};
    for (const auto *bad : {"", "00ff", "not hexadecimal", "0"}) {
        keychain.write(client::sync::vaultKeyName, bad, [](const auto &) {});
        QVERIFY(vaultOf(keychain));
    }
}

void VaultKeyTest::withoutAnyPlaceTheRunHasAKey()
{
    QTemporaryDir folder;
    Keychain nowhere{QStringLiteral("deskbell-test"),
                     folder.filePath(QStringLiteral("no/such/folder/secrets.json")), false};
    const auto vault = vaultOf(nowhere);
    QVERIFY(vault);
    const auto cache = folder.filePath(QStringLiteral("cache.db"));
    (void)CacheStore::openOrRebuild(cache, vault);
    const auto next = vaultOf(nowhere);
    QCOMPARE(next->kindOf(cache), Vault::Kind::Strange);
    (void)CacheStore::openOrRebuild(cache, next);
    QCOMPARE(next->kindOf(cache), Vault::Kind::Mine);
}

void VaultKeyTest::aKilledProgramLeavesNothingToRead()
{
    RealServer server;
    QVERIFY2(server.start(), qPrintable(server.why()));
    const QByteArray canary = "Canary-2f6a-of-the-deep";
    QVERIFY(!server.post(QStringLiteral("/contacts"), {{QStringLiteral("name"), QString::fromUtf8(canary)}})
                 .isEmpty());
    QTemporaryDir profile;
    QVERIFY(run(profile.path(),
                {QStringLiteral("login"), QStringLiteral("--server"), server.url(), QStringLiteral("--email"),
                 RealServer::email},
                RealServer::password.toUtf8() + '\n'));
    QProcess watching;
    watching.start(program(), command(profile.path(), {QStringLiteral("watch")}));
    const auto log = profile.filePath(QStringLiteral("cache.db-wal"));
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo{log}.size() > 50000, 60000);
    QCOMPARE(filesWith(profile.path(), canary), 0);
    watching.kill();
    QVERIFY(watching.waitForFinished());
    QCOMPARE(filesWith(profile.path(), canary), 0);
    QCOMPARE(filesWith(profile.path(), "CREATE TABLE conversation"), 0);
    QVERIFY(run(profile.path(), {QStringLiteral("sync")}));
    QVERIFY(run(profile.path(), {QStringLiteral("verify")}));
    QCOMPARE(filesWith(profile.path(), canary), 0);

    // A lost key costs a snapshot and nothing else.
    QVERIFY(QFile::exists(profile.filePath(QStringLiteral("secrets-without-keychain.json"))));
    Keychain keychain{QStringLiteral("deskbell-test"),
                      profile.filePath(QStringLiteral("secrets-without-keychain.json")), false};
    bool forgotten = false;
    keychain.write(client::sync::vaultKeyName, {}, [&](const auto &) { forgotten = true; });
    QTRY_VERIFY(forgotten);
    QVERIFY(run(profile.path(), {QStringLiteral("sync")}));
    QVERIFY(run(profile.path(), {QStringLiteral("verify")}));
}

} // namespace tests

using tests::VaultKeyTest;
REGISTER_TEST(VaultKeyTest);
#include "tst_vault_key.moc"
