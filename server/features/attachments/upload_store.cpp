#include "server/features/attachments/upload_store.h"

namespace server::attachments {

namespace {

PartialUpload fromRow(const storage::Row &row)
{
    PartialUpload upload;
    upload.id = row.uuid(0);
    upload.account = row.integer(1);
    upload.owner = row.uuid(2);
    upload.device = row.maybeUuid(3);
    upload.name = row.text(4);
    upload.size = row.integer(5);
    upload.sha256 = row.blob(6);
    upload.fileName = row.text(7);
    upload.offset = row.integer(8);
    upload.touchedAt = row.time(9);
    return upload;
}

} // namespace

std::vector<storage::Migration> UploadStore::migrations()
{
    return {{43, "uploads", R"(
        CREATE TABLE uploads (
            id         BLOB PRIMARY KEY,
            account_id INTEGER NOT NULL,
            owner      BLOB NOT NULL,
            device     BLOB,
            name       TEXT NOT NULL,
            size       INTEGER NOT NULL,
            sha256     BLOB NOT NULL,
            file_name  TEXT NOT NULL UNIQUE,
            offset     INTEGER NOT NULL,
            touched_at INTEGER NOT NULL
        );
        CREATE INDEX uploads_owner ON uploads (account_id, owner);
        CREATE INDEX uploads_idle ON uploads (touched_at);
    )"}};
}

std::optional<PartialUpload> UploadStore::find(const base::Uuid &id) const
{
    const auto row = m_tx.one(R"(
        SELECT id, account_id, owner, device, name, size, sha256, file_name, offset, touched_at
          FROM uploads
         WHERE id = ?)",
                              {id});
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::int64_t UploadStore::countOf(sync::AccountNumber account, const base::Uuid &owner) const
{
    return m_tx.one("SELECT count(*) FROM uploads WHERE account_id = ? AND owner = ?", {account, owner})
        ->integer(0);
}

void UploadStore::insert(const PartialUpload &u)
{
    m_tx.run(R"(
        INSERT INTO uploads (id, account_id, owner, device, name, size, sha256, file_name, offset, touched_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {u.id, u.account, u.owner, u.device, u.name, u.size, storage::Blob{u.sha256}, u.fileName,
              u.offset, u.touchedAt});
}

void UploadStore::setOffset(const base::Uuid &id, std::int64_t offset, base::Timestamp now)
{
    m_tx.run("UPDATE uploads SET offset = ?, touched_at = ? WHERE id = ?", {offset, now, id});
}

void UploadStore::remove(const base::Uuid &id)
{
    m_tx.run("DELETE FROM uploads WHERE id = ?", {id});
}

bool UploadStore::namesFile(const std::string &fileName) const
{
    return m_tx.one("SELECT 1 FROM uploads WHERE file_name = ?", {fileName}).has_value();
}

std::vector<PartialUpload> UploadStore::idle(base::Timestamp before, const base::Uuid &after, int limit) const
{
    std::vector<PartialUpload> found;
    for (const auto &row : m_tx.all(R"(
            SELECT id, account_id, owner, device, name, size, sha256, file_name, offset, touched_at
              FROM uploads
             WHERE touched_at < ? AND id > ?
             ORDER BY id
             LIMIT ?)",
                                    {before, after, limit}))
        found.push_back(fromRow(row));
    return found;
}

} // namespace server::attachments
