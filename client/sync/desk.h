#pragma once

#include "client/platform/event_loop_scheduler.h"
#include "client/platform/keychain.h"
#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/sync/blob_cache.h"
#include "client/sync/engine.h"
#include "client/sync/fallback_wire.h"
#include "client/sync/housekeeper.h"
#include "client/sync/http_bulk.h"
#include "client/sync/poll_wire.h"
#include "client/sync/search_indexer.h"
#include "client/sync/session.h"
#include "client/sync/token_keeper.h"
#include "client/sync/upload_queue.h"
#include "client/sync/web_socket_wire.h"

#include <QNetworkAccessManager>
#include <QObject>

#include <functional>
#include <memory>

namespace client::sync {

/// Everything that lives on the sync thread: the two files, the engine, the sockets. Client makes it, moves
/// it there once, and talks to it by queued calls only. Its signals carry immutable values.
class Desk : public QObject {
    Q_OBJECT

public:
    struct Setup {
        storage::Identity identity;
        QString outboxFile;
        QString cacheFile;
        QString blobDirectory;
        QString spoolDirectory;
        QString secretsFile;
        QString keychainService;
        QString app;
        std::shared_ptr<const storage::Vault> vault; ///< of the cache
        bool offline = false;
        bool useKeychain = true;
    };

    Desk(Setup setup, OverlayRegistry overlays, base::Clock &clock, base::Random &random,
         base::UuidMaker &ids);
    ~Desk() override;

    /// Opens the files and starts; what it cannot do without comes back. On the sync thread, like all below.
    base::Status begin();
    void end();

    base::Status submit(const Order &order);
    /// Does what the person asked for. A disk that fails meanwhile is told and tried again; it ends nothing.
    void perform(const std::function<void(Desk &)> &work);
    base::Status attach(const base::Uuid &id, const QString &path);
    void detach(const base::Uuid &upload);
    void putDraft(const QString &key, const QString &body);
    void fetchBlob(const QString &id, bool thumbnail);
    void signOut(bool wipe);
    void devices(HttpAuth::Answer<std::vector<DeviceInfo>> answer);
    /// A null id: all others.
    void revokeDevice(const base::Uuid &device, HttpAuth::Answer<std::int64_t> answer);
    /// Answers with how many other devices were signed out by it.
    void changePassword(const QString &current, const QString &fresh, HttpAuth::Answer<std::int64_t> answer);
    void verify(base::Duration patience,
                std::function<void(const base::Result<std::vector<std::string>> &)> answer);
    /// What is held, part by part; with `repair` what differs is read again.
    void audit(bool repair, base::Duration patience, Auditor::Answer answer);
    void setCachePolicy(const storage::CachePolicy &policy);
    [[nodiscard]] StorageUse storageUse();
    void touchBlob(const QString &id, bool thumbnail);
    /// Null while the files cannot be used.
    [[nodiscard]] Engine *engine() { return m_engine.get(); }

Q_SIGNALS:
    void changed(const client::sync::Changes &changes);
    void cacheReplaced();
    void connectionChanged(const client::sync::ConnectionState &state);
    void problemAppeared(const client::storage::Intent &problem);
    void warned(const client::storage::Intent &intent);
    void intentsChanged();
    void ephemeral(const client::sync::Ephemeral &news);
    void draftChanged(const QString &key);
    void uploadChanged(const client::sync::UploadProgress &progress);
    void blobReady(const QString &id, bool thumbnail, const QString &path);
    void blobFailed(const QString &id, bool thumbnail);
    void secretsInFile();

private:
    void makeEngine();
    Engine::Events events();
    void wakeIndexer();
    void replaceCacheLater(bool damage);
    void cacheFailed(bool damage);
    void openCache();
    void dropHelpers();
    void closeFiles();
    void withAccess(std::function<void(const std::string &access)> work,
                    std::function<void(const AuthFailure &)> failed);
    void obey(protocol::Wipe order);
    void wipe();
    void forgetVaultKey();
    [[nodiscard]] struct WipedFiles files() const;
    void fail(ConnectionState::Kind kind, const std::string &why);

    Setup m_setup;
    OverlayRegistry m_overlays;
    base::Clock &m_clock;
    base::Random &m_random;
    base::UuidMaker &m_ids;
    std::unique_ptr<QNetworkAccessManager> m_network;
    std::unique_ptr<platform::EventLoopScheduler> m_scheduler;
    std::unique_ptr<platform::Keychain> m_keychain;
    std::unique_ptr<storage::OutboxStore> m_outbox;
    std::unique_ptr<storage::CacheStore> m_cache;
    std::unique_ptr<WebSocketWire> m_socket;
    std::unique_ptr<PollWire> m_poll;
    std::unique_ptr<FallbackWire> m_wire;
    std::unique_ptr<HttpBulk> m_bulk;
    std::unique_ptr<TokenKeeper> m_tokens;
    std::unique_ptr<HttpAuth> m_auth;
    std::unique_ptr<UploadQueue> m_uploads;
    std::unique_ptr<BlobCache> m_blobs;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<class Verifier> m_verifier;
    std::unique_ptr<Auditor> m_auditor;
    std::unique_ptr<SearchIndexer> m_indexer;
    std::unique_ptr<Housekeeper> m_housekeeper;
};

} // namespace client::sync
