#include "client/sync/client.h"

#include "client/storage/outbox_recovery.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "client/storage/vault/vault_device.h"
#include "client/sync/desk.h"
#include "client/sync/vault_keeper.h"
#include "client/sync/wiper.h"
#include "shared/base/json.h"

#include <QFile>

#include <utility>

namespace client::sync {

namespace {

using storage::OutboxStore;

base::Error storageError(const storage::StorageError &error)
{
    return {base::ErrorCode::Storage, error.what()};
}

domain::DeviceId storedDevice(OutboxStore &outbox)
{
    const auto stored = outbox.setting("device");
    const auto known = stored ? base::Uuid::parse(*stored) : std::nullopt;
    const bool cloned = outbox.setting("cloned") == "1";
    if (known && !cloned)
        return {*known};
    platform::SystemClock clock;
    platform::SystemRandom random;
    const domain::DeviceId fresh{base::UuidMaker{clock, random}.next()};
    if (cloned) { // another program goes by the old id: this one begins anew, with what it has to say
        outbox.renumber();
        outbox.setSetting("cloned", "0");
    }
    outbox.setSetting("device", fresh.text());
    return fresh;
}

QString keychainService(const platform::Profile &profile)
{
    return QStringLiteral("deskbell:") + profile.directory();
}

WipedFiles filesOf(const platform::Profile &profile)
{
    return {profile.directory(), profile.cacheFile(), profile.outboxFile(), profile.blobDirectory(),
            profile.spoolDirectory()};
}

// A wipe sealed what this user wrote: it is theirs again, on what is now another device.
base::Status takeBackSealed(const platform::Profile &profile, const SignedIn &signedIn)
{
    const auto reopened = reopenOutbox(profile.outboxFile(), signedIn.identity.user.id.text(),
                                       signedIn.keys.outbox, signedIn.keys.outboxSecret);
    if (!reopened)
        return reopened;
    OutboxStore outbox{profile.outboxFile()};
    if (outbox.setting("device") == signedIn.identity.device.text())
        return base::Done{};
    outbox.renumber();
    outbox.setSetting("device", signedIn.identity.device.text());
    return base::Done{};
}

void store(OutboxStore &outbox, const SignedIn &signedIn)
{
    outbox.setIdentity(signedIn.identity);
    outbox.setSetting("wipe_key", signedIn.keys.wipe);
    outbox.setSetting("outbox_key", signedIn.keys.outbox);
    outbox.setSetting("signed_in_at", std::to_string(base::toMs(signedIn.keys.signedInAt)));
}

} // namespace

base::Result<domain::DeviceId> Client::deviceOf(const platform::Profile &profile)
{
    try {
        storage::recoverOutbox(profile.outboxFile());
        OutboxStore outbox{profile.outboxFile()};
        return storedDevice(outbox);
    } catch (const storage::StorageError &error) {
        return storageError(error);
    }
}

base::Result<std::optional<storage::Identity>> Client::signedInAs(const platform::Profile &profile)
{
    try {
        storage::recoverOutbox(profile.outboxFile());
        OutboxStore outbox{profile.outboxFile()};
        return outbox.identity();
    } catch (const storage::StorageError &error) {
        return storageError(error);
    }
}

platform::Keychain *Client::makeKeychain(const platform::Profile &profile, bool useSystem, QObject *parent)
{
    return new platform::Keychain{keychainService(profile), profile.secretsFile(), useSystem, parent};
}

void Client::adopt(const platform::Profile &profile, platform::Keychain &keychain, const SignedIn &signedIn,
                   std::function<void(const base::Status &)> done)
{
    try {
        {
            OutboxStore outbox{profile.outboxFile()};
            const auto before = outbox.identity();
            const bool another = before && (before->user.id != signedIn.identity.user.id ||
                                            before->account.id != signedIn.identity.account.id);
            if (another && !outbox.intents().empty())
                return done(base::Error{base::ErrorCode::Conflict, before->user.name});
            if (another) {
                keychain.write(vaultKeyName, {}, [](const auto &) {});
                removeSyncedButSpool(filesOf(profile));
            }
        }
        if (const auto taken = takeBackSealed(profile, signedIn); !taken)
            return done(taken);
        OutboxStore outbox{profile.outboxFile()};
        store(outbox, signedIn);
    } catch (const storage::StorageError &error) {
        return done(storageError(error));
    }
    keychain.write(TokenKeeper::keychainKey, signedIn.refresh,
                   [done](const base::Result<platform::Keychain::Place> &place) {
                       if (place)
                           done(base::Done{});
                       else
                           done(place.error());
                   });
}

void Client::destroy(const platform::Profile &profile)
{
    destroyAccount(filesOf(profile));
    QFile::remove(profile.secretsFile());
}

base::Result<std::unique_ptr<Client>> Client::open(const platform::Profile &profile, OverlayRegistry overlays,
                                                   Setup setup)
{
    const auto who = signedInAs(profile);
    if (!who)
        return who.error();
    if (!*who)
        return base::Error{base::ErrorCode::Unauthorized, "nobody signed in"};
    if (!setup.vault)
        return base::Error{base::ErrorCode::Storage, "no key for the cache"};
    std::unique_ptr<Client> client{new Client{profile, **who, std::move(setup)}};
    if (const auto started = client->start(std::move(overlays)); !started)
        return started.error();
    return client;
}

Client::Client(const platform::Profile &profile, storage::Identity identity, Setup setup)
    : m_profile{profile}
    , m_identity{std::move(identity)}
    , m_setup{std::move(setup)}
{
}

std::function<std::unique_ptr<storage::Reader>()> Client::readerMaker() const
{
    return [outbox = m_profile.outboxFile(), cache = m_profile.cacheFile(), vault = m_setup.vault] {
        return std::make_unique<storage::Reader>(outbox, cache, vault);
    };
}

base::Status Client::start(OverlayRegistry overlays)
{
    qRegisterMetaType<Changes>();
    qRegisterMetaType<ConnectionState>();
    qRegisterMetaType<Ephemeral>();
    qRegisterMetaType<UploadProgress>();
    qRegisterMetaType<storage::Intent>();
    Desk::Setup desk{m_identity,
                     m_profile.outboxFile(),
                     m_profile.cacheFile(),
                     m_profile.blobDirectory(),
                     m_profile.spoolDirectory(),
                     m_profile.secretsFile(),
                     keychainService(m_profile),
                     m_setup.app,
                     m_setup.vault,
                     m_setup.offline,
                     m_setup.useKeychain};
    m_desk = new Desk{std::move(desk), std::move(overlays), m_clock, m_random, m_ids};
    connect(m_desk, &Desk::changed, this, &Session::changed);
    connect(m_desk, &Desk::problemAppeared, this, &Session::problemAppeared);
    connect(m_desk, &Desk::warned, this, &Session::warned);
    connect(m_desk, &Desk::intentsChanged, this, &Session::intentsChanged);
    connect(m_desk, &Desk::ephemeral, this, &Session::ephemeral);
    connect(m_desk, &Desk::draftChanged, this, &Session::draftChanged);
    connect(m_desk, &Desk::uploadChanged, this, &Session::uploadChanged);
    connect(m_desk, &Desk::blobReady, this, &Session::blobReady);
    connect(m_desk, &Desk::blobFailed, this, &Session::blobFailed);
    connect(m_desk, &Desk::secretsInFile, this, &Session::secretsInFile);
    connect(m_desk, &Desk::connectionChanged, this, [this](const ConnectionState &state) {
        const bool wasHidden = std::exchange(m_connection, state).leaseOver;
        if (state.leaseOver != wasHidden && m_reader) {
            m_reader->hideCache(state.leaseOver);
            Q_EMIT reset();
        }
        Q_EMIT connectionChanged(m_connection);
    });
    connect(m_desk, &Desk::cacheReplaced, this, [this] {
        m_reader->reopenCache();
        Q_EMIT reset();
    });
    m_thread.setObjectName(QStringLiteral("sync"));
    m_desk->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_desk, &QObject::deleteLater);
    m_thread.start();

    // Once, before there is a window: the reader needs files that exist.
    base::Status begun = base::Done{};
    QMetaObject::invokeMethod(
        m_desk,
        [this, &begun] {
            begun = m_desk->begin();
            if (m_desk->engine())
                m_connection = m_desk->engine()->state();
        },
        Qt::BlockingQueuedConnection);
    if (!begun)
        return begun;
    try {
        m_reader =
            std::make_unique<storage::Reader>(m_profile.outboxFile(), m_profile.cacheFile(), m_setup.vault);
        m_reader->hideCache(m_connection.leaseOver);
    } catch (const storage::StorageError &error) {
        return storageError(error);
    }
    return base::Done{};
}

Client::~Client()
{
    if (m_thread.isRunning()) {
        // The files are closed on their own thread.
        QMetaObject::invokeMethod(
            m_desk, [this] { m_desk->end(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
}

void Client::onDesk(std::function<void(Desk &)> work)
{
    QMetaObject::invokeMethod(
        m_desk, [desk = m_desk, work = std::move(work)] { desk->perform(work); }, Qt::QueuedConnection);
}

// Runs `work` on the sync thread and hands what it gives to `then` on this one.
template <class T>
void Client::ask(std::function<T(Desk &)> work, std::function<void(const T &)> then)
{
    onDesk([this, work = std::move(work), then = std::move(then)](Desk &desk) {
        auto result = work(desk);
        if (then)
            QMetaObject::invokeMethod(
                this, [then, result = std::move(result)] { then(result); }, Qt::QueuedConnection);
    });
}

void Client::submit(Order order, std::function<void(const base::Status &)> done)
{
    ask<base::Status>([order = std::move(order)](Desk &desk) { return desk.submit(order); }, std::move(done));
}

void Client::cancel(const base::Uuid &mid, std::function<void(bool)> done)
{
    ask<bool>([mid](Desk &desk) { return desk.engine() && desk.engine()->cancel(mid); },
              done ? [done](const bool &cancelled) { done(cancelled); }
                   : std::function<void(const bool &)>{});
}

void Client::retryProblem(const base::Uuid &mid, std::optional<std::string> args)
{
    onDesk([mid, fresh = m_ids.next(), args = std::move(args)](Desk &desk) {
        if (desk.engine())
            desk.engine()->retryProblem(mid, fresh, args);
    });
}

void Client::discardProblem(const base::Uuid &mid)
{
    onDesk([mid](Desk &desk) {
        if (desk.engine())
            desk.engine()->discardProblem(mid);
    });
}

void Client::focus(const std::vector<domain::ConversationId> &conversations)
{
    onDesk([conversations](Desk &desk) {
        if (desk.engine())
            desk.engine()->focus(conversations);
    });
}

void Client::loadOlder(const domain::ConversationId &conversation)
{
    onDesk([conversation](Desk &desk) {
        if (desk.engine())
            desk.engine()->loadOlder(conversation);
    });
}

void Client::composing(const domain::ConversationId &conversation, bool on, bool isPrivate)
{
    onDesk([=](Desk &desk) {
        if (desk.engine())
            desk.engine()->composing(conversation, on, isPrivate);
    });
}

void Client::viewing(const domain::ConversationId &conversation, bool on)
{
    onDesk([=](Desk &desk) {
        if (desk.engine())
            desk.engine()->viewing(conversation, on);
    });
}

void Client::putDraft(const QString &key, const QString &body)
{
    onDesk([key, body](Desk &desk) { desk.putDraft(key, body); });
}

base::Uuid Client::attach(const QString &path, std::function<void(const base::Status &)> done)
{
    const auto id = m_ids.next();
    ask<base::Status>([id, path](Desk &desk) { return desk.attach(id, path); }, std::move(done));
    return id;
}

void Client::detach(const base::Uuid &upload)
{
    onDesk([upload](Desk &desk) { desk.detach(upload); });
}

QString Client::blob(const domain::AttachmentId &id, bool thumbnail)
{
    const auto text = QString::fromStdString(id.text());
    const auto path = BlobCache::pathOf(m_profile.blobDirectory(), text, thumbnail);
    if (QFile::exists(path)) {
        onDesk([text, thumbnail](Desk &desk) { desk.touchBlob(text, thumbnail); });
        return path;
    }
    const auto spooled = m_profile.spoolDirectory() + QLatin1Char{'/'} + text;
    if (QFile::exists(spooled))
        return spooled; // one's own, on its way
    onDesk([text, thumbnail](Desk &desk) { desk.fetchBlob(text, thumbnail); });
    return {};
}

std::unique_ptr<QIODevice> Client::openBlob(const QString &path)
{
    const bool isSpooled = path.startsWith(m_profile.spoolDirectory() + QLatin1Char{'/'});
    std::unique_ptr<QIODevice> file;
    if (isSpooled)
        file = std::make_unique<QFile>(path);
    else
        file = std::make_unique<storage::VaultDevice>(m_setup.vault, path);
    return file->open(QIODevice::ReadOnly) ? std::move(file) : nullptr;
}

void Client::wake()
{
    onDesk([](Desk &desk) {
        if (desk.engine())
            desk.engine()->wake();
    });
}

void Client::signOut(bool wipe)
{
    onDesk([wipe](Desk &desk) { desk.signOut(wipe); });
}

} // namespace client::sync
