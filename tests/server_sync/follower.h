#pragma once

#include "server/storage/database.h"
#include "server/sync/directory.h"
#include "server/sync/entity_registry.h"
#include "server/sync/page_reader.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tests {

/// What one agent may see, each row as text: revision, scope and value, by kind and id.
using View = std::map<std::pair<std::string, std::string>, std::string>;

/// What differs, in lines; empty for nothing.
std::string difference(const View &held, const View &wanted);

/// Follows one agent's view by deltas and windows, over any features: "old plus events is fresh" for whatever
/// is in the registries. Take one before a change, follow() after it, and compare view() with fresh().
class Follower {
public:
    /// All of it outlives this. Begins with a snapshot.
    Follower(server::storage::Database &database, server::sync::Directory &directory,
             const server::sync::EntityRegistry &entities, server::sync::Principal principal);

    /// Reads every change since the last time. Throws std::runtime_error when it is told to begin again.
    void follow();
    [[nodiscard]] View view() const;
    /// The same as one who comes new sees it.
    [[nodiscard]] View fresh();

private:
    struct Held {
        std::int64_t q = 0;
        std::string scope;
        std::string parent;
        std::int64_t sv = 0;
        std::string value;
    };
    using Rows = std::map<std::pair<std::string, std::string>, Held>;

    static View viewOf(const Rows &rows);
    std::vector<std::string> scopes(server::storage::Transaction &tx);
    Rows snapshot(server::storage::Transaction &tx);
    void addScope(server::storage::Transaction &tx, Rows &rows, const std::string &scope);
    void replaceWindow(server::storage::Transaction &tx, const std::string &conversation);
    void apply(server::storage::Transaction &tx, const server::sync::Page &page);
    void drop(const std::pair<std::string, std::string> &key);

    server::storage::Database &m_database;
    server::sync::Directory &m_directory;
    const server::sync::EntityRegistry &m_entities;
    server::sync::Principal m_principal;
    server::sync::PageReader m_pages;
    server::sync::Cursor m_cursor;
    std::vector<std::string> m_scopes;
    Rows m_rows;
};

} // namespace tests
