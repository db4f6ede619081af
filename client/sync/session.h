#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/hot_set.h"
#include "client/storage/identity.h"
#include "client/storage/outbox_store.h"
#include "client/sync/connection_state.h"
#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/domain/ids.h"

#include <QIODevice>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace client::storage {
class Reader;
}

namespace client::sync {

/// Rows that changed in one or more commits, each once. Immutable, so it crosses threads.
using Changes = std::shared_ptr<const std::vector<storage::Changed>>;

/// What an author asks for. `mid` names it for ever and is the id of what it creates.
struct Order {
    base::Uuid mid;
    std::string lane; ///< "cv:<conversation>" or "me"
    std::string op;
    std::string args; ///< JSON object
    std::optional<protocol::Seen> seen;
    std::vector<base::Uuid> uploads; ///< waits until these are on the server
    bool dependsOnReply = false;     ///< to be refused when an undecided reply of the lane is
    bool replaceQueued = false;      ///< a not yet sent one of the same lane, op and `replaceKey` gives way
    std::string replaceKey;          ///< compared with that of the waiting one: its conversation
    std::optional<base::Uuid>
        fixes;           ///< stands in for this problem or held reply, which ends when it is accepted
    std::string subject; ///< kept with it, for the list of problems
};

/// News that is never stored: somebody types, looks at a conversation, came or went.
struct Ephemeral {
    enum class Kind { Composing, Viewing, Presence };
    Kind kind = Kind::Presence;
    base::Uuid conversation;
    std::optional<base::Uuid> user; ///< else the contact
    std::optional<base::Uuid> contact;
    bool on = false; ///< Presence: online
    bool isPrivate = false;
};

/// A file on its way up.
struct UploadProgress {
    storage::Upload upload;
    qint64 sent = 0;
};

/// What lies on this machine, and what may.
struct StorageUse {
    storage::CachePolicy policy;
    std::int64_t cacheBytes = 0;
    std::int64_t fileBytes = 0; ///< of attachments
    std::int64_t conversations = 0;
    std::int64_t withMessages = 0; ///< conversations that can be read offline
    std::int64_t unreadable = 0;   ///< rows that this version cannot read
    std::int64_t differences = 0;  ///< found and repaired by all audits so far
    base::Timestamp auditedAt{};   ///< 0: never
};

/// Everything the screens may ask of the sync core: read, order, be told. Lives on the GUI thread; nothing
/// waits.
///
/// Reading is from the local database through reader(); what was ordered shows there as soon as it is
/// durable, whether a server is there or not. Client is the real one; tests have theirs.
class Session : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] virtual const storage::Identity &identity() const = 0;
    [[nodiscard]] virtual storage::Reader &reader() = 0;
    /// Makes further readers, for other threads; may be called on any, while the session lives.
    [[nodiscard]] virtual std::function<std::unique_ptr<storage::Reader>()> readerMaker() const = 0;
    [[nodiscard]] virtual base::Clock &clock() = 0;
    [[nodiscard]] virtual base::Uuid newId() = 0;
    [[nodiscard]] virtual const ConnectionState &connection() const = 0;

    /// Makes it durable, then shows it, then sends it. `done` is called on this thread once it is durable, or
    /// with the refusal of the rule that both sides share; then nothing was stored.
    virtual void submit(Order order, std::function<void(const base::Status &)> done = {}) = 0;
    /// Takes back what was not sent yet. `done`: false when it is too late.
    virtual void cancel(const base::Uuid &mid, std::function<void(bool)> done = {}) = 0;
    /// A problem, with its arguments as they are or changed, is ordered anew at the end of its lane. The
    /// problem stays, unseen, until the new order is accepted.
    virtual void retryProblem(const base::Uuid &mid, std::optional<std::string> args = std::nullopt) = 0;
    virtual void discardProblem(const base::Uuid &mid) = 0;

    /// The conversations on screen: their typing is told, their messages are fetched first.
    virtual void focus(const std::vector<domain::ConversationId> &conversations) = 0;
    /// Fetches messages before the oldest one held. changed() tells of them.
    virtual void loadOlder(const domain::ConversationId &conversation) = 0;
    virtual void composing(const domain::ConversationId &conversation, bool on, bool isPrivate) = 0;
    virtual void viewing(const domain::ConversationId &conversation, bool on) = 0;
    /// An empty body removes. Tells draftChanged().
    virtual void putDraft(const QString &key, const QString &body) = 0;

    /// Copies a file into the spool and begins to send it; the id goes into Order::uploads.
    virtual base::Uuid attach(const QString &path, std::function<void(const base::Status &)> done = {}) = 0;
    virtual void detach(const base::Uuid &upload) = 0;
    /// Where an attachment's bytes or thumbnail lie when they are here already; else empty, and they are
    /// fetched: blobReady().
    virtual QString blob(const domain::AttachmentId &id, bool thumbnail) = 0;
    /// Opens what blob() or blobReady() named, to read: on the disk it is encrypted. Null when it is gone.
    virtual std::unique_ptr<QIODevice> openBlob(const QString &path) = 0;

    /// Takes effect at once, and stays with the profile.
    virtual void setCachePolicy(const storage::CachePolicy &policy) = 0;
    virtual void storageUse(std::function<void(const StorageUse &)> answer) = 0;

    /// The network came back, the machine woke up, the window was activated: look at once.
    virtual void wake() = 0;
    /// Tells the server, forgets the tokens. The outbox stays; so does the cache unless `wipe`.
    virtual void signOut(bool wipe) = 0;

Q_SIGNALS:
    void changed(const client::sync::Changes &changes);
    /// The whole cache was replaced: read everything again.
    void reset();
    void connectionChanged(const client::sync::ConnectionState &state);
    /// An intent was refused or kept back. It waits in reader().problems().
    void problemAppeared(const client::storage::Intent &problem);
    /// An intent was accepted with a warning, in its detail; told once.
    void warned(const client::storage::Intent &intent);
    /// queued(), problems() or a sending state changed.
    void intentsChanged();
    void ephemeral(const client::sync::Ephemeral &news);
    void draftChanged(const QString &key);
    void uploadChanged(const client::sync::UploadProgress &progress);
    void blobReady(const QString &id, bool thumbnail, const QString &path);
    void blobFailed(const QString &id, bool thumbnail);
    /// Secrets lie in a file, not in the system's keychain.
    void secretsInFile();
};

} // namespace client::sync
