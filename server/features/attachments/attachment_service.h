#pragma once

#include "server/features/attachments/attachment_store.h"
#include "server/features/attachments/blob_store.h"
#include "server/ports/crypto.h"
#include "server/ports/http.h"
#include "server/ports/log.h"
#include "server/ports/media.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"

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
    };
    explicit AttachmentService(Parts parts, ports::Log log = {});

    /// Streams the body to the disk, looks at it, and stores it. Fails with TooLarge, Unsupported (a
    /// program), Invalid (no bytes, not as many as announced), Conflict (the id is somebody else's), Storage.
    base::Result<Received> receive(const Upload &upload, ports::BodyReader &body);

    [[nodiscard]] std::optional<StoredAttachment> find(const base::Uuid &id);
    [[nodiscard]] const BlobStore &blobs() const { return m_parts.blobs; }
    /// Removes bytes whose rows are gone; call after the commit that removed them.
    void removeFiles(const std::vector<std::string> &names);
    /// After a start: settles files that a crash caught between arriving and being stored.
    void recover();
    /// Removes uploads that no message named for a day. Call now and then, not on the executor's thread.
    void expireUnused();

private:
    base::Status copy(const Upload &upload, ports::BodyReader &body, BlobStore::Arriving &into);
    base::Result<StoredAttachment> inspect(const Upload &upload, const BlobStore::Arriving &arrived);
    void makeThumbnail(StoredAttachment &attachment, const BlobStore::Arriving &arrived);
    base::Result<Received> store(const StoredAttachment &attachment, const sync::Actor &actor,
                                 BlobStore::Arriving &&arrived);

    Parts m_parts;
    ports::Log m_log;
};

} // namespace server::attachments
