#include "client/storage/cache_store.h"
#include "client/storage/entity_table.h"

// The half of CacheStore that deals with pending intents and with windows of messages.
namespace client::storage {

std::optional<StoredRow> CacheStore::mergedRow(const EntityKey &key)
{
    return tableRow(key);
}

bool CacheStore::hasShadow(const EntityKey &key)
{
    return m_shadowKeys.contains(key);
}

std::vector<EntityKey> CacheStore::shadows()
{
    return {m_shadowKeys.begin(), m_shadowKeys.end()};
}

void CacheStore::makeShadow(const EntityKey &key)
{
    if (hasShadow(key))
        return;
    const auto row = tableRow(key);
    writeShadow(key, row);
    if (row)
        writeTable(key, *row, true);
}

void CacheStore::dropShadow(const EntityKey &key)
{
    bool exists = false;
    const auto row = shadowRow(key, &exists);
    if (!exists)
        return;
    m_connection.run("DELETE FROM shadow WHERE etype = ? AND eid = ?",
                     {static_cast<int>(key.type), sqlValue(key.id)});
    m_shadowKeys.erase(key);
    m_stale.erase(key);
    if (row)
        return writeTable(key, *row, false);
    const auto shown = tableRow(key);
    removeFromTable(key, shown ? shown->parent : std::nullopt);
}

void CacheStore::putMergedRow(const EntityKey &key, const std::optional<StoredRow> &row)
{
    const auto shown = tableRow(key);
    if (row)
        writeTable(key, *row, true);
    else if (shown)
        removeFromTable(key, shown->parent);
}

std::vector<EntityKey> CacheStore::takeStale()
{
    std::vector<EntityKey> all{m_stale.begin(), m_stale.end()};
    m_stale.clear();
    return all;
}

std::optional<std::int64_t> CacheStore::lowestMessage(const base::Uuid &conversation)
{
    return m_connection.number("SELECT lo FROM conversation WHERE id = ?", {sqlValue(conversation)});
}

void CacheStore::setLowestMessage(const base::Uuid &conversation, std::optional<std::int64_t> n)
{
    m_connection.run("UPDATE conversation SET lo = ? WHERE id = ?",
                     {n ? sqlValue(*n) : QVariant{}, sqlValue(conversation)});
    touched({protocol::EntityType::Conversation, conversation}, std::nullopt);
}

void CacheStore::wantWindow(const base::Uuid &conversation, bool urgent, std::int64_t q)
{
    const auto serial = number("window_serial") + 1;
    setNumber("window_serial", serial);
    m_connection.run(
        "INSERT INTO want_window(conv, urgent, serial, q) VALUES(?, ?, ?, ?) ON CONFLICT(conv) DO UPDATE"
        " SET urgent = max(urgent, excluded.urgent), serial = excluded.serial, q = max(q, excluded.q)",
        {sqlValue(conversation), urgent ? 1 : 0, sqlValue(serial), sqlValue(q)});
}

std::vector<WantedWindow> CacheStore::wantedWindows(std::size_t most)
{
    std::vector<WantedWindow> found;
    m_connection.each(
        "SELECT conv, urgent, serial, q FROM want_window ORDER BY urgent DESC, serial DESC LIMIT ?",
        {sqlValue(static_cast<std::int64_t>(most))}, [&found](const RowView &row) {
            found.push_back({row.uuid(0), row.integer(1) != 0, row.integer(2), row.integer(3)});
        });
    return found;
}

void CacheStore::windowArrived(const base::Uuid &conversation, std::int64_t serial)
{
    m_connection.run("DELETE FROM want_window WHERE conv = ? AND serial = ?",
                     {sqlValue(conversation), sqlValue(serial)});
}

void CacheStore::bundleBrought(const base::Uuid &conversation, std::int64_t asOf)
{
    m_connection.run("DELETE FROM want_window WHERE conv = ? AND q <= ?",
                     {sqlValue(conversation), sqlValue(asOf)});
}

void CacheStore::unwantWindow(const base::Uuid &conversation)
{
    m_connection.run("DELETE FROM want_window WHERE conv = ?", {sqlValue(conversation)});
}

bool CacheStore::isWindowWanted(const base::Uuid &conversation)
{
    return m_connection.number("SELECT 1 FROM want_window WHERE conv = ?", {sqlValue(conversation)})
        .has_value();
}

void CacheStore::forgetMessages(const base::Uuid &conversation, std::optional<std::int64_t> below)
{
    std::vector<base::Uuid> old;
    m_connection.each("SELECT id FROM message WHERE parent = ? AND pending = 0 AND n < ?",
                      {sqlValue(conversation), sqlValue(below.value_or(INT64_MAX))},
                      [&old](const RowView &row) { old.push_back(row.uuid(0)); });
    for (const auto &id : old) {
        removeServerRow({protocol::EntityType::Message, id});
        if (const EntityKey state{protocol::EntityType::MessageState, id}; !hasShadow(state))
            removeServerRow(state);
    }
    if (!below)
        for (const auto &[child, q] : children(conversation)) // states of messages that were not here
            if (!hasShadow(child))
                removeServerRow(child);
    setLowestMessage(conversation, below);
}

std::vector<std::pair<EntityKey, std::int64_t>> CacheStore::window(const base::Uuid &conversation)
{
    std::vector<std::pair<EntityKey, std::int64_t>> found;
    const auto id = sqlValue(conversation);
    const auto take = [&found](protocol::EntityType type) {
        return [&found, type](const RowView &row) {
            found.emplace_back(EntityKey{type, row.uuid(0)}, row.integer(1));
        };
    };
    const auto lo = sqlValue(lowestMessage(conversation).value_or(INT64_MAX));
    m_connection.each("SELECT id, q FROM message WHERE parent = ? AND n >= ?", {id, lo},
                      take(protocol::EntityType::Message));
    m_connection.each("SELECT s.id, s.q FROM mstate s JOIN message m ON m.id = s.id"
                      " WHERE s.parent = ? AND m.n >= ?",
                      {id, lo}, take(protocol::EntityType::MessageState));
    return found;
}

void CacheStore::quarantine(const EntityKey &key, const StoredRow &row, const std::string &why)
{
    m_connection.run("INSERT INTO quarantine(etype, eid, q, raw, why, scope, parent, sv)"
                     " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(etype, eid) DO UPDATE SET q = excluded.q,"
                     " raw = excluded.raw, why = excluded.why, scope = excluded.scope,"
                     " parent = excluded.parent, sv = excluded.sv",
                     {static_cast<int>(key.type), sqlValue(key.id), sqlValue(row.q), sqlBytes(row.json),
                      sqlValue(why), sqlValue(row.scope), sqlValue(row.parent), sqlValue(row.sv)});
}

std::int64_t CacheStore::quarantined()
{
    return m_connection.number("SELECT count(*) FROM quarantine").value_or(0);
}

std::vector<std::pair<EntityKey, StoredRow>> CacheStore::quarantinedRows()
{
    std::vector<std::pair<EntityKey, StoredRow>> found;
    m_connection.each("SELECT etype, eid, q, raw, scope, parent, sv FROM quarantine", {},
                      [&found](const RowView &row) {
                          const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(0)));
                          if (type)
                              found.emplace_back(EntityKey{*type, row.uuid(1)},
                                                 StoredRow{row.integer(2), row.text(4), row.maybeUuid(5), 0,
                                                           row.integer(6), row.text(3)});
                      });
    return found;
}

void CacheStore::release(const EntityKey &key)
{
    m_connection.run("DELETE FROM quarantine WHERE etype = ? AND eid = ?",
                     {static_cast<int>(key.type), sqlValue(key.id)});
}

std::vector<std::string> CacheStore::goneFiles(std::size_t most)
{
    std::vector<std::string> found;
    m_connection.each("SELECT id FROM gone_file LIMIT ?", {sqlValue(static_cast<std::int64_t>(most))},
                      [&found](const RowView &row) { found.push_back(row.text(0)); });
    return found;
}

void CacheStore::fileRemoved(const std::string &id)
{
    m_connection.run("DELETE FROM gone_file WHERE id = ?", {sqlValue(id)});
}

} // namespace client::storage
