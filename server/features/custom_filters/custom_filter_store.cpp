#include "server/features/custom_filters/custom_filter_store.h"

#include <array>

namespace server::custom_filters {

namespace {

constexpr std::array<std::string_view, 3> typeNames{"conversation", "contact", "report"};

#define SELECT_FILTER                                                                                        \
    "SELECT id, account_id, user_id, type, name, query, created_at, updated_at FROM custom_filters "

CustomFilterRow fromRow(const storage::Row &row)
{
    CustomFilterRow found;
    found.number = row.integer(0);
    found.account = row.integer(1);
    found.user = row.integer(2);
    found.type = static_cast<FilterType>(row.integer(3));
    found.name = row.text(4);
    found.query = row.text(5);
    found.createdAt = row.time(6);
    found.updatedAt = row.time(7);
    return found;
}

} // namespace

std::string_view toText(FilterType type)
{
    return typeNames.at(static_cast<std::size_t>(type));
}

std::optional<FilterType> filterTypeFromText(std::string_view text)
{
    for (std::size_t i = 0; i < typeNames.size(); ++i)
        if (typeNames[i] == text)
            return static_cast<FilterType>(i);
    return std::nullopt;
}

std::vector<storage::Migration> CustomFilterStore::migrations()
{
    return {{72, "custom filters", R"(
        CREATE TABLE custom_filters (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            account_id INTEGER NOT NULL REFERENCES accounts (id),
            user_id    INTEGER NOT NULL REFERENCES users (id),
            type       INTEGER NOT NULL,
            name       TEXT NOT NULL,
            query      TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX custom_filters_user ON custom_filters (user_id, account_id, type, id);
    )"}};
}

std::optional<CustomFilterRow> CustomFilterStore::find(sync::AccountNumber account, std::int64_t user,
                                                       std::int64_t number) const
{
    const auto row =
        m_tx.one(SELECT_FILTER "WHERE id = ? AND account_id = ? AND user_id = ?", {number, account, user});
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<CustomFilterRow> CustomFilterStore::all(sync::AccountNumber account, std::int64_t user,
                                                    FilterType type) const
{
    std::vector<CustomFilterRow> found;
    for (const auto &row :
         m_tx.all(SELECT_FILTER "WHERE user_id = ? AND account_id = ? AND type = ? ORDER BY id",
                  {user, account, static_cast<int>(type)}))
        found.push_back(fromRow(row));
    return found;
}

std::int64_t CustomFilterStore::count(sync::AccountNumber account, std::int64_t user) const
{
    return m_tx
        .one("SELECT count(*) FROM custom_filters WHERE user_id = ? AND account_id = ?", {user, account})
        ->integer(0);
}

std::int64_t CustomFilterStore::insert(const CustomFilterRow &row)
{
    m_tx.run("INSERT INTO custom_filters (account_id, user_id, type, name, query, created_at, updated_at)"
             " VALUES (?, ?, ?, ?, ?, ?, ?)",
             {row.account, row.user, static_cast<int>(row.type), row.name, row.query, row.createdAt,
              row.updatedAt});
    return m_tx.lastInsertId();
}

void CustomFilterStore::update(const CustomFilterRow &row)
{
    m_tx.run("UPDATE custom_filters SET type = ?, name = ?, query = ?, updated_at = ? WHERE id = ?",
             {static_cast<int>(row.type), row.name, row.query, row.updatedAt, row.number});
}

void CustomFilterStore::remove(std::int64_t number)
{
    m_tx.run("DELETE FROM custom_filters WHERE id = ?", {number});
}

void CustomFilterStore::removeAll(sync::AccountNumber account, std::int64_t user)
{
    m_tx.run("DELETE FROM custom_filters WHERE user_id = ? AND account_id = ?", {user, account});
}

} // namespace server::custom_filters
