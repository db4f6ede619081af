#pragma once

#include "client/platform/keychain.h"
#include "client/platform/profile.h"
#include "client/platform/system_clock.h"
#include "client/platform/system_random.h"
#include "client/storage/vault/vault.h"
#include "client/sync/auditor.h"
#include "client/sync/http_auth.h"
#include "client/sync/overlay_registry.h"
#include "client/sync/own_access.h"
#include "client/sync/session.h"

#include <QThread>

#include <memory>

namespace client::sync {

class Desk;

/// The Session of a running program: an engine, its two files and its sockets on a thread of its own. This is
/// the one place of the client where an object is moved to another thread; everything that crosses is an
/// immutable value in a queued call. Lives on the GUI thread.
class Client : public Session, public OwnAccess {
    Q_OBJECT

public:
    struct Setup {
        QString app;             ///< "deskbell/0.1.0 linux"
        bool offline = false;    ///< never connects; what is ordered waits
        bool useKeychain = true; ///< false: secrets in the profile's file (tests, servers)
        std::shared_ptr<const storage::Vault> vault; ///< of the cache, from openVault(); never null
    };

    /// The device's id in this profile; made at the first call.
    static base::Result<domain::DeviceId> deviceOf(const platform::Profile &profile);
    /// Who is signed in here.
    static base::Result<std::optional<storage::Identity>> signedInAs(const platform::Profile &profile);
    /// Where this profile's secrets are kept.
    static platform::Keychain *makeKeychain(const platform::Profile &profile, bool useSystem,
                                            QObject *parent);
    /// Stores who signed in, then the tokens in the keychain, then answers on this thread. Another person
    /// than the last one: the cache and its key are wiped first; refused with Conflict while that person's
    /// work waits in the outbox.
    static void adopt(const platform::Profile &profile, platform::Keychain &keychain,
                      const SignedIn &signedIn, std::function<void(const base::Status &)> done);

    /// Removes all that this profile holds of its account, unsent words included. Nothing of it may be open.
    static void destroy(const platform::Profile &profile);

    /// Opens the files (a damaged cache, or one of another key, is rebuilt) and starts. Fails with Storage
    /// when the outbox cannot be used or there is no vault, with Unauthorized when nobody signed in. The
    /// profile must outlive the client.
    static base::Result<std::unique_ptr<Client>> open(const platform::Profile &profile,
                                                      OverlayRegistry overlays, Setup setup);
    /// Ends the thread after the transaction it is in. Never waits for the network.
    ~Client() override;

    [[nodiscard]] const storage::Identity &identity() const override { return m_identity; }
    [[nodiscard]] storage::Reader &reader() override { return *m_reader; }
    [[nodiscard]] std::function<std::unique_ptr<storage::Reader>()> readerMaker() const override;
    [[nodiscard]] base::Clock &clock() override { return m_clock; }
    [[nodiscard]] base::Uuid newId() override { return m_ids.next(); }
    [[nodiscard]] const ConnectionState &connection() const override { return m_connection; }

    void submit(Order order, std::function<void(const base::Status &)> done = {}) override;
    void cancel(const base::Uuid &mid, std::function<void(bool)> done = {}) override;
    void retryProblem(const base::Uuid &mid, std::optional<std::string> args = std::nullopt) override;
    void discardProblem(const base::Uuid &mid) override;
    void focus(const std::vector<domain::ConversationId> &conversations) override;
    void loadOlder(const domain::ConversationId &conversation) override;
    void composing(const domain::ConversationId &conversation, bool on, bool isPrivate) override;
    void viewing(const domain::ConversationId &conversation, bool on) override;
    void putDraft(const QString &key, const QString &body) override;
    base::Uuid attach(const QString &path, std::function<void(const base::Status &)> done = {}) override;
    void detach(const base::Uuid &upload) override;
    QString blob(const domain::AttachmentId &id, bool thumbnail) override;
    std::unique_ptr<QIODevice> openBlob(const QString &path) override;
    void setCachePolicy(const storage::CachePolicy &policy) override;
    void storageUse(std::function<void(const StorageUse &)> answer) override;
    void wake() override;
    void signOut(bool wipe) override;

    void devices(HttpAuth::Answer<std::vector<DeviceInfo>> answer) override;
    void revokeDevice(const base::Uuid &device, HttpAuth::Answer<std::int64_t> answer) override;
    void changePassword(const QString &current, const QString &fresh,
                        HttpAuth::Answer<std::int64_t> answer) override;

    /// Compares the cache with the server, scope by scope; answers with the ids that differ ("message
    /// 0198…"), once everything is Live and nothing is pending. Fails with Network when that does not come
    /// about in `patience`.
    void verify(base::Duration patience,
                std::function<void(const base::Result<std::vector<std::string>> &)> answer);

    /// The same for what is held, without fetching the rest; with `repair` what differs is read again.
    void audit(bool repair, base::Duration patience,
               std::function<void(const base::Result<AuditResult> &)> answer);

private:
    Client(const platform::Profile &profile, storage::Identity identity, Setup setup);
    base::Status start(OverlayRegistry overlays);
    void onDesk(std::function<void(Desk &)> work);
    template <class T>
    void ask(std::function<T(Desk &)> work, std::function<void(const T &)> then);

    const platform::Profile &m_profile;
    storage::Identity m_identity;
    Setup m_setup;
    platform::SystemClock m_clock;
    platform::SystemRandom m_random;
    base::UuidMaker m_ids{m_clock, m_random};
    ConnectionState m_connection;
    std::unique_ptr<storage::Reader> m_reader;
    QThread m_thread;
    Desk *m_desk = nullptr; // lives on m_thread, deleted there
};

} // namespace client::sync
