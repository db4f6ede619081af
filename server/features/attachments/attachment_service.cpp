#include "server/features/attachments/attachment_service.h"

#include "server/features/attachments/file_name.h"
#include "server/features/attachments/upload_store.h"
#include "shared/protocol/limits.h"

#include <array>
#include <chrono>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace server::attachments {

namespace {

using base::ErrorCode;

constexpr int thumbnailBox = 480;
constexpr int expireAtOnce = 200;

/// A file's bytes without a copy in memory.
class MappedFile {
public:
    MappedFile(const std::string &path, std::int64_t size) : m_size{static_cast<std::size_t>(size)}
    {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0)
            return;
        m_bytes = ::mmap(nullptr, m_size, PROT_READ, MAP_PRIVATE, file, 0);
        ::close(file);
    }
    ~MappedFile()
    {
        if (isOpen())
            ::munmap(m_bytes, m_size);
    }
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    [[nodiscard]] bool isOpen() const { return m_bytes != MAP_FAILED; }
    [[nodiscard]] std::string_view bytes() const { return {static_cast<const char *>(m_bytes), m_size}; }

private:
    void *m_bytes = MAP_FAILED;
    std::size_t m_size;
};

bool belongsTo(const StoredAttachment &attachment, const Upload &upload)
{
    return attachment.account == upload.account && attachment.owner == upload.actor.id &&
           attachment.byUser == (upload.actor.kind == sync::Actor::Kind::User);
}

std::int64_t limitOf(const Upload &upload)
{
    return upload.mostBytes > 0 ? upload.mostBytes : protocol::maxUploadBytes;
}

// An answer before the sender is done would be lost with the connection.
void drain(ports::BodyReader &body, std::int64_t most)
{
    std::array<char, 16 * 1024> piece;
    while (most > 0) {
        const auto got = body.read(piece.data(), piece.size());
        if (got == 0)
            return;
        most -= static_cast<std::int64_t>(got);
    }
}

} // namespace

AttachmentService::AttachmentService(Parts parts, ports::Log log) : m_parts{parts}, m_log{std::move(log)} {}

base::Result<Received> AttachmentService::receive(const Upload &upload, ports::BodyReader &body)
{
    if (upload.length > limitOf(upload))
        return base::Error{ErrorCode::TooLarge, "body"};
    if (const auto known = find(upload.id)) {
        if (!belongsTo(*known, upload))
            return base::Error{ErrorCode::Conflict, "upload id"};
        drain(body, limitOf(upload));
        return Received{*known, true};
    }
    auto arriving = m_parts.blobs.begin();
    if (!arriving)
        return arriving.error();
    if (const auto copied = copy(upload, body, *arriving); !copied)
        return copied.error();
    auto attachment = inspect(upload, {arriving->name(), arriving->path(), arriving->size()});
    if (!attachment)
        return attachment.error();
    return store(*attachment, upload.actor, std::move(*arriving));
}

base::Status AttachmentService::copy(const Upload &upload, ports::BodyReader &body, BlobStore::Arriving &into)
{
    std::array<char, 64 * 1024> piece;
    while (const auto got = body.read(piece.data(), piece.size())) {
        if (into.size() + static_cast<std::int64_t>(got) > limitOf(upload))
            return base::Error{ErrorCode::TooLarge, "body"};
        if (const auto written = into.append({piece.data(), got}); !written)
            return written;
    }
    if (into.size() == 0 || (upload.length >= 0 && into.size() != upload.length))
        return base::Error{ErrorCode::Invalid, "body"};
    return into.finish();
}

base::Result<StoredAttachment> AttachmentService::inspect(const Upload &upload, const ArrivedFile &arrived)
{
    StoredAttachment attachment;
    attachment.file.id = {upload.id};
    attachment.file.name = safeFileName(upload.name);
    attachment.file.mime = typeByName(m_parts.media.typeOf(arrived.path), attachment.file.name);
    attachment.file.size = arrived.size;
    attachment.account = upload.account;
    attachment.byUser = upload.actor.kind == sync::Actor::Kind::User;
    attachment.owner = upload.actor.id;
    attachment.fileName = arrived.name;
    attachment.createdAt = m_parts.clock.now();
    attachment.device = upload.actor.device;
    if (isRefusedType(attachment.file.mime))
        return base::Error{ErrorCode::Unsupported, attachment.file.mime};
    const MappedFile mapped{arrived.path, arrived.size};
    if (!mapped.isOpen())
        return base::Error{ErrorCode::Storage, "map"};
    attachment.sha256 = m_parts.crypto.sha256(mapped.bytes());
    if (attachment.file.mime.starts_with("image/"))
        makeThumbnail(attachment, arrived);
    return attachment;
}

void AttachmentService::makeThumbnail(StoredAttachment &attachment, const ArrivedFile &arrived)
{
    const auto size = m_parts.media.imageSize(arrived.path);
    if (!size)
        return;
    attachment.file.width = size->width;
    attachment.file.height = size->height;
    if (size->width <= thumbnailBox && size->height <= thumbnailBox)
        return;
    const auto small = m_parts.media.thumbnail(arrived.path, thumbnailBox);
    if (!small) {
        m_log.info("thumbnail_failed", {{"code", toText(small.error().code)}});
        return;
    }
    attachment.file.thumbnail = bool(m_parts.blobs.addThumbnail(arrived.name, small->bytes));
}

// Two senders of one id at the same time: the first one stored wins, the other's bytes go.
base::Result<Received> AttachmentService::store(const StoredAttachment &attachment, const sync::Actor &actor,
                                                BlobStore::Arriving &&arrived)
{
    std::optional<StoredAttachment> stored;
    bool isRepeated = false;
    const auto outcome =
        m_parts.executor.run(attachment.account, actor, [&](sync::WriteContext &context) -> base::Status {
            AttachmentStore store{context.tx()};
            const auto known = store.find(attachment.file.id.value);
            isRepeated = known.has_value();
            if (!known)
                store.insert(attachment);
            stored = known ? known : store.find(attachment.file.id.value);
            return base::Done{};
        });
    if (!outcome)
        return outcome.error();
    if (!isRepeated)
        m_parts.blobs.keep(std::move(arrived));
    else if (stored->account != attachment.account || stored->owner != attachment.owner)
        return base::Error{ErrorCode::Conflict, "upload id"};
    return Received{*stored, isRepeated};
}

std::optional<StoredAttachment> AttachmentService::find(const base::Uuid &id)
{
    std::optional<StoredAttachment> found;
    m_parts.database.read([&](storage::Transaction &tx) { found = AttachmentStore{tx}.find(id); });
    return found;
}

void AttachmentService::removeFiles(const std::vector<std::string> &names)
{
    for (const auto &name : names)
        m_parts.blobs.remove(name);
}

void AttachmentService::recover()
{
    m_parts.database.read([&](storage::Transaction &tx) {
        m_parts.blobs.settle([&](const std::string &name) {
            if (AttachmentStore{tx}.namesFile(name))
                return BlobStore::Fate::Keep;
            return UploadStore{tx}.namesFile(name) ? BlobStore::Fate::Wait : BlobStore::Fate::Remove;
        });
    });
}

bool AttachmentService::isOver(storage::Transaction &tx, const std::optional<base::Uuid> &device, bool byUser,
                               base::Timestamp since) const
{
    const auto age = m_parts.clock.now() - since;
    if (!byUser)
        return age > visitorLife;
    if (age <= agentLife)
        return false;
    const bool offline = device && m_parts.seenSince && !m_parts.seenSince(tx, *device, since);
    return !offline || age > offlineLife;
}

void AttachmentService::expireUnused()
{
    expireComplete();
    expirePartial();
}

void AttachmentService::expireComplete()
{
    const auto before = m_parts.clock.now() - visitorLife;
    std::int64_t after = 0;
    for (bool more = true; more;) {
        std::vector<std::int64_t> over;
        m_parts.database.read([&](storage::Transaction &tx) {
            const auto found = AttachmentStore{tx}.unused(before, after, expireAtOnce);
            more = found.size() == static_cast<std::size_t>(expireAtOnce);
            for (const auto &upload : found) {
                after = upload.number;
                if (isOver(tx, upload.device, upload.byUser, upload.createdAt))
                    over.push_back(upload.number);
            }
        });
        if (over.empty())
            continue;
        std::vector<std::string> names;
        const auto outcome = m_parts.executor.run(0, {}, [&](sync::WriteContext &context) -> base::Status {
            for (const auto number : over)
                if (auto name = AttachmentStore{context.tx()}.removeUnused(number))
                    names.push_back(std::move(*name));
            return base::Done{};
        });
        if (!outcome)
            return;
        removeFiles(names);
    }
}

void AttachmentService::expirePartial()
{
    const auto before = m_parts.clock.now() - agentLife;
    base::Uuid after;
    for (bool more = true; more;) {
        std::vector<PartialUpload> over;
        m_parts.database.read([&](storage::Transaction &tx) {
            for (auto &upload : UploadStore{tx}.idle(before, after, expireAtOnce)) {
                after = upload.id;
                over.push_back(std::move(upload));
            }
            more = over.size() == static_cast<std::size_t>(expireAtOnce);
            std::erase_if(over, [&](const PartialUpload &upload) {
                return !isOver(tx, upload.device, true, upload.touchedAt);
            });
        });
        if (over.empty())
            continue;
        std::vector<std::string> names;
        const auto outcome = m_parts.executor.run(0, {}, [&](sync::WriteContext &context) -> base::Status {
            UploadStore store{context.tx()};
            for (const auto &upload : over) {
                const auto now = store.find(upload.id); // a piece may have come meanwhile
                if (!now || now->touchedAt != upload.touchedAt)
                    continue;
                store.remove(upload.id);
                names.push_back(upload.fileName);
            }
            return base::Done{};
        });
        if (!outcome)
            return;
        removeFiles(names);
    }
}

} // namespace server::attachments
