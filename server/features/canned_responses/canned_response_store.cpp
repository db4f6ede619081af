#include "server/features/canned_responses/canned_response_store.h"

namespace server::canned_responses {

namespace {

#define SELECT_CANNED                                                                                        \
    "SELECT id, uuid, account_id, short_code, content, created_at, updated_at FROM canned_responses "

CannedResponseRow fromRow(const storage::Row &row)
{
    CannedResponseRow found;
    found.response.number = row.integer(0);
    found.response.id = {row.uuid(1)};
    found.account = row.integer(2);
    found.response.shortCode = row.text(3);
    found.response.content = row.text(4);
    found.createdAt = row.time(5);
    found.updatedAt = row.time(6);
    return found;
}

std::optional<CannedResponseRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

} // namespace

std::vector<storage::Migration> CannedResponseStore::migrations()
{
    return {{33, "canned responses", R"(
        CREATE TABLE canned_responses (
            id         INTEGER PRIMARY KEY,
            uuid       BLOB NOT NULL UNIQUE,
            account_id INTEGER NOT NULL REFERENCES accounts (id),
            short_code TEXT NOT NULL,
            content    TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (account_id, short_code)
        ) STRICT;
    )"}};
}

std::optional<CannedResponseRow> CannedResponseStore::find(sync::AccountNumber account,
                                                           std::int64_t number) const
{
    return maybe(m_tx.one(SELECT_CANNED "WHERE id = ? AND account_id = ?", {number, account}));
}

std::optional<CannedResponseRow> CannedResponseStore::find(sync::AccountNumber account,
                                                           const base::Uuid &id) const
{
    return maybe(m_tx.one(SELECT_CANNED "WHERE uuid = ? AND account_id = ?", {id, account}));
}

std::optional<CannedResponseRow> CannedResponseStore::byShortCode(sync::AccountNumber account,
                                                                  std::string_view code) const
{
    return maybe(m_tx.one(SELECT_CANNED "WHERE account_id = ? AND short_code = ?", {account, code}));
}

std::vector<CannedResponseRow> CannedResponseStore::all(sync::AccountNumber account,
                                                        std::string_view text) const
{
    std::vector<CannedResponseRow> found;
    const auto rows = m_tx.all(SELECT_CANNED R"(
         WHERE account_id = ?1
           AND (?2 = '' OR instr(lower(short_code), lower(?2)) > 0 OR instr(lower(content), lower(?2)) > 0)
         ORDER BY instr(lower(short_code), lower(?2)) <> 1, short_code)",
                               {account, text});
    for (const auto &row : rows)
        found.push_back(fromRow(row));
    return found;
}

std::int64_t CannedResponseStore::count(sync::AccountNumber account) const
{
    return m_tx.one("SELECT count(*) FROM canned_responses WHERE account_id = ?", {account})->integer(0);
}

std::int64_t CannedResponseStore::insert(const CannedResponseRow &row)
{
    m_tx.run(R"(
        INSERT INTO canned_responses (uuid, account_id, short_code, content, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?))",
             {row.response.id, row.account, row.response.shortCode, row.response.content, row.createdAt,
              row.updatedAt});
    return m_tx.lastInsertId();
}

void CannedResponseStore::update(const CannedResponseRow &row)
{
    m_tx.run("UPDATE canned_responses SET short_code = ?, content = ?, updated_at = ? WHERE id = ?",
             {row.response.shortCode, row.response.content, row.updatedAt, row.response.number});
}

void CannedResponseStore::remove(std::int64_t number)
{
    m_tx.run("DELETE FROM canned_responses WHERE id = ?", {number});
}

} // namespace server::canned_responses
