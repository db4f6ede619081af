#pragma once

#include "server/storage/row.h"

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace server::storage {

/// The database refused or failed: disk full, corruption, a broken statement. Caught at the boundaries only.
class StorageError : public std::runtime_error {
public:
    StorageError(int code, const std::string &what) : std::runtime_error{what}, m_code{code} {}
    /// SQLite's extended result code.
    [[nodiscard]] int code() const { return m_code; }
    /// A UNIQUE or PRIMARY KEY constraint said no.
    [[nodiscard]] bool isDuplicate() const;
    /// No space left for the database.
    [[nodiscard]] bool isFull() const;

private:
    int m_code;
};

/// Statements inside one transaction. Every text is prepared once per connection and kept, so pass literals,
/// never glued SQL. Not for use by two threads; lives no longer than its transaction. Throws StorageError.
class Transaction {
public:
    virtual ~Transaction() = default;
    /// The first row, or nothing.
    virtual std::optional<Row> one(std::string_view sql, const std::vector<Value> &values = {}) = 0;
    virtual std::vector<Row> all(std::string_view sql, const std::vector<Value> &values = {}) = 0;
    /// Calls `take` for each row until it returns false; nothing is collected.
    virtual void each(std::string_view sql, const std::vector<Value> &values,
                      const std::function<bool(const Row &)> &take) = 0;
    /// Runs a change; the number of rows it touched.
    virtual std::int64_t run(std::string_view sql, const std::vector<Value> &values = {}) = 0;
    /// The rowid of the newest INSERT on this connection.
    virtual std::int64_t lastInsertId() = 0;
};

} // namespace server::storage
