#include "server/storage/migrations.h"

#include <algorithm>
#include <set>

namespace server::storage {

namespace {

void applyOne(SqliteConnection &connection, const Migration &migration)
{
    connection.script("BEGIN IMMEDIATE");
    try {
        connection.script(migration.sql);
        connection.run(
            "INSERT INTO schema_migrations(number, name, applied_at) VALUES(?, ?, unixepoch() * 1000)",
            {migration.number, migration.name});
        connection.script("COMMIT");
    } catch (const StorageError &) {
        if (connection.inTransaction())
            connection.script("ROLLBACK");
        throw;
    }
}

} // namespace

base::Result<int> migrate(SqliteConnection &connection, std::vector<Migration> migrations)
{
    std::sort(migrations.begin(), migrations.end(),
              [](const auto &a, const auto &b) { return a.number < b.number; });
    const auto twice = std::adjacent_find(migrations.begin(), migrations.end(),
                                          [](const auto &a, const auto &b) { return a.number == b.number; });
    if (twice != migrations.end())
        throw std::logic_error{"two migrations have the number " + std::to_string(twice->number)};

    connection.script("CREATE TABLE IF NOT EXISTS schema_migrations("
                      "number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
    std::set<int> applied;
    for (const auto &row : connection.all("SELECT number FROM schema_migrations"))
        applied.insert(static_cast<int>(row.integer(0)));

    const int newest = migrations.empty() ? 0 : migrations.back().number;
    if (!applied.empty() && *applied.rbegin() > newest)
        return base::Error{base::ErrorCode::Storage,
                           "was written by a newer version of Deskbell (its schema is " +
                               std::to_string(*applied.rbegin()) + ", this program knows up to " +
                               std::to_string(newest) + "). Start the newer version instead."};
    for (const auto &migration : migrations)
        if (!applied.contains(migration.number))
            applyOne(connection, migration);
    return newest;
}

} // namespace server::storage
