#pragma once

#include "server/storage/database.h"
#include "server/storage/sqlite_connection.h"

#include <condition_variable>
#include <mutex>

namespace server::storage {

/// The writing connection: statements and where a transaction begins and ends.
class SqliteWriter : public Writer {
public:
    explicit SqliteWriter(const std::string &file) : m_connection{file} {}

    void begin() override;
    void commit() override;
    void rollBack() override;
    void savepoint() override;
    void releaseSavepoint() override;
    void rollBackSavepoint() override;
    Transaction &transaction() override { return m_connection; }

    SqliteConnection &connection() { return m_connection; }

private:
    SqliteConnection m_connection;
};

/// Database over one file: a writer, and readers lent out one reading at a time.
class SqliteDatabase : public Database {
public:
    /// Opens and migrates. Throws StorageError; `refusal` holds the reason when the file is too new.
    SqliteDatabase(const std::string &file, const std::vector<Migration> &migrations,
                   const OpenOptions &options);

    Writer &writer() override { return m_writer; }
    void read(const std::function<void(Transaction &)> &work) override;
    [[nodiscard]] int schemaVersion() const override { return m_version; }
    std::string check() override;

    [[nodiscard]] const std::optional<base::Error> &refusal() const { return m_refusal; }

private:
    class Lease;

    SqliteWriter m_writer;
    std::optional<base::Error> m_refusal;
    int m_version = 0;
    std::vector<std::unique_ptr<SqliteConnection>> m_readers;

    std::mutex m_mutex; // guards m_free
    std::condition_variable m_returned;
    std::vector<SqliteConnection *> m_free;
};

} // namespace server::storage
