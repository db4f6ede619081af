#pragma once

#include "server/storage/transaction.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace server::storage {

/// One connection to the database file with its kept statements. One thread at a time. Throws StorageError.
class SqliteConnection : public Transaction {
public:
    /// Opens or makes the file.
    explicit SqliteConnection(const std::string &file);
    ~SqliteConnection() override;
    SqliteConnection(const SqliteConnection &) = delete;
    SqliteConnection &operator=(const SqliteConnection &) = delete;

    std::optional<Row> one(std::string_view sql, const std::vector<Value> &values = {}) override;
    std::vector<Row> all(std::string_view sql, const std::vector<Value> &values = {}) override;
    void each(std::string_view sql, const std::vector<Value> &values,
              const std::function<bool(const Row &)> &take) override;
    std::int64_t run(std::string_view sql, const std::vector<Value> &values = {}) override;
    std::int64_t lastInsertId() override;

    /// Runs one or more statements without values and without an answer; not kept.
    void script(const std::string &sql);
    /// Between BEGIN and its end. SQLite itself rolls back when the disk is full or fails.
    [[nodiscard]] bool inTransaction() const;

private:
    struct Kept {
        sqlite3_stmt *statement = nullptr;
        bool busy = false; ///< being stepped: a statement run again inside its own callback gets a copy
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    class Use;

    sqlite3_stmt *prepare(std::string_view sql, bool keep);
    [[noreturn]] void fail(std::string_view sql) const;

    sqlite3 *m_handle = nullptr;
    std::unordered_map<std::string, Kept, Hash, std::equal_to<>> m_kept;
};

} // namespace server::storage
