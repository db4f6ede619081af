#include "server/features/attachments/resumable_uploads.h"

#include "shared/base/crc32c.h"
#include "shared/base/failpoint.h"
#include "shared/protocol/limits.h"

namespace server::attachments {

namespace {

using base::ErrorCode;

constexpr std::int64_t maxUnfinished = 100; // of one agent; each may hold maxUploadBytes of the disk

bool isOf(const PartialUpload &upload, const sync::Principal &principal)
{
    return upload.account == principal.account && upload.owner == principal.actor.id;
}

bool isOf(const StoredAttachment &attachment, const sync::Principal &principal)
{
    return attachment.account == principal.account && attachment.byUser &&
           attachment.owner == principal.actor.id;
}

UploadState complete(const StoredAttachment &attachment)
{
    return {attachment.file.size, attachment.file.size, attachment, false};
}

PieceOutcome refused(PieceRefusal refusal, std::int64_t offset = 0)
{
    return {refusal, offset, std::nullopt, {}};
}

PieceOutcome failed(const base::Error &error)
{
    return {PieceRefusal::Failed, 0, std::nullopt, error};
}

} // namespace

base::Result<UploadState> ResumableUploads::announce(const sync::Principal &principal,
                                                     const Announcement &announcement)
{
    if (announcement.size > protocol::maxUploadBytes)
        return base::Error{ErrorCode::TooLarge, "size"};
    if (announcement.size < 1 || announcement.sha256.size() != 32)
        return base::Error{ErrorCode::Invalid, announcement.size < 1 ? "size" : "sha256"};
    PartialUpload fresh;
    fresh.id = announcement.id;
    fresh.account = principal.account;
    fresh.owner = principal.actor.id;
    fresh.device = principal.actor.device;
    fresh.name = announcement.name;
    fresh.size = announcement.size;
    fresh.sha256 = announcement.sha256;
    const auto known = [&](storage::Transaction &tx) -> base::Result<std::optional<UploadState>> {
        if (const auto stored = AttachmentStore{tx}.find(fresh.id)) {
            if (!isOf(*stored, principal) || stored->sha256 != fresh.sha256)
                return base::Error{ErrorCode::Conflict, "upload id"};
            return std::optional{complete(*stored)};
        }
        const auto partial = UploadStore{tx}.find(fresh.id);
        if (!partial)
            return std::optional<UploadState>{};
        if (!isOf(*partial, principal) || partial->size != fresh.size || partial->sha256 != fresh.sha256)
            return base::Error{ErrorCode::Conflict, "upload id"};
        return std::optional{UploadState{partial->offset, partial->size, std::nullopt, false}};
    };
    base::Result<std::optional<UploadState>> found = std::optional<UploadState>{};
    m_service.database().read([&](storage::Transaction &tx) { found = known(tx); });
    if (!found)
        return found.error();
    if (*found)
        return **found;

    auto name = m_service.blobs().beginPiecewise();
    if (!name)
        return name.error();
    fresh.fileName = *name;
    const auto stored = m_service.executor().run(
        principal.account, principal.actor, [&](sync::WriteContext &context) -> base::Status {
            found = known(context.tx()); // two announcements of one id at the same time
            if (!found)
                return found.error();
            if (*found)
                return base::Done{};
            UploadStore store{context.tx()};
            if (store.countOf(principal.account, principal.actor.id) >= maxUnfinished)
                return base::Error{ErrorCode::RateLimited, "unfinished uploads"};
            fresh.touchedAt = context.now();
            store.insert(fresh);
            return base::Done{};
        });
    if (!stored || *found)
        m_service.removeFiles({fresh.fileName});
    if (!stored)
        return stored.error();
    return *found ? **found : UploadState{0, fresh.size, std::nullopt, true};
}

std::optional<UploadState> ResumableUploads::state(const sync::Principal &principal, const base::Uuid &id)
{
    std::optional<UploadState> state;
    m_service.database().read([&](storage::Transaction &tx) {
        if (const auto stored = AttachmentStore{tx}.find(id); stored && isOf(*stored, principal))
            state = complete(*stored);
        else if (const auto partial = UploadStore{tx}.find(id); partial && isOf(*partial, principal))
            state = UploadState{partial->offset, partial->size, std::nullopt, false};
    });
    return state;
}

PieceOutcome ResumableUploads::append(const sync::Principal &principal, const base::Uuid &id,
                                      std::int64_t offset, std::uint32_t crc, std::string_view bytes)
{
    std::optional<PartialUpload> upload;
    std::optional<StoredAttachment> attachment;
    const auto look = [&](storage::Transaction &tx) {
        upload = UploadStore{tx}.find(id);
        attachment = upload ? std::nullopt : AttachmentStore{tx}.find(id);
    };
    m_service.database().read(look);
    const auto elsewhere = [&]() -> PieceOutcome {
        if (attachment && isOf(*attachment, principal))
            return refused(PieceRefusal::WrongOffset, attachment->file.size);
        return refused(PieceRefusal::Gone);
    };
    if (!upload || !isOf(*upload, principal))
        return elsewhere();
    auto file = m_service.blobs().openPiecewise(upload->fileName);
    m_service.database().read(look); // whoever had the file before us may have moved the offset
    if (!upload)
        return elsewhere();
    if (!file)
        return failed(file.error());
    if (file->size() < upload->offset) // the folder is older than the database: a restored backup
        return restart(*upload, principal, *file, PieceRefusal::WrongOffset);
    if (offset != upload->offset)
        return refused(PieceRefusal::WrongOffset, upload->offset);
    const auto end = offset + static_cast<std::int64_t>(bytes.size());
    if (end > upload->size)
        return refused(PieceRefusal::TooLarge, upload->offset);
    if (base::crc32c(bytes) != crc)
        return refused(PieceRefusal::Damaged, upload->offset);
    if (const auto written = file->write(offset, bytes); !written)
        return failed(written.error());
    base::failpoint("upload.piece.written");
    if (end == upload->size)
        return finish(principal, *upload, *file);
    if (const auto moved = moveTo(principal, id, end); !moved)
        return failed(moved.error());
    return refused(PieceRefusal::None, end);
}

PieceOutcome ResumableUploads::finish(const sync::Principal &principal, const PartialUpload &upload,
                                      BlobStore::Piecewise &file)
{
    if (const auto cut = file.cutTo(upload.size); !cut) // what a failed attempt left behind the end
        return failed(cut.error());
    const ArrivedFile arrived{upload.fileName, file.path(), upload.size};
    auto attachment =
        m_service.inspect({upload.account, principal.actor, upload.id, upload.name, upload.size}, arrived);
    if (!attachment && attachment.error().code != ErrorCode::Unsupported)
        return failed(attachment.error());
    if (attachment && attachment->sha256 != upload.sha256)
        return restart(upload, principal, file, PieceRefusal::WrongHash);
    std::optional<StoredAttachment> stored;
    const auto done = m_service.executor().run(upload.account, principal.actor,
                                               [&](sync::WriteContext &context) -> base::Status {
                                                   UploadStore{context.tx()}.remove(upload.id);
                                                   if (!attachment)
                                                       return base::Done{};
                                                   AttachmentStore store{context.tx()};
                                                   attachment->device = upload.device;
                                                   if (!store.find(upload.id))
                                                       store.insert(*attachment);
                                                   stored = store.find(upload.id);
                                                   return base::Done{};
                                               });
    if (!done)
        return failed(done.error());
    if (!attachment) {
        m_service.removeFiles({upload.fileName});
        return failed(attachment.error());
    }
    m_service.blobs().keep(upload.fileName);
    return {PieceRefusal::None, upload.size, stored, {}};
}

PieceOutcome ResumableUploads::restart(const PartialUpload &upload, const sync::Principal &principal,
                                       BlobStore::Piecewise &file, PieceRefusal refusal)
{
    if (const auto cut = file.cutTo(0); !cut)
        return failed(cut.error());
    if (const auto moved = moveTo(principal, upload.id, 0); !moved)
        return failed(moved.error());
    return refused(refusal, 0);
}

base::Status ResumableUploads::moveTo(const sync::Principal &principal, const base::Uuid &id,
                                      std::int64_t offset)
{
    const auto done = m_service.executor().run(
        principal.account, principal.actor, [&](sync::WriteContext &context) -> base::Status {
            UploadStore{context.tx()}.setOffset(id, offset, context.now());
            return base::Done{};
        });
    return done ? base::Status{base::Done{}} : base::Status{done.error()};
}

} // namespace server::attachments
