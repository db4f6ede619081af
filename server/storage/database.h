#pragma once

#include "server/storage/transaction.h"
#include "shared/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace server::storage {

/// One step of the schema, forward only. Numbers are unique over all features, never changed once released.
struct Migration {
    int number;
    std::string name;
    std::string sql; ///< one or more statements
};

/// A writing connection: BEGIN IMMEDIATE … COMMIT with savepoints inside. One thread at a time.
class Writer {
public:
    virtual ~Writer() = default;
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollBack() = 0;
    virtual void savepoint() = 0; ///< not nested
    virtual void releaseSavepoint() = 0;
    virtual void rollBackSavepoint() = 0;
    virtual Transaction &transaction() = 0;
};

/// How careful the database is with the disk.
struct OpenOptions {
    bool durable = true; ///< false: no fsync, for simulations and tests that throw the file away
};

/// The embedded database of one server: SQLite in WAL mode, one writer, several readers (hub-and-storage 5).
class Database {
public:
    virtual ~Database() = default;

    /// Opens or makes `<directory>/deskbell.db` and brings its schema up to the newest migration. Fails with
    /// Storage, and a sentence for the operator, when the directory cannot be used, the file is damaged, or
    /// it was written by a newer version.
    static base::Result<std::unique_ptr<Database>> open(const std::string &directory,
                                                        const std::vector<Migration> &migrations,
                                                        const OpenOptions &options = {});

    /// The one writing connection.
    virtual Writer &writer() = 0;
    /// Runs `work` in a read-only snapshot on one of the reader connections; waits for a free one, so never
    /// call it inside another read. Any thread. Throws StorageError.
    virtual void read(const std::function<void(Transaction &)> &work) = 0;
    /// Newest applied migration.
    [[nodiscard]] virtual int schemaVersion() const = 0;
    /// PRAGMA quick_check; nothing when all is well, else what is wrong.
    virtual std::string check() = 0;
};

} // namespace server::storage
