#include "server/features/attachments/attachment_store.h"

#include "server/features/attachments/upload_store.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace server::attachments {

namespace {

constexpr const char *byId = R"(
    SELECT number, id, account_id, by_user, owner, name, mime, size, width, height, thumbnail, file_name, sha256,
           created_at, message, conversation, inbox, device
      FROM attachments
     WHERE id = ?)";

constexpr const char *byMessage = R"(
    SELECT number, id, account_id, by_user, owner, name, mime, size, width, height, thumbnail, file_name, sha256,
           created_at, message, conversation, inbox, device
      FROM attachments
     WHERE message = ?
     ORDER BY place)";

StoredAttachment fromRow(const storage::Row &row)
{
    StoredAttachment stored;
    stored.number = row.integer(0);
    stored.file.id = {row.uuid(1)};
    stored.account = row.integer(2);
    stored.byUser = row.flag(3);
    stored.owner = row.uuid(4);
    stored.file.name = row.text(5);
    stored.file.mime = row.text(6);
    stored.file.size = row.integer(7);
    stored.file.width = static_cast<int>(row.integer(8));
    stored.file.height = static_cast<int>(row.integer(9));
    stored.file.thumbnail = row.flag(10);
    stored.fileName = row.text(11);
    stored.sha256 = row.blob(12);
    stored.createdAt = row.time(13);
    stored.message = row.maybeUuid(14);
    stored.conversation = row.maybeUuid(15);
    stored.inbox = row.maybeUuid(16);
    stored.device = row.maybeUuid(17);
    return stored;
}

bool repeats(const std::vector<domain::AttachmentId> &uploads)
{
    auto sorted = uploads;
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
}

} // namespace

std::vector<storage::Migration> AttachmentStore::migrations()
{
    auto all = UploadStore::migrations(); // what is on its way to this table
    all.push_back({40, "attachments", R"(
        CREATE TABLE attachments (
            number       INTEGER PRIMARY KEY AUTOINCREMENT,
            id           BLOB NOT NULL UNIQUE,
            account_id   INTEGER NOT NULL,
            by_user      INTEGER NOT NULL,
            owner        BLOB NOT NULL,
            name         TEXT NOT NULL,
            mime         TEXT NOT NULL,
            size         INTEGER NOT NULL,
            width        INTEGER NOT NULL,
            height       INTEGER NOT NULL,
            thumbnail    INTEGER NOT NULL,
            file_name    TEXT NOT NULL,
            sha256       BLOB NOT NULL,
            created_at   INTEGER NOT NULL,
            message      BLOB,
            conversation BLOB,
            inbox        BLOB,
            place        INTEGER NOT NULL DEFAULT 0
        );
        CREATE UNIQUE INDEX attachments_file ON attachments (file_name);
        CREATE INDEX attachments_message ON attachments (message, place) WHERE message IS NOT NULL;
        CREATE INDEX attachments_unused ON attachments (created_at) WHERE message IS NULL;
    )"});
    all.push_back({42, "attachment devices", "ALTER TABLE attachments ADD COLUMN device BLOB;"});
    return all;
}

std::optional<StoredAttachment> AttachmentStore::find(const base::Uuid &id) const
{
    const auto row = m_tx.one(byId, {id});
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<StoredAttachment> AttachmentStore::ofMessage(const base::Uuid &message) const
{
    std::vector<StoredAttachment> found;
    for (const auto &row : m_tx.all(byMessage, {message}))
        found.push_back(fromRow(row));
    return found;
}

void AttachmentStore::insert(const StoredAttachment &a)
{
    m_tx.run(R"(
        INSERT INTO attachments (id, account_id, by_user, owner, name, mime, size, width, height, thumbnail, file_name,
                                 sha256, created_at, message, conversation, inbox, device)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {a.file.id, a.account, a.byUser, a.owner, a.file.name, a.file.mime, a.file.size, a.file.width,
              a.file.height, a.file.thumbnail, a.fileName, storage::Blob{a.sha256}, a.createdAt, a.message,
              a.conversation, a.inbox, a.device});
}

base::Result<std::vector<domain::Attachment>>
AttachmentStore::claim(sync::AccountNumber account, const sync::Actor &actor,
                       const std::vector<domain::AttachmentId> &uploads, const AttachmentPlace &place)
{
    if (uploads.size() > protocol::maxAttachments || repeats(uploads))
        return base::Error{base::ErrorCode::Invalid, "up"};
    std::vector<domain::Attachment> files;
    for (const auto &id : uploads) {
        const auto stored = find(id.value);
        if (!stored || stored->account != account)
            return base::Error{base::ErrorCode::UploadMissing, id.text()};
        const bool mine =
            stored->byUser == (actor.kind == sync::Actor::Kind::User) && stored->owner == actor.id;
        if (!mine || stored->message)
            return base::Error{base::ErrorCode::Invalid, "up"};
        m_tx.run(
            "UPDATE attachments SET message = ?, conversation = ?, inbox = ?, place = ? WHERE id = ?",
            {place.message, place.conversation, place.inbox, static_cast<std::int64_t>(files.size()), id});
        files.push_back(stored->file);
    }
    return files;
}

void AttachmentStore::unclaim(const base::Uuid &message)
{
    m_tx.run("UPDATE attachments SET message = NULL, conversation = NULL, inbox = NULL WHERE message = ?",
             {message});
}

std::vector<std::string> AttachmentStore::removeOfMessage(const base::Uuid &message)
{
    std::vector<std::string> names;
    for (const auto &row :
         m_tx.all("DELETE FROM attachments WHERE message = ? RETURNING file_name", {message}))
        names.push_back(row.text(0));
    return names;
}

std::vector<UnusedUpload> AttachmentStore::unused(base::Timestamp before, std::int64_t after, int limit) const
{
    std::vector<UnusedUpload> found;
    for (const auto &row : m_tx.all(R"(
            SELECT number, by_user, device, created_at
              FROM attachments
             WHERE message IS NULL AND created_at < ? AND number > ?
             ORDER BY number
             LIMIT ?)",
                                    {before, after, limit}))
        found.push_back({row.integer(0), row.flag(1), row.maybeUuid(2), row.time(3)});
    return found;
}

std::optional<std::string> AttachmentStore::removeUnused(std::int64_t number)
{
    const auto gone = m_tx.one(
        "DELETE FROM attachments WHERE number = ? AND message IS NULL RETURNING file_name", {number});
    return gone ? std::optional{gone->text(0)} : std::nullopt;
}

bool AttachmentStore::namesFile(const std::string &fileName) const
{
    return m_tx.one("SELECT 1 FROM attachments WHERE file_name = ?", {fileName}).has_value();
}

} // namespace server::attachments
