#pragma once

#include "shared/base/uuid.h"

#include <QString>
#include <QVariant>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

class QSqlQuery;

namespace client::storage {

class Vault;

/// A database file failed: disk full, damage, a broken statement. Caught by the sync loop and by whoever
/// opens files.
class StorageError : public std::runtime_error {
public:
    StorageError(int code, const std::string &what) : std::runtime_error{what}, m_code{code} {}
    [[nodiscard]] int code() const { return m_code; }
    /// The file is damaged or no database at all.
    [[nodiscard]] bool isDamage() const { return (m_code & 0xff) == 11 || (m_code & 0xff) == 26; }

private:
    int m_code;
};

// Values to bind.
QVariant sqlValue(std::int64_t number);
QVariant sqlValue(const std::string &text); ///< as TEXT
QVariant sqlBytes(std::string_view bytes);  ///< as BLOB
QVariant sqlValue(const base::Uuid &id);    ///< 16 bytes
QVariant sqlValue(const std::optional<base::Uuid> &id);

/// The current row of an answer. Valid inside the callback only.
class RowView {
public:
    explicit RowView(const QSqlQuery &query, int first = 0) : m_query{query}, m_first{first} {}
    /// The same row without its first columns.
    [[nodiscard]] RowView after(int columns) const { return RowView{m_query, m_first + columns}; }

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const; ///< TEXT or BLOB
    [[nodiscard]] base::Uuid uuid(int column) const;  ///< null for anything but 16 bytes
    [[nodiscard]] std::optional<base::Uuid> maybeUuid(int column) const;

private:
    const QSqlQuery &m_query;
    int m_first;
};

/// One SQLite connection through QtSql. Statements are prepared once and kept by their text, so let those be
/// few. Used on the thread that made it. Throws StorageError.
class Connection {
public:
    enum class Mode { Durable, Relaxed, ReadOnly }; ///< synchronous FULL, NORMAL; or no writing

    /// ":memory:" is a database of its own. With a vault the file is encrypted.
    Connection(const QString &file, Mode mode, std::shared_ptr<const Vault> vault = {});
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Runs a script of statements separated by ";" at line ends.
    void script(std::string_view sql);
    /// Calls `take` for each row.
    void each(const char *sql, const QVariantList &values, const std::function<void(const RowView &)> &take);
    /// The number of rows changed.
    int run(const char *sql, const QVariantList &values = {});
    /// First column of the first row, or nothing.
    std::optional<std::int64_t> number(const char *sql, const QVariantList &values = {});
    std::optional<std::string> text(const char *sql, const QVariantList &values = {});

    void begin();
    void commit();
    void rollBack() noexcept;
    [[nodiscard]] bool inTransaction() const { return m_open; }

private:
    QSqlQuery &prepared(const char *sql, const QVariantList &values);

    struct Statements;
    std::shared_ptr<const Vault> m_vault;
    QString m_name;
    Mode m_mode;
    std::unique_ptr<Statements> m_statements;
    bool m_open = false;
};

/// Rolls back unless committed.
class Work {
public:
    explicit Work(Connection &connection) : m_connection{connection} { m_connection.begin(); }
    ~Work()
    {
        if (m_connection.inTransaction())
            m_connection.rollBack();
    }
    Work(const Work &) = delete;
    Work &operator=(const Work &) = delete;
    void commit() { m_connection.commit(); }

private:
    Connection &m_connection;
};

} // namespace client::storage
