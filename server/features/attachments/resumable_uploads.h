#pragma once

#include "server/features/attachments/attachment_service.h"
#include "server/features/attachments/upload_store.h"
#include "server/sync/directory.h"

namespace server::attachments {

/// What the sender says of a file before its bytes.
struct Announcement {
    base::Uuid id;
    std::int64_t size = 0;
    std::string sha256; ///< 32 raw bytes
    std::string name;
};

/// Where an upload stands.
struct UploadState {
    std::int64_t offset = 0;
    std::int64_t size = 0;
    std::optional<StoredAttachment> attachment; ///< complete
    bool created = false;                       ///< by this call
};

/// Why a piece was not taken.
enum class PieceRefusal {
    None,
    Gone,        ///< unknown or expired, or somebody else's: announce it again
    WrongOffset, ///< go on where it stands
    Damaged,     ///< the checksum differs: send it again
    TooLarge,    ///< past the announced size
    WrongHash,   ///< the whole file is not the announced one: it begins anew
    Failed,      ///< see `error`
};

struct PieceOutcome {
    PieceRefusal refusal = PieceRefusal::None;
    std::int64_t offset = 0;
    std::optional<StoredAttachment> attachment; ///< that was the last piece
    base::Error error;                          ///< of Failed
};

/// Files of agents, sent in pieces that survive cuts and restarts on either side (sync-protocol 12). A piece
/// counts once it is on the disk and its end is in the database; a file exists once all of it has the
/// announced hash. Any thread; calls wait for the disk and the executor.
class ResumableUploads {
public:
    explicit ResumableUploads(AttachmentService &service) : m_service{service} {}

    /// Begins an upload, or says where the same one stands. Fails with Invalid, TooLarge, Conflict (the id is
    /// of another file or somebody else), RateLimited (too many unfinished ones), Storage.
    base::Result<UploadState> announce(const sync::Principal &principal, const Announcement &announcement);
    /// Nothing for an id that is unknown, expired or somebody else's.
    std::optional<UploadState> state(const sync::Principal &principal, const base::Uuid &id);
    /// Takes the bytes that begin at `offset`.
    PieceOutcome append(const sync::Principal &principal, const base::Uuid &id, std::int64_t offset,
                        std::uint32_t crc, std::string_view bytes);

private:
    PieceOutcome finish(const sync::Principal &principal, const PartialUpload &upload,
                        BlobStore::Piecewise &file);
    PieceOutcome restart(const PartialUpload &upload, const sync::Principal &principal,
                         BlobStore::Piecewise &file, PieceRefusal refusal);
    base::Status moveTo(const sync::Principal &principal, const base::Uuid &id, std::int64_t offset);

    AttachmentService &m_service;
};

} // namespace server::attachments
