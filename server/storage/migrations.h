#pragma once

#include "server/storage/database.h"
#include "server/storage/sqlite_connection.h"

namespace server::storage {

/// Applies what is missing, in order of numbers, each in a transaction of its own; gives the newest number.
/// Fails with Storage when the file knows migrations that this program does not. Throws StorageError.
base::Result<int> migrate(SqliteConnection &connection, std::vector<Migration> migrations);

} // namespace server::storage
