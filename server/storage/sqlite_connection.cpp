#include "server/storage/sqlite_connection.h"

#include <sqlite3.h>

namespace server::storage {

namespace {

constexpr int busyTimeoutMs = 5000; // only another process can hold the lock: inside there is one writer
constexpr std::size_t quotedSql = 120;

struct Bind {
    sqlite3_stmt *statement;
    int index;

    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
    int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
    int operator()(const std::string &text) const
    {
        return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob &blob) const
    {
        return sqlite3_bind_blob64(statement, index, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
    }
};

std::string bytesOf(const void *start, int size)
{
    return size > 0 ? std::string{static_cast<const char *>(start), static_cast<std::size_t>(size)}
                    : std::string{};
}

Value columnValue(sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return Value{std::int64_t{sqlite3_column_int64(statement, column)}};
    case SQLITE_FLOAT:
        return Value{sqlite3_column_double(statement, column)};
    case SQLITE_TEXT: {
        const auto *text = sqlite3_column_text(statement, column);
        return Value{bytesOf(text, sqlite3_column_bytes(statement, column))};
    }
    case SQLITE_BLOB: {
        const auto *bytes = sqlite3_column_blob(statement, column);
        return Value{Blob{bytesOf(bytes, sqlite3_column_bytes(statement, column))}};
    }
    default:
        return {};
    }
}

Row rowOf(sqlite3_stmt *statement)
{
    std::vector<Value> values;
    const int columns = sqlite3_column_count(statement);
    values.reserve(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column)
        values.push_back(columnValue(statement, column));
    return Row{std::move(values)};
}

} // namespace

bool StorageError::isDuplicate() const
{
    return m_code == SQLITE_CONSTRAINT_UNIQUE || m_code == SQLITE_CONSTRAINT_PRIMARYKEY ||
           m_code == SQLITE_CONSTRAINT_ROWID;
}

bool StorageError::isFull() const
{
    return (m_code & 0xff) == SQLITE_FULL;
}

/// A statement while it is stepped: bound at the start, reset at the end, whatever happens between.
class SqliteConnection::Use {
public:
    Use(SqliteConnection &connection, std::string_view sql, const std::vector<Value> &values)
        : m_connection{connection}
        , m_sql{sql}
    {
        auto found = connection.m_kept.find(sql);
        if (found == connection.m_kept.end())
            found = connection.m_kept.emplace(std::string{sql}, Kept{connection.prepare(sql, true)}).first;
        if (found->second.busy) {
            m_statement = m_copy = connection.prepare(sql, false);
        } else {
            m_kept = &found->second;
            m_kept->busy = true;
            m_statement = m_kept->statement;
        }
        for (std::size_t i = 0; i < values.size(); ++i)
            if (std::visit(Bind{m_statement, static_cast<int>(i) + 1}, values[i].held()) != SQLITE_OK)
                failBinding();
    }

    ~Use() { release(); }
    Use(const Use &) = delete;
    Use &operator=(const Use &) = delete;

    bool step()
    {
        const int state = sqlite3_step(m_statement);
        if (state == SQLITE_ROW)
            return true;
        if (state != SQLITE_DONE)
            m_connection.fail(m_sql);
        return false;
    }

    [[nodiscard]] Row row() const { return rowOf(m_statement); }

private:
    void failBinding()
    {
        release();
        m_connection.fail(m_sql);
    }

    void release()
    {
        if (m_kept) {
            sqlite3_reset(m_statement);
            sqlite3_clear_bindings(m_statement);
            m_kept->busy = false;
        }
        sqlite3_finalize(m_copy);
        m_kept = nullptr;
        m_copy = nullptr;
    }

    SqliteConnection &m_connection;
    std::string_view m_sql;
    Kept *m_kept = nullptr;
    sqlite3_stmt *m_copy = nullptr;
    sqlite3_stmt *m_statement = nullptr;
};

SqliteConnection::SqliteConnection(const std::string &file)
{
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(file.c_str(), &m_handle, flags, nullptr) != SQLITE_OK) {
        const int code = m_handle ? sqlite3_extended_errcode(m_handle) : SQLITE_NOMEM;
        const std::string why = m_handle ? sqlite3_errmsg(m_handle) : "out of memory";
        sqlite3_close(m_handle);
        throw StorageError{code, why};
    }
    sqlite3_busy_timeout(m_handle, busyTimeoutMs);
}

SqliteConnection::~SqliteConnection()
{
    for (auto &[sql, kept] : m_kept)
        sqlite3_finalize(kept.statement);
    sqlite3_close(m_handle);
}

std::optional<Row> SqliteConnection::one(std::string_view sql, const std::vector<Value> &values)
{
    Use use{*this, sql, values};
    return use.step() ? std::optional{use.row()} : std::nullopt;
}

std::vector<Row> SqliteConnection::all(std::string_view sql, const std::vector<Value> &values)
{
    std::vector<Row> rows;
    Use use{*this, sql, values};
    while (use.step())
        rows.push_back(use.row());
    return rows;
}

void SqliteConnection::each(std::string_view sql, const std::vector<Value> &values,
                            const std::function<bool(const Row &)> &take)
{
    Use use{*this, sql, values};
    while (use.step())
        if (!take(use.row()))
            return;
}

std::int64_t SqliteConnection::run(std::string_view sql, const std::vector<Value> &values)
{
    Use use{*this, sql, values};
    while (use.step()) {
    }
    return sqlite3_changes64(m_handle);
}

std::int64_t SqliteConnection::lastInsertId()
{
    return sqlite3_last_insert_rowid(m_handle);
}

void SqliteConnection::script(const std::string &sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(sql);
}

bool SqliteConnection::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

sqlite3_stmt *SqliteConnection::prepare(std::string_view sql, bool keep)
{
    sqlite3_stmt *statement = nullptr;
    const unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    if (sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), flags, &statement, nullptr) !=
        SQLITE_OK)
        fail(sql);
    return statement;
}

void SqliteConnection::fail(std::string_view sql) const
{
    const int code = sqlite3_extended_errcode(m_handle);
    std::string why = sqlite3_errmsg(m_handle);
    why += " in: ";
    why += sql.substr(0, quotedSql);
    throw StorageError{code, why};
}

} // namespace server::storage
