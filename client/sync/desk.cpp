#include "client/sync/desk.h"

#include "client/sync/vault_keeper.h"
#include "client/sync/verifier.h"
#include "client/sync/wiper.h"
#include "shared/base/failpoint.h"

#include <QFile>
#include <QFileInfo>

#include <cstdlib>

namespace client::sync {

namespace {

constexpr base::Duration storagePause{10'000};

base::Error storageError(const storage::StorageError &error)
{
    return {base::ErrorCode::Storage, error.what()};
}

// A sign-in of an older version pinned nothing: then nobody can order anything.
TokenKeeper::Pin pinned(storage::OutboxStore &outbox)
{
    const auto at = outbox.setting("signed_in_at");
    return {outbox.setting("wipe_key").value_or(""), base::fromMs(at ? std::atoll(at->c_str()) : 0)};
}

} // namespace

Desk::Desk(Setup setup, OverlayRegistry overlays, base::Clock &clock, base::Random &random,
           base::UuidMaker &ids)
    : m_setup{std::move(setup)}
    , m_overlays{std::move(overlays)}
    , m_clock{clock}
    , m_random{random}
    , m_ids{ids}
{
}

Desk::~Desk()
{
    end();
}

void Desk::openCache()
{
    m_cache = storage::CacheStore::openOrRebuild(m_setup.cacheFile, m_setup.vault);
}

base::Status Desk::begin()
{
    // Blobs of an earlier version, or of another key, go with their cache.
    if (m_setup.vault->kindOf(m_setup.cacheFile) != storage::Vault::Kind::Mine)
        removeBlobs(files());
    try {
        m_outbox = std::make_unique<storage::OutboxStore>(m_setup.outboxFile);
        openCache();
    } catch (const storage::StorageError &error) {
        return storageError(error);
    }
    const QUrl server{QString::fromStdString(m_setup.identity.server)};
    const auto access = [this] { return m_engine ? m_engine->access() : std::string{}; };
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_scheduler = std::make_unique<platform::EventLoopScheduler>();
    m_keychain = std::make_unique<platform::Keychain>(m_setup.keychainService, m_setup.secretsFile,
                                                      m_setup.useKeychain);
    m_socket = std::make_unique<WebSocketWire>(server);
    m_poll = std::make_unique<PollWire>(server, *m_network, *m_scheduler);
    m_wire = std::make_unique<FallbackWire>(*m_socket, *m_poll, *m_scheduler, m_clock);
    m_bulk = std::make_unique<HttpBulk>(server, *m_network);
    m_tokens =
        std::make_unique<TokenKeeper>(m_setup.identity, pinned(*m_outbox), *m_keychain, m_ids, m_clock);
    m_auth = std::make_unique<HttpAuth>();
    m_blobs = std::make_unique<BlobCache>(server, m_setup.blobDirectory, m_setup.vault, *m_network, access);
    m_uploads = std::make_unique<UploadQueue>(
        server, m_setup.spoolDirectory, UploadQueue::Ports{*m_outbox, *m_scheduler, *m_network, access});
    m_uploads->sweepSpool();
    connect(m_tokens.get(), &TokenKeeper::secretsInFile, this, &Desk::secretsInFile);
    connect(m_blobs.get(), &BlobCache::ready, this, &Desk::blobReady);
    connect(m_blobs.get(), &BlobCache::failed, this, &Desk::blobFailed);
    connect(m_uploads.get(), &UploadQueue::progressed, this, &Desk::uploadChanged);
    connect(m_uploads.get(), &UploadQueue::settled, this, [this] {
        if (m_engine)
            m_engine->uploadsChanged();
    });
    makeEngine();
    m_engine->start();
    return base::Done{};
}

// Everything that holds on to the engine and the cache.
void Desk::dropHelpers()
{
    m_verifier.reset();
    m_auditor.reset();
    m_housekeeper.reset();
    m_indexer.reset();
}

void Desk::end()
{
    dropHelpers();
    if (m_engine)
        m_engine->stop();
    m_engine.reset();
    m_uploads.reset();
    m_blobs.reset();
    m_auth.reset();
    m_tokens.reset();
    m_bulk.reset();
    m_wire.reset();
    m_poll.reset();
    m_socket.reset();
    m_keychain.reset();
    m_scheduler.reset();
    m_cache.reset();
    m_outbox.reset();
    m_network.reset();
}

void Desk::makeEngine()
{
    Engine::Settings settings;
    settings.app = m_setup.app.toStdString();
    settings.device = m_setup.identity.device;
    settings.me = m_setup.identity.user.id;
    settings.offline = m_setup.offline;
    settings.keepDays = Housekeeper::policyOf(*m_outbox).days;
    m_engine = std::make_unique<Engine>(Engine::Ports{*m_scheduler, m_clock, m_random, *m_wire, *m_bulk,
                                                      *m_tokens, *m_outbox, *m_cache, m_overlays},
                                        std::move(settings), events());
    // A first sync goes before: inserting and indexing at once takes longer than one after the other.
    const auto mayRun = [this] { return m_engine->state().kind != ConnectionState::Kind::CatchingUp; };
    m_indexer = std::make_unique<SearchIndexer>(
        *m_cache, *m_scheduler,
        SearchIndexer::Events{mayRun, [this](bool damage) { replaceCacheLater(damage); }});
    m_indexer->wake();
    m_housekeeper = std::make_unique<Housekeeper>(
        Housekeeper::Ports{*m_engine, *m_cache, *m_outbox, *m_bulk, *m_scheduler, m_clock, *m_blobs},
        Housekeeper::Events{[this](bool damage) { replaceCacheLater(damage); }});
    m_housekeeper->start();
}

void Desk::wakeIndexer()
{
    if (m_indexer)
        m_indexer->wake();
}

void Desk::replaceCacheLater(bool damage)
{
    m_scheduler->after(damage ? base::Duration{0} : storagePause, [this, damage] { cacheFailed(damage); });
}

Engine::Events Desk::events()
{
    Engine::Events events;
    events.changed = [this](const Changes &changes) {
        Q_EMIT changed(changes);
        wakeIndexer();
    };
    events.connection = [this](const ConnectionState &state) {
        Q_EMIT connectionChanged(state);
        wakeIndexer();
        if (state.kind == ConnectionState::Kind::Live || state.kind == ConnectionState::Kind::CatchingUp)
            m_uploads->pump();
    };
    events.problem = [this](const storage::Intent &problem) { Q_EMIT problemAppeared(problem); };
    events.warned = [this](const storage::Intent &intent) { Q_EMIT warned(intent); };
    events.intents = [this] { Q_EMIT intentsChanged(); };
    events.ephemeral = [this](const Ephemeral &news) { Q_EMIT ephemeral(news); };
    events.uploadsMissing = [this](const std::vector<base::Uuid> &uploads) {
        for (const auto &id : uploads)
            m_uploads->again(id);
    };
    // Both end the engine that calls: later.
    events.revoked = [this] { m_scheduler->post([this] { obey(m_tokens->ordered()); }); };
    events.storageFailed = [this](bool damage, const std::string &) { replaceCacheLater(damage); };
    return events;
}

// A damaged cache is replaced; for anything else (a full disk) it is tried again.
void Desk::cacheFailed(bool damage)
{
    dropHelpers();
    m_engine.reset();
    m_cache.reset();
    try {
        if (damage)
            QFile::rename(m_setup.cacheFile, m_setup.cacheFile + QStringLiteral(".damaged"));
        openCache();
    } catch (const storage::StorageError &error) {
        fail(ConnectionState::Kind::Offline, error.what());
        m_scheduler->after(storagePause, [this] { cacheFailed(false); });
        return;
    }
    makeEngine();
    Q_EMIT cacheReplaced();
    m_engine->start();
}

void Desk::fail(ConnectionState::Kind kind, const std::string &why)
{
    ConnectionState state;
    state.kind = kind;
    state.reason = why;
    state.since = m_clock.now();
    Q_EMIT connectionChanged(state);
}

void Desk::closeFiles()
{
    dropHelpers();
    m_engine.reset();
    m_cache.reset();
}

WipedFiles Desk::files() const
{
    return {QFileInfo{m_setup.outboxFile}.absolutePath(), m_setup.cacheFile, m_setup.outboxFile,
            m_setup.blobDirectory, m_setup.spoolDirectory};
}

// The server ordered it, and proved that it may. What the server said goes, files and secrets go, and what
// the person wrote is sealed for them or goes as well.
void Desk::obey(protocol::Wipe order)
{
    const auto state = m_engine ? m_engine->state() : ConnectionState{};
    closeFiles();
    m_uploads.reset();
    base::failpoint("wipe.begun");
    removeSynced(files());
    base::failpoint("wipe.cache.removed");
    try {
        const auto sealKey = m_outbox->setting("outbox_key").value_or("");
        m_outbox.reset();
        emptyOutbox(files(), order, sealKey, m_setup.identity.user.id.text());
        base::failpoint("wipe.outbox.emptied");
        m_outbox = std::make_unique<storage::OutboxStore>(m_setup.outboxFile);
        openCache();
    } catch (const storage::StorageError &error) { // with the token still there, the next start begins here
        return fail(ConnectionState::Kind::Revoked, error.what());
    }
    m_keychain->write(TokenKeeper::keychainKey, {}, [](const auto &) {});
    forgetVaultKey();
    Q_EMIT cacheReplaced();
    Q_EMIT intentsChanged();
    Q_EMIT connectionChanged(state);
}

// What a disk keeps of removed files stays unreadable. The empty cache of this run has the key still; the
// next start makes another.
void Desk::forgetVaultKey()
{
    m_keychain->write(vaultKeyName, {}, [](const auto &) {});
}

// The person asked for it: what they wrote stays.
void Desk::wipe()
{
    forgetVaultKey();
    const auto state = m_engine ? m_engine->state() : ConnectionState{};
    closeFiles();
    removeSyncedButSpool(files());
    try {
        openCache();
    } catch (const storage::StorageError &error) {
        return fail(ConnectionState::Kind::SignedOut, error.what());
    }
    Q_EMIT cacheReplaced();
    Q_EMIT connectionChanged(state);
}

void Desk::signOut(bool wipeToo)
{
    const auto access = m_engine ? m_engine->access() : std::string{};
    if (m_engine)
        m_engine->stop();
    m_keychain->write(TokenKeeper::keychainKey, {}, [](const auto &) {});
    if (!access.empty())
        m_auth->signOut(m_setup.identity.server, access, [] {});
    fail(ConnectionState::Kind::SignedOut, "signed out");
    if (wipeToo)
        wipe();
}

void Desk::perform(const std::function<void(Desk &)> &work)
{
    try {
        work(*this);
    } catch (const storage::StorageError &error) {
        fail(ConnectionState::Kind::Offline, error.what());
        replaceCacheLater(false);
    }
}

base::Status Desk::submit(const Order &order)
{
    if (!m_engine)
        return base::Error{base::ErrorCode::Storage, "no cache"};
    try {
        return m_engine->submit(order);
    } catch (const storage::StorageError &error) {
        return storageError(error);
    }
}

base::Status Desk::attach(const base::Uuid &id, const QString &path)
{
    if (!m_uploads)
        return base::Error{base::ErrorCode::Storage, "wiped"};
    try {
        return m_uploads->add(id, path);
    } catch (const storage::StorageError &error) {
        return storageError(error);
    }
}

void Desk::detach(const base::Uuid &upload)
{
    if (m_uploads)
        m_uploads->remove(upload);
}

void Desk::putDraft(const QString &key, const QString &body)
{
    if (!m_outbox)
        return;
    m_outbox->putDraft(key.toStdString(), {body.toStdString(), m_clock.now()});
    Q_EMIT draftChanged(key);
}

void Desk::fetchBlob(const QString &id, bool thumbnail)
{
    m_blobs->fetch(id, thumbnail);
}

// The engine's token may be about to end, and there is none before its first connection.
void Desk::withAccess(std::function<void(const std::string &access)> work,
                      std::function<void(const AuthFailure &)> failed)
{
    const auto offline = [failed] {
        failed({AuthFailure::Kind::Unreachable, HttpAuth::tr("You are offline."), {}, {}, {}});
    };
    const bool up = m_engine && m_engine->state().kind != ConnectionState::Kind::SignedOut &&
                    m_engine->state().kind != ConnectionState::Kind::Revoked;
    if (m_setup.offline || !up)
        return m_scheduler->post(offline);
    m_tokens->get(false, [work = std::move(work), failed, offline](const base::Result<std::string> &access) {
        if (access)
            return work(*access);
        if (access.error().code == base::ErrorCode::Network)
            return offline();
        failed({AuthFailure::Kind::Revoked, {}, {}, {}, {}});
    });
}

void Desk::devices(HttpAuth::Answer<std::vector<DeviceInfo>> answer)
{
    withAccess([this, answer](
                   const std::string &access) { m_auth->devices(m_setup.identity.server, access, answer); },
               [answer](const AuthFailure &failure) { answer(nullptr, &failure); });
}

void Desk::revokeDevice(const base::Uuid &device, HttpAuth::Answer<std::int64_t> answer)
{
    withAccess(
        [this, device, answer](const std::string &access) {
            m_auth->revoke(m_setup.identity.server, access, device, answer);
        },
        [answer](const AuthFailure &failure) { answer(nullptr, &failure); });
}

void Desk::changePassword(const QString &current, const QString &fresh, HttpAuth::Answer<std::int64_t> answer)
{
    withAccess(
        [this, current, fresh, answer](const std::string &access) {
            m_auth->changePassword(m_setup.identity.server, access, current, fresh, answer);
        },
        [answer](const AuthFailure &failure) { answer(nullptr, &failure); });
}

void Desk::verify(base::Duration patience,
                  std::function<void(const base::Result<std::vector<std::string>> &)> answer)
{
    if (!m_engine)
        return answer(base::Error{base::ErrorCode::Storage, "no cache"});
    m_verifier = std::make_unique<Verifier>(*m_engine, *m_cache, *m_bulk, *m_scheduler, m_clock);
    m_verifier->start(patience, std::move(answer));
}

void Desk::audit(bool repair, base::Duration patience, Auditor::Answer answer)
{
    if (!m_engine)
        return answer(base::Error{base::ErrorCode::Storage, "no cache"});
    m_auditor =
        std::make_unique<Auditor>(Auditor::Ports{*m_engine, *m_cache, *m_bulk, *m_scheduler, m_clock});
    m_auditor->start(repair, patience, std::move(answer));
}

void Desk::setCachePolicy(const storage::CachePolicy &policy)
{
    if (m_housekeeper)
        m_housekeeper->setPolicy(policy);
}

StorageUse Desk::storageUse()
{
    return m_housekeeper ? m_housekeeper->use() : StorageUse{};
}

void Desk::touchBlob(const QString &id, bool thumbnail)
{
    if (m_blobs)
        m_blobs->touch(id, thumbnail);
}

} // namespace client::sync
