#include "server/features/labels/label_store.h"

namespace server::labels {

namespace {

#define SELECT_LABEL "SELECT id, uuid, account_id, title, description, color, show_on_sidebar FROM labels "

LabelRow fromRow(const storage::Row &row)
{
    LabelRow found;
    auto &label = found.label;
    label.number = row.integer(0);
    label.id = {row.uuid(1)};
    found.account = row.integer(2);
    label.title = row.text(3);
    label.description = row.text(4);
    label.color = row.text(5);
    label.showOnSidebar = row.integer(6) != 0;
    return found;
}

std::optional<LabelRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

} // namespace

std::vector<storage::Migration> LabelStore::migrations()
{
    return {{31, "labels", R"(
        CREATE TABLE labels (
            id              INTEGER PRIMARY KEY,
            uuid            BLOB NOT NULL UNIQUE,
            account_id      INTEGER NOT NULL REFERENCES accounts (id),
            title           TEXT NOT NULL,
            description     TEXT NOT NULL,
            color           TEXT NOT NULL,
            show_on_sidebar INTEGER NOT NULL,
            created_at      INTEGER NOT NULL,
            updated_at      INTEGER NOT NULL,
            UNIQUE (account_id, title)
        ) STRICT;
    )"}};
}

std::optional<LabelRow> LabelStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return maybe(m_tx.one(SELECT_LABEL "WHERE id = ? AND account_id = ?", {number, account}));
}

std::optional<LabelRow> LabelStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    return maybe(m_tx.one(SELECT_LABEL "WHERE uuid = ? AND account_id = ?", {id, account}));
}

std::optional<LabelRow> LabelStore::byTitle(sync::AccountNumber account, std::string_view title) const
{
    return maybe(m_tx.one(SELECT_LABEL "WHERE account_id = ? AND title = ?", {account, title}));
}

std::vector<LabelRow> LabelStore::all(sync::AccountNumber account) const
{
    std::vector<LabelRow> labels;
    for (const auto &row : m_tx.all(SELECT_LABEL "WHERE account_id = ? ORDER BY title", {account}))
        labels.push_back(fromRow(row));
    return labels;
}

std::int64_t LabelStore::insert(const LabelRow &row, base::Timestamp now)
{
    m_tx.run(R"(
        INSERT INTO labels (uuid, account_id, title, description, color, show_on_sidebar, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?))",
             {row.label.id, row.account, row.label.title, row.label.description, row.label.color,
              row.label.showOnSidebar, now, now});
    return m_tx.lastInsertId();
}

void LabelStore::update(const LabelRow &row, base::Timestamp now)
{
    m_tx.run("UPDATE labels SET title = ?, description = ?, color = ?, show_on_sidebar = ?, updated_at = ?"
             " WHERE id = ?",
             {row.label.title, row.label.description, row.label.color, row.label.showOnSidebar, now,
              row.label.number});
}

void LabelStore::remove(std::int64_t number)
{
    m_tx.run("DELETE FROM labels WHERE id = ?", {number});
}

} // namespace server::labels
