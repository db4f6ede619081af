#pragma once

#include "server/storage/database.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"
#include "shared/domain/conversations/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::attachments {

/// A file that arrived, before and after a message names it.
struct StoredAttachment {
    std::int64_t number = 0; ///< the id outside clients use
    domain::Attachment file;
    sync::AccountNumber account = 0;
    bool byUser = true;   ///< uploaded by an agent; else by a visitor
    base::Uuid owner;     ///< user, or visitor (who may have no contact row yet)
    std::string fileName; ///< name of the bytes in the blob folder; not the user's name for it
    std::string sha256;   ///< 32 raw bytes
    base::Timestamp createdAt{};
    std::optional<base::Uuid> message;
    std::optional<base::Uuid> conversation;
    std::optional<base::Uuid> inbox;
    std::optional<base::Uuid> device; ///< the agent's program it came from
};

/// An upload that no message named yet.
struct UnusedUpload {
    std::int64_t number = 0;
    bool byUser = true;
    std::optional<base::Uuid> device;
    base::Timestamp createdAt{};
};

/// Where a claimed upload belongs.
struct AttachmentPlace {
    base::Uuid message;
    base::Uuid conversation;
    base::Uuid inbox;
};

/// The only code that names the attachments table. Lives as long as one transaction.
class AttachmentStore {
public:
    explicit AttachmentStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<StoredAttachment> find(const base::Uuid &id) const;
    [[nodiscard]] std::vector<StoredAttachment> ofMessage(const base::Uuid &message) const;
    void insert(const StoredAttachment &attachment);

    /// Ties uploads to the message that names them, in this order. The uploader must be the actor. Fails with
    /// UploadMissing when one has not arrived, Invalid for one of somebody else, one used already, a
    /// repetition in the list, or more than protocol::maxAttachments.
    base::Result<std::vector<domain::Attachment>> claim(sync::AccountNumber account, const sync::Actor &actor,
                                                        const std::vector<domain::AttachmentId> &uploads,
                                                        const AttachmentPlace &place);
    /// Takes a message's claim back: its files are uploads again that no message names.
    void unclaim(const base::Uuid &message);
    /// Forgets the files of a deleted message; their names in the blob folder, to be removed after the
    /// commit.
    std::vector<std::string> removeOfMessage(const base::Uuid &message);
    /// Uploads that no message named, made before `before`, with a number above `after`; at most `limit`.
    [[nodiscard]] std::vector<UnusedUpload> unused(base::Timestamp before, std::int64_t after,
                                                   int limit) const;
    /// Forgets it unless a message names it by now; the name of its bytes.
    std::optional<std::string> removeUnused(std::int64_t number);
    /// Whether a row names these bytes.
    [[nodiscard]] bool namesFile(const std::string &fileName) const;

private:
    storage::Transaction &m_tx;
};

} // namespace server::attachments
