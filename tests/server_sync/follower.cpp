#include "tests/server_sync/follower.h"

#include "server/sync/bulk_reader.h"
#include "shared/base/json.h"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>

namespace tests {

namespace {

using base::Json;
using server::storage::Transaction;
using server::sync::BulkReader;

std::pair<std::string, std::string> keyOf(const Json &row)
{
    return {row["t"], row["id"]};
}

bool isChild(const std::string &kind)
{
    return kind == "message" || kind == "mstate";
}

} // namespace

std::string difference(const View &held, const View &wanted)
{
    std::string text;
    for (const auto &[key, row] : held) {
        const auto found = wanted.find(key);
        if (found == wanted.end())
            text += "\n  surplus " + key.first + " " + key.second + ": " + row;
        else if (found->second != row)
            text +=
                "\n  differs " + key.first + " " + key.second + ": " + row + "\n    wanted " + found->second;
    }
    for (const auto &[key, row] : wanted)
        if (!held.contains(key))
            text += "\n  missing " + key.first + " " + key.second + ": " + row;
    return text;
}

Follower::Follower(server::storage::Database &database, server::sync::Directory &directory,
                   const server::sync::EntityRegistry &entities, server::sync::Principal principal)
    : m_database{database}
    , m_directory{directory}
    , m_entities{entities}
    , m_principal{std::move(principal)}
    , m_pages{entities}
{
    m_database.read([&](Transaction &tx) {
        m_rows = snapshot(tx);
        m_scopes = scopes(tx);
        const auto head = server::sync::readHead(tx, m_principal.account);
        m_cursor = {head.epoch, head.head};
    });
}

std::vector<std::string> Follower::scopes(Transaction &tx)
{
    return m_directory.scopes(tx, m_principal);
}

View Follower::viewOf(const Rows &rows)
{
    View view;
    for (const auto &[key, row] : rows)
        view[key] = std::to_string(row.q) + " " + row.scope + " " + row.value;
    return view;
}

View Follower::view() const
{
    return viewOf(m_rows);
}

View Follower::fresh()
{
    View view;
    m_database.read([&](Transaction &tx) { view = viewOf(snapshot(tx)); });
    return view;
}

Follower::Rows Follower::snapshot(Transaction &tx)
{
    Rows rows;
    for (const auto &scope : scopes(tx))
        addScope(tx, rows, scope);
    return rows;
}

void Follower::addScope(Transaction &tx, Rows &rows, const std::string &scope)
{
    const BulkReader reader{m_entities};
    std::string token;
    for (bool last = false; !last;) {
        const auto bundle = reader.bundle(tx, m_principal.account, scope, 1, token);
        if (!bundle)
            throw std::runtime_error{"no bundle of " + scope};
        token = bundle->token;
        last = bundle->last;
        const auto frame = Json::parse(bundle->frame);
        for (const auto &row : frame["rows"])
            rows[keyOf(row)] = {row["q"], scope, row.value("p", ""), row.value("sv", std::int64_t{0}),
                                base::toText(row["v"])};
    }
}

void Follower::follow()
{
    m_database.read([&](Transaction &tx) {
        const auto now = scopes(tx);
        std::erase_if(m_rows, [&](const auto &row) {
            return std::find(now.begin(), now.end(), row.second.scope) == now.end();
        });
        for (const auto &scope : now)
            if (std::find(m_scopes.begin(), m_scopes.end(), scope) == m_scopes.end())
                addScope(tx, m_rows, scope);
        m_scopes = now;
        for (bool more = true; more;) {
            const auto page = m_pages.read(tx, m_principal.account, m_scopes, m_cursor,
                                           std::numeric_limits<std::int64_t>::max());
            if (page.reset != server::sync::ResetReason::None)
                throw std::runtime_error{"told to begin again"};
            apply(tx, page);
            m_cursor.q = page.to;
            more = page.more;
        }
    });
}

void Follower::apply(Transaction &tx, const server::sync::Page &page)
{
    for (const auto &row : Json::parse("[" + page.changes + "]")) {
        const auto key = keyOf(row);
        const auto &scope = m_scopes.at(row["s"].get<std::size_t>());
        const std::int64_t q = row["q"];
        const auto held = m_rows.find(key);
        if (row.contains("o")) {
            const bool leaves = row["o"] == "x";
            if (held != m_rows.end() && held->second.q < q && (!leaves || held->second.scope == scope))
                drop(key);
            continue;
        }
        if (held != m_rows.end() && held->second.q >= q)
            continue;
        const std::int64_t sv = row.value("sv", std::int64_t{0});
        const bool entered = key.first == "conversation" && (held == m_rows.end() || held->second.sv != sv);
        m_rows[key] = {q, scope, row.value("p", ""), sv, base::toText(row["v"])};
        if (entered)
            replaceWindow(tx, key.second);
    }
}

void Follower::replaceWindow(Transaction &tx, const std::string &conversation)
{
    const auto frame = Json::parse(BulkReader{m_entities}.window(tx, m_principal.account, m_scopes,
                                                                 *base::Uuid::parse(conversation), 0, 50));
    if (!frame["visible"].get<bool>())
        return;
    std::erase_if(m_rows, [&](const auto &row) {
        return isChild(row.first.first) && row.second.parent == conversation;
    });
    for (const auto &row : frame["rows"])
        m_rows[keyOf(row)] = {row["q"], m_rows[{"conversation", conversation}].scope, conversation, 0,
                              base::toText(row["v"])};
}

void Follower::drop(const std::pair<std::string, std::string> &key)
{
    if (key.first == "conversation")
        std::erase_if(m_rows, [&](const auto &row) {
            return isChild(row.first.first) && row.second.parent == key.second;
        });
    m_rows.erase(key);
}

} // namespace tests
