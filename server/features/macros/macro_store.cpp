#include "server/features/macros/macro_store.h"

#include "shared/base/json.h"
#include "shared/protocol/macros/macro_messages.h"

namespace server::macros {

namespace {

#define SELECT_MACRO                                                                                         \
    "SELECT m.id, m.uuid, m.account_id, m.author_id, u.uuid, m.name, m.shared, m.steps, m.created_at,"       \
    " m.updated_at FROM macros m JOIN users u ON u.id = m.author_id "

std::string textOf(const std::vector<domain::MacroStep> &steps)
{
    return base::toText(protocol::stepsJson(steps));
}

MacroRow fromRow(const storage::Row &row)
{
    MacroRow found;
    found.macro.number = row.integer(0);
    found.macro.id = {row.uuid(1)};
    found.account = row.integer(2);
    found.author = row.integer(3);
    found.macro.author = {row.uuid(4)};
    found.macro.name = row.text(5);
    found.macro.isShared = row.integer(6) != 0;
    if (const auto steps = base::parseJson(row.text(7)))
        found.macro.steps = protocol::stepsFromJson(*steps);
    found.createdAt = row.time(8);
    found.updatedAt = row.time(9);
    return found;
}

std::optional<MacroRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<MacroRow> all(const std::vector<storage::Row> &rows)
{
    std::vector<MacroRow> found;
    for (const auto &row : rows)
        found.push_back(fromRow(row));
    return found;
}

} // namespace

std::vector<storage::Migration> MacroStore::migrations()
{
    return {{34, "macros", R"(
        CREATE TABLE macros (
            id         INTEGER PRIMARY KEY,
            uuid       BLOB NOT NULL UNIQUE,
            account_id INTEGER NOT NULL REFERENCES accounts (id),
            author_id  INTEGER NOT NULL REFERENCES users (id),
            name       TEXT NOT NULL,
            shared     INTEGER NOT NULL,
            steps      TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX macros_account ON macros (account_id, shared, author_id);
    )"}};
}

std::optional<MacroRow> MacroStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return maybe(m_tx.one(SELECT_MACRO "WHERE m.id = ? AND m.account_id = ?", {number, account}));
}

std::optional<MacroRow> MacroStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    return maybe(m_tx.one(SELECT_MACRO "WHERE m.uuid = ? AND m.account_id = ?", {id, account}));
}

std::vector<MacroRow> MacroStore::of(sync::AccountNumber account, std::int64_t user) const
{
    return all(m_tx.all(SELECT_MACRO "WHERE m.account_id = ? AND (m.shared = 1 OR m.author_id = ?)"
                                     " ORDER BY lower(m.name), m.id",
                        {account, user}));
}

std::vector<MacroRow> MacroStore::personal(sync::AccountNumber account, std::int64_t user) const
{
    return all(m_tx.all(SELECT_MACRO "WHERE m.account_id = ? AND m.shared = 0 AND m.author_id = ?",
                        {account, user}));
}

std::int64_t MacroStore::count(sync::AccountNumber account) const
{
    return m_tx.one("SELECT count(*) FROM macros WHERE account_id = ?", {account})->integer(0);
}

std::int64_t MacroStore::insert(const MacroRow &row)
{
    m_tx.run(R"(
        INSERT INTO macros (uuid, account_id, author_id, name, shared, steps, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?))",
             {row.macro.id, row.account, row.author, row.macro.name, row.macro.isShared ? 1 : 0,
              textOf(row.macro.steps), row.createdAt, row.updatedAt});
    return m_tx.lastInsertId();
}

void MacroStore::update(const MacroRow &row)
{
    m_tx.run("UPDATE macros SET name = ?, shared = ?, steps = ?, updated_at = ? WHERE id = ?",
             {row.macro.name, row.macro.isShared ? 1 : 0, textOf(row.macro.steps), row.updatedAt,
              row.macro.number});
}

void MacroStore::remove(std::int64_t number)
{
    m_tx.run("DELETE FROM macros WHERE id = ?", {number});
}

} // namespace server::macros
