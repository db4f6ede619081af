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

void CacheStore::quarantine(const EntityKey &key, std::int64_t q, const std::string &raw,
                            const std::string &why)
{
    m_connection.run(
        "INSERT INTO quarantine(etype, eid, q, raw, why) VALUES(?, ?, ?, ?, ?)"
        " ON CONFLICT(etype, eid) DO UPDATE SET q = excluded.q, raw = excluded.raw, why = excluded.why",
        {static_cast<int>(key.type), sqlValue(key.id), sqlValue(q), sqlBytes(raw), sqlValue(why)});
}

std::int64_t CacheStore::quarantined()
{
    return m_connection.number("SELECT count(*) FROM quarantine").value_or(0);
}

} // namespace client::storage
