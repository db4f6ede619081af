#pragma once

#include "server/features/attachments/attachment_store.h"
#include "server/features/attachments/blob_store.h"
#include "server/ports/crypto.h"
#include "server/ports/http.h"
#include "server/ports/log.h"
#include "server/ports/media.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace server::attachments {

/// What somebody wants to send us.
struct Upload {
    sync::AccountNumber account = 0;
    sync::Actor actor;          ///< a user, or a contact named by the visitor's id
    base::Uuid id;              ///< by the sender; the same id again is the same file
    std::string name;           ///< as given; made safe here
    std::int64_t length = -1;   ///< bytes announced; -1 when unknown
    std::int64_t mostBytes = 0; ///< 0: protocol::maxUploadBytes
};

/// Bytes on our disk that nobody has looked at yet.
struct ArrivedFile {
    std::string name; ///< in the blob folder
    std::string path;
    std::int64_t size = 0;
};

struct Received {
    StoredAttachment attachment;
    bool repeated = false; ///< was here already; nothing was stored
};

/// Files on their way in, and out again. Any thread; receive() blocks on the sender and the disk.
class AttachmentService {
public:
    struct Parts {
        storage::Database &database;
        sync::Executor &executor;
        BlobStore &blobs;
        const ports::Crypto &crypto;
        const ports::Media &media;
        const base::Clock &clock;
        /// Whether this program of an agent was heard of after that moment; absent: always.
        std::function<bool(storage::Transaction &, const base::Uuid &device, base::Timestamp)> seenSince = {};
    };
    /// How long a file lives that no message names: of a visitor; of an agent; of an agent whose program was
    /// not seen since, because its message may still wait there.
    static constexpr std::chrono::hours visitorLife{24};
    static constexpr std::chrono::hours agentLife{7 * 24};
    static constexpr std::chrono::hours offlineLife{30 * 24};

    explicit AttachmentService(Parts parts, ports::Log log = {});

    /// Streams the body to the disk, looks at it, and stores it. Fails with TooLarge, Unsupported (a
    /// program), Invalid (no bytes, not as many as announced), Conflict (the id is somebody else's), Storage.
    base::Result<Received> receive(const Upload &upload, ports::BodyReader &body);

    [[nodiscard]] std::optional<StoredAttachment> find(const base::Uuid &id);
    [[nodiscard]] BlobStore &blobs() const { return m_parts.blobs; }
    [[nodiscard]] storage::Database &database() const { return m_parts.database; }
    [[nodiscard]] sync::Executor &executor() const { return m_parts.executor; }
    /// Measures, hashes, makes the thumbnail. Fails with Unsupported (a program) or Storage.
    base::Result<StoredAttachment> inspect(const Upload &upload, const ArrivedFile &arrived);
    /// Removes bytes whose rows are gone; call after the commit that removed them.
    void removeFiles(const std::vector<std::string> &names);
    /// After a start: settles files that a crash caught between arriving and being stored.
    void recover();
    /// Removes uploads, finished or not, that no message names and whose life is over. Call now and then, not
    /// on the executor's thread.
    void expireUnused();

private:
    base::Status copy(const Upload &upload, ports::BodyReader &body, BlobStore::Arriving &into);
    void makeThumbnail(StoredAttachment &attachment, const ArrivedFile &arrived);
    void expireComplete();
    void expirePartial();
    bool isOver(storage::Transaction &tx, const std::optional<base::Uuid> &device, bool byUser,
                base::Timestamp since) const;
    base::Result<Received> store(const StoredAttachment &attachment, const sync::Actor &actor,
                                 BlobStore::Arriving &&arrived);

    Parts m_parts;
    ports::Log m_log;
};

} // namespace server::attachments
