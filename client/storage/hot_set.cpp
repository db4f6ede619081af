#include "client/storage/hot_set.h"

#include "shared/protocol/limits.h"

namespace client::storage {

namespace {

constexpr std::int64_t minute = 60'000;

} // namespace

void HotSet::opened(const base::Uuid &conversation, base::Timestamp now)
{
    m_cache.connection().run(
        "INSERT INTO opened(conv, at) VALUES(?, ?) ON CONFLICT(conv) DO UPDATE SET at = max(at, excluded.at)",
        {sqlValue(conversation), sqlValue(base::toMs(now) / minute * minute)});
}

bool HotSet::wasOpened(const base::Uuid &conversation, base::Timestamp since)
{
    return m_cache.connection()
        .number("SELECT 1 FROM opened WHERE conv = ? AND at >= ?",
                {sqlValue(conversation), sqlValue(base::toMs(since))})
        .has_value();
}

std::int64_t HotSet::usedBytes()
{
    auto &cache = m_cache.connection();
    const auto pages = cache.number("PRAGMA page_count").value_or(0);
    const auto unused = cache.number("PRAGMA freelist_count").value_or(0);
    return (pages - unused) * cache.number("PRAGMA page_size").value_or(4096);
}

std::vector<base::Uuid> HotSet::found(const char *sql, QVariantList values, std::size_t most,
                                      const std::set<base::Uuid> &kept)
{
    values.push_back(sqlValue(static_cast<std::int64_t>(most + kept.size())));
    std::vector<base::Uuid> ids;
    m_cache.connection().each(sql, values, [&](const RowView &row) {
        if (const auto id = row.uuid(0); ids.size() < most && !kept.contains(id))
            ids.push_back(id);
    });
    return ids;
}

std::vector<base::Uuid> HotSet::cold(const Search &search, const std::set<base::Uuid> &kept)
{
    return found("SELECT c.id FROM conversation c LEFT JOIN opened o ON o.conv = c.id"
                 " WHERE c.lo IS NOT NULL AND c.last_at < ? AND c.status = 'resolved' AND c.last_n > 0"
                 " AND coalesce(o.at, 0) < ? AND c.pending = 0"
                 " AND NOT EXISTS (SELECT 1 FROM want_window w WHERE w.conv = c.id)"
                 " ORDER BY c.last_at LIMIT ?",
                 {sqlValue(base::toMs(search.quietSince)), sqlValue(base::toMs(search.openedSince))},
                 search.most, kept);
}

std::vector<base::Uuid> HotSet::deep(std::size_t most, const std::set<base::Uuid> &kept)
{
    return found("SELECT c.id FROM conversation c LEFT JOIN opened o ON o.conv = c.id"
                 " WHERE c.lo IS NOT NULL AND c.last_n - c.lo >= ? AND c.pending = 0"
                 " AND NOT EXISTS (SELECT 1 FROM want_window w WHERE w.conv = c.id)"
                 " ORDER BY max(c.last_at, coalesce(o.at, 0)) LIMIT ?",
                 {sqlValue(static_cast<std::int64_t>(protocol::windowMessages))}, most, kept);
}

void HotSet::forget(const base::Uuid &conversation)
{
    m_cache.forgetMessages(conversation, std::nullopt);
}

void HotSet::trim(const base::Uuid &conversation)
{
    const auto lastN =
        m_cache.connection().number("SELECT last_n FROM conversation WHERE id = ?", {sqlValue(conversation)});
    if (lastN && *lastN > static_cast<std::int64_t>(protocol::windowMessages))
        m_cache.forgetMessages(conversation,
                               *lastN - static_cast<std::int64_t>(protocol::windowMessages) + 1);
}

void HotSet::giveBack()
{
    auto &cache = m_cache.connection();
    cache.run("INSERT INTO message_text(message_text, rank) VALUES('merge', 200)");
    cache.each("PRAGMA incremental_vacuum(500)", {}, [](const RowView &) {});
}

} // namespace client::storage
