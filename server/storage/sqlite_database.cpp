#include "server/storage/sqlite_database.h"

#include "server/storage/migrations.h"
#include "shared/base/failpoint.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sqlite3.h>
#include <unistd.h>

namespace server::storage {

namespace {

constexpr std::size_t readerCount = 4;
constexpr auto settings = "PRAGMA journal_mode=WAL;"
                          "PRAGMA foreign_keys=ON;"
                          "PRAGMA temp_store=MEMORY;"
                          "PRAGMA mmap_size=2147483648;";
constexpr auto writerSettings = "PRAGMA synchronous=FULL;"
                                "PRAGMA cache_size=-65536;"
                                "PRAGMA wal_autocheckpoint=8000;"
                                "PRAGMA journal_size_limit=67108864;";
constexpr auto readerSettings = "PRAGMA cache_size=-8192; PRAGMA query_only=1;";

base::Error failure(std::string sentence)
{
    return {base::ErrorCode::Storage, std::move(sentence)};
}

std::string sentence(const StorageError &error, const std::string &file)
{
    switch (error.code() & 0xff) {
    case SQLITE_FULL:
        return "There is no space left on the disk that holds " + file + ".";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "The database " + file + " is damaged (" + error.what() + "). Restore it from a backup.";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return "The database " + file + " cannot be opened for writing (" + error.what() +
               "). Check who owns the file and its directory.";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "The database " + file + " is in use by another program.";
    case SQLITE_IOERR:
        return "The disk that holds " + file + " failed (" + error.what() + ").";
    default:
        return "The database " + file + " cannot be used (" + error.what() + ").";
    }
}

base::Status prepareDirectory(const std::string &directory)
{
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (!std::filesystem::is_directory(directory, error))
        return failure("The data directory " + directory + " does not exist and cannot be made.");
    if (access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
        return failure("The data directory " + directory + " cannot be read and written (" +
                       std::strerror(errno) + ").");
    return base::Done{};
}

// The file holds people's messages: nobody but its owner reads it. SQLite gives its log the same mode.
base::Status prepareFile(const std::string &file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return failure(errno == ENOSPC ? "There is no space left on the disk that holds " + file + "."
                                       : "The database " + file + " cannot be opened for writing (" +
                                             std::strerror(errno) + ").");
    ::close(descriptor);
    return base::Done{};
}

} // namespace

void SqliteWriter::begin()
{
    m_connection.run("BEGIN IMMEDIATE");
}

void SqliteWriter::commit()
{
    base::failpoint("server.commit.before");
    m_connection.run("COMMIT");
    base::failpoint("server.commit.after");
}

void SqliteWriter::rollBack()
{
    if (m_connection.inTransaction())
        m_connection.run("ROLLBACK");
}

void SqliteWriter::savepoint()
{
    m_connection.run("SAVEPOINT job");
}

void SqliteWriter::releaseSavepoint()
{
    m_connection.run("RELEASE job");
}

void SqliteWriter::rollBackSavepoint()
{
    m_connection.run("ROLLBACK TO job");
    m_connection.run("RELEASE job");
}

SqliteDatabase::SqliteDatabase(const std::string &file, const std::vector<Migration> &migrations,
                               const OpenOptions &options)
    : m_writer{file}
{
    auto &connection = m_writer.connection();
    connection.script(settings);
    connection.script(writerSettings);
    if (!options.durable)
        connection.script("PRAGMA synchronous=OFF");
    const auto version = migrate(connection, migrations);
    if (!version) {
        m_refusal = version.error();
        return;
    }
    m_version = *version;
    for (std::size_t i = 0; i < readerCount; ++i) {
        m_readers.push_back(std::make_unique<SqliteConnection>(file));
        m_readers.back()->script(settings);
        m_readers.back()->script(readerSettings);
        m_free.push_back(m_readers.back().get());
    }
}

/// A reader while it is lent; its snapshot ends and it goes back whatever the work throws.
class SqliteDatabase::Lease {
public:
    explicit Lease(SqliteDatabase &database) : m_database{database}
    {
        std::unique_lock lock{database.m_mutex};
        database.m_returned.wait(lock, [&] { return !database.m_free.empty(); });
        m_connection = database.m_free.back();
        database.m_free.pop_back();
    }

    ~Lease()
    {
        try {
            if (m_connection->inTransaction())
                m_connection->run("ROLLBACK");
        } catch (const StorageError &) {
            // A reader that cannot end its snapshot reports that itself, at its next BEGIN.
        }
        {
            const std::lock_guard lock{m_database.m_mutex};
            m_database.m_free.push_back(m_connection);
        }
        m_database.m_returned.notify_one();
    }
    Lease(const Lease &) = delete;
    Lease &operator=(const Lease &) = delete;

    SqliteConnection &connection() { return *m_connection; }

private:
    SqliteDatabase &m_database;
    SqliteConnection *m_connection = nullptr;
};

void SqliteDatabase::read(const std::function<void(Transaction &)> &work)
{
    Lease lease{*this};
    lease.connection().run("BEGIN");
    work(lease.connection());
}

std::string SqliteDatabase::check()
{
    std::string found;
    read([&](Transaction &tx) {
        for (const auto &row : tx.all("PRAGMA quick_check(20)"))
            if (row.text(0) != "ok")
                found += (found.empty() ? "" : "\n") + row.text(0);
    });
    return found;
}

base::Result<std::unique_ptr<Database>> Database::open(const std::string &directory,
                                                       const std::vector<Migration> &migrations,
                                                       const OpenOptions &options)
{
    if (const auto usable = prepareDirectory(directory); !usable)
        return usable.error();
    const auto file = (std::filesystem::path{directory} / "deskbell.db").string();
    if (const auto usable = prepareFile(file); !usable)
        return usable.error();
    try {
        auto database = std::make_unique<SqliteDatabase>(file, migrations, options);
        if (database->refusal())
            return failure("The database " + file + " " + database->refusal()->detail);
        return std::unique_ptr<Database>{std::move(database)};
    } catch (const StorageError &error) {
        return failure(sentence(error, file));
    }
}

} // namespace server::storage
