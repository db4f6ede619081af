#include "client/platform/sealing.h"
#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "client/sync/client.h"
#include "client/sync/wiper.h"
#include "shared/base/text.h"
#include "tests/client/vault_of.h"
#include "tests/gui/real_server.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QDirIterator>
#include <QTest>

#include <sodium.h>

namespace tests {

using client::platform::Profile;
using client::sync::Client;
using client::sync::ConnectionState;
using client::sync::HttpAuth;
using client::sync::SignedIn;

/// What happens to a device that is told to go (sync-protocol 14.4), against a real server.
class WipeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.why())); }
    void signaturesAreChecked();
    void onlyTheSecretHalfOpens();
    void aRevokedDeviceWipesAndItsWordsWaitSealed();
    void aWrongKeyNeverWipes();
    void anOrderFromBeforeTheSignInIsOver();
    void everythingGoesWhenAllIsOrdered();

private:
    struct Place {
        QTemporaryDir folder;
        std::unique_ptr<Profile> profile;
        std::unique_ptr<client::platform::Keychain> keychain;
        SignedIn in;
        std::unique_ptr<Client> client;
    };

    std::unique_ptr<Place> makePlace();
    void signIn(Place &place);
    void adopt(Place &place);
    void openClient(Place &place);
    void plant(Place &place);
    static int files(const Place &place, const QByteArray &canary);
    bool revoke(Place &by, const base::Uuid &device);

    static inline const QByteArray canary = "canary-7c1d-in-a-coal-mine";
    RealServer m_server;
    FakeClock m_clock;
    SeededRandom m_random{3};
    base::UuidMaker m_ids{m_clock, m_random};
};

std::unique_ptr<WipeTest::Place> WipeTest::makePlace()
{
    auto place = std::make_unique<Place>();
    if (auto profile = Profile::open(place->folder.path()))
        place->profile = *std::move(profile);
    place->keychain.reset(Client::makeKeychain(*place->profile, false, nullptr));
    return place;
}

void WipeTest::signIn(Place &place)
{
    HttpAuth auth;
    bool done = false;
    const auto device = Client::deviceOf(*place.profile);
    QVERIFY(device);
    auth.signIn(m_server.url(), *device, RealServer::email, RealServer::password,
                [&](const SignedIn *in, const client::sync::AuthFailure *) {
                    done = in != nullptr;
                    if (in)
                        place.in = *in;
                });
    QTRY_VERIFY_WITH_TIMEOUT(done, 20000);
}

void WipeTest::adopt(Place &place)
{
    std::optional<base::Status> adopted;
    Client::adopt(*place.profile, *place.keychain, place.in,
                  [&](const base::Status &status) { adopted = status; });
    QTRY_VERIFY(adopted.has_value());
    QVERIFY(*adopted);
}

void WipeTest::openClient(Place &place)
{
    auto client =
        Client::open(*place.profile, {}, {QStringLiteral("test"), false, false, vaultOf(*place.keychain)});
    QVERIFY(client);
    place.client = *std::move(client);
}

// The same words in everything a profile holds; those in the cache are encrypted.
void WipeTest::plant(Place &place)
{
    const auto write = [](const QString &path) {
        QFile file{path};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(canary);
    };
    write(place.profile->blobDirectory() + QStringLiteral("/blob"));
    write(place.profile->spoolDirectory() + QStringLiteral("/spooled"));
    write(place.profile->cacheFile() + QStringLiteral(".broken-1"));
    write(place.profile->outboxFile() + QStringLiteral(".damaged-1"));
    client::storage::OutboxStore outbox{place.profile->outboxFile()};
    client::storage::Intent intent;
    intent.mid = m_ids.next();
    intent.lane = "me";
    intent.op = "no.such.op";
    intent.args = R"({"body":")" + canary.toStdString() + R"("})";
    intent.state = client::storage::IntentState::Problem;
    outbox.add(intent);
    outbox.putDraft("reply:1", {canary.toStdString(), m_clock.now()});
    client::storage::CacheStore cache{place.profile->cacheFile(), vaultOf(*place.keychain)};
    cache.begin();
    cache.putServerRow({protocol::EntityType::User, m_ids.next()},
                       {5, "a", std::nullopt, 1, 0, R"({"name":")" + canary.toStdString() + R"("})"});
    cache.commit();
}

int WipeTest::files(const Place &place, const QByteArray &words)
{
    int count = 0;
    QDirIterator all{place.folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories};
    while (all.hasNext()) {
        QFile file{all.next()};
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(words))
            ++count;
    }
    return count;
}

bool WipeTest::revoke(Place &by, const base::Uuid &device)
{
    HttpAuth auth;
    std::optional<bool> done;
    auth.revoke(
        by.in.identity.server, by.in.access, device,
        [&](const std::int64_t *count, const client::sync::AuthFailure *) { done = count != nullptr; });
    for (int i = 0; i < 2000 && !done; ++i)
        QTest::qWait(10);
    return done.value_or(false);
}

void WipeTest::signaturesAreChecked()
{
    QVERIFY(sodium_init() >= 0);
    std::string open(crypto_sign_PUBLICKEYBYTES, 0), secret(crypto_sign_SECRETKEYBYTES, 0), signature(64, 0);
    auto *bytes = reinterpret_cast<unsigned char *>(open.data());
    crypto_sign_keypair(bytes, reinterpret_cast<unsigned char *>(secret.data()));
    crypto_sign_detached(reinterpret_cast<unsigned char *>(signature.data()), nullptr,
                         reinterpret_cast<const unsigned char *>("go"), 2,
                         reinterpret_cast<const unsigned char *>(secret.data()));
    QVERIFY(client::platform::isSignedBy(open, "go", signature));
    QVERIFY(!client::platform::isSignedBy(open, "no", signature));
    QVERIFY(!client::platform::isSignedBy(open.substr(1), "go", signature));
    QVERIFY(!client::platform::isSignedBy(open, "go", signature.substr(1)));
    QVERIFY(!client::platform::isSignedBy("", "go", ""));
    signature[3] = static_cast<char>(signature[3] ^ 1);
    QVERIFY(!client::platform::isSignedBy(open, "go", signature));
}

void WipeTest::onlyTheSecretHalfOpens()
{
    std::string open(crypto_box_PUBLICKEYBYTES, 0), secret(crypto_box_SECRETKEYBYTES, 0);
    crypto_box_keypair(reinterpret_cast<unsigned char *>(open.data()),
                       reinterpret_cast<unsigned char *>(secret.data()));
    const auto sealed = client::platform::sealedFor(open, "words");
    QVERIFY(sealed);
    QCOMPARE(*client::platform::unsealed(open, secret, *sealed), std::string{"words"});
    QVERIFY(!client::platform::unsealed(open, open, *sealed));
    auto damaged = *sealed;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    QVERIFY(!client::platform::unsealed(open, secret, damaged));
    QVERIFY(!client::platform::unsealed(open, secret, ""));
    QVERIFY(!client::platform::sealedFor("short", "words"));
}

void WipeTest::aRevokedDeviceWipesAndItsWordsWaitSealed()
{
    const auto lost = makePlace();
    const auto kept = makePlace();
    for (auto *place : {lost.get(), kept.get()}) {
        signIn(*place);
        adopt(*place);
    }
    plant(*lost);
    QVERIFY(files(*lost, canary) >= 5);
    openClient(*lost);
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::Live, 20000);
    const auto refresh = QByteArray::fromStdString(lost->in.refresh);

    QVERIFY(revoke(*kept, lost->in.identity.device.value));
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::Revoked, 20000);
    QTRY_COMPARE(files(*lost, canary), 0);
    QVERIFY(lost->client->reader().problems().empty());
    QTRY_COMPARE(files(*lost, "refresh-token"), 0);
    QTRY_COMPARE(files(*lost, "cache-key"), 0);
    lost->client.reset();
    QCOMPARE(files(*lost, canary), 0);
    QCOMPARE(files(*lost, refresh), 0);
    const auto who = Client::signedInAs(*lost->profile);
    QVERIFY(who && !*who);

    // The same person comes back: their words are theirs again.
    signIn(*lost);
    adopt(*lost);
    {
        client::storage::OutboxStore outbox{lost->profile->outboxFile()};
        QCOMPARE(outbox.problems(), 1);
        QVERIFY(outbox.intents().begin()->second.args.find(canary.toStdString()) != std::string::npos);
        QCOMPARE(outbox.draft("reply:1")->body, canary.toStdString());
        QVERIFY(outbox.setting("device") == lost->in.identity.device.text());
    }
    openClient(*lost);
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::Live, 20000);
}

void WipeTest::aWrongKeyNeverWipes()
{
    const auto lost = makePlace();
    const auto kept = makePlace();
    for (auto *place : {lost.get(), kept.get()})
        signIn(*place);
    lost->in.keys.wipe[0] = static_cast<char>(lost->in.keys.wipe[0] ^ 1);
    adopt(*lost);
    plant(*lost);
    const auto before = files(*lost, canary);
    openClient(*lost);
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::Live, 20000);
    QVERIFY(revoke(*kept, lost->in.identity.device.value));
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::SignedOut, 20000);
    lost->client.reset();
    QVERIFY(before >= 5);
    QVERIFY(files(*lost, canary) >= 4); // the spool is swept of what nothing names
    QCOMPARE(files(*lost, "cache-key"), 1);
    QCOMPARE(vaultOf(*lost->keychain)->kindOf(lost->profile->cacheFile()),
             client::storage::Vault::Kind::Mine);
    client::storage::OutboxStore outbox{lost->profile->outboxFile()};
    QCOMPARE(outbox.problems(), 1);
}

void WipeTest::anOrderFromBeforeTheSignInIsOver()
{
    const auto lost = makePlace();
    const auto kept = makePlace();
    for (auto *place : {lost.get(), kept.get()})
        signIn(*place);
    lost->in.keys.signedInAt += std::chrono::hours{1};
    adopt(*lost);
    plant(*lost);
    openClient(*lost);
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::Live, 20000);
    QVERIFY(revoke(*kept, lost->in.identity.device.value));
    QTRY_VERIFY_WITH_TIMEOUT(lost->client->connection().kind == ConnectionState::Kind::SignedOut, 20000);
    lost->client.reset();
    QVERIFY(files(*lost, canary) >= 4);
}

void WipeTest::everythingGoesWhenAllIsOrdered()
{
    const auto place = makePlace();
    signIn(*place);
    adopt(*place);
    plant(*place);
    const auto &profile = *place->profile;
    const client::sync::WipedFiles files_{profile.directory(), profile.cacheFile(), profile.outboxFile(),
                                          profile.blobDirectory(), profile.spoolDirectory()};
    QVERIFY(client::sync::removeSynced(files_));
    client::sync::emptyOutbox(files_, protocol::Wipe::All, place->in.keys.outbox, "x");
    QCOMPARE(files(*place, canary), 0);
    QVERIFY(QDir{profile.directory()}.entryList({QStringLiteral("*.sealed")}).isEmpty());
}

} // namespace tests

using tests::WipeTest;
REGISTER_TEST(WipeTest);
#include "tst_wipe.moc"
