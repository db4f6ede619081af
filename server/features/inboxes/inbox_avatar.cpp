#include "server/features/inboxes/inbox_avatar.h"

#include "server/features/pictures/picture_kind.h"
#include "shared/base/text.h"

#include <filesystem>
#include <fstream>

namespace server::inboxes {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t smallBytes = 64 << 10; // shown as it is
constexpr int box = 256;                     // pixels: four times what any page shows
constexpr std::size_t nameBytes = 16;

/// A file for as long as a program looks at it.
class BriefFile {
public:
    BriefFile(const ports::Crypto &crypto, std::string_view bytes)
        : m_path{fs::temp_directory_path() / ("deskbell-" + crypto.randomToken(16))}
    {
        std::ofstream out{m_path, std::ios::binary};
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    ~BriefFile()
    {
        std::error_code ignored;
        fs::remove(m_path, ignored);
    }
    BriefFile(const BriefFile &) = delete;
    BriefFile &operator=(const BriefFile &) = delete;
    [[nodiscard]] std::string path() const { return m_path.string(); }

private:
    fs::path m_path;
};

} // namespace

base::Result<InboxAvatar> readAvatar(const ports::Media &media, const ports::Crypto &crypto,
                                     std::string bytes)
{
    InboxAvatar avatar;
    avatar.mime = pictures::pictureType(media, bytes);
    if (avatar.mime.empty())
        return base::Error{base::ErrorCode::Unsupported, "avatar"};
    if (bytes.size() > smallBytes) {
        const BriefFile file{crypto, bytes};
        auto small = media.thumbnail(file.path(), box);
        if (!small && small.error().code != base::ErrorCode::Unavailable)
            return base::Error{base::ErrorCode::Unsupported, "avatar"};
        if (small) {
            bytes = std::move(small->bytes);
            avatar.mime = small->mime;
        }
    }
    avatar.name = base::toHex(crypto.sha256(bytes).substr(0, nameBytes));
    avatar.bytes = std::move(bytes);
    return avatar;
}

std::string avatarPath(const InboxRow &inbox)
{
    return inbox.avatar.empty() ? std::string{} : "/avatar/" + inbox.inbox.id.text() + "/" + inbox.avatar;
}

std::vector<storage::Migration> InboxAvatarStore::migrations()
{
    return {{45, "pictures of inboxes", R"(
        ALTER TABLE inboxes ADD COLUMN avatar TEXT NOT NULL DEFAULT '';
        CREATE TABLE inbox_avatars (
            inbox_id INTEGER PRIMARY KEY REFERENCES inboxes (id),
            mime     TEXT NOT NULL,
            bytes    BLOB NOT NULL
        ) STRICT;
    )"}};
}

std::optional<InboxAvatar> InboxAvatarStore::find(const base::Uuid &inbox, std::string_view name) const
{
    const auto row = m_tx.one(R"(
        SELECT a.mime, a.bytes FROM inboxes i JOIN inbox_avatars a ON a.inbox_id = i.id
         WHERE i.uuid = ? AND i.avatar = ?)",
                              {inbox, name});
    return row ? std::optional{InboxAvatar{std::string{name}, row->text(0), row->blob(1)}} : std::nullopt;
}

void InboxAvatarStore::put(std::int64_t inbox, const InboxAvatar &avatar)
{
    m_tx.run(R"(
        INSERT INTO inbox_avatars (inbox_id, mime, bytes) VALUES (?, ?, ?)
        ON CONFLICT (inbox_id) DO UPDATE SET mime = excluded.mime, bytes = excluded.bytes)",
             {inbox, avatar.mime, storage::Blob{avatar.bytes}});
}

void InboxAvatarStore::remove(std::int64_t inbox)
{
    m_tx.run("DELETE FROM inbox_avatars WHERE inbox_id = ?", {inbox});
}

} // namespace server::inboxes
