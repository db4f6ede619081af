#include "client/storage/conversation_search.h"

#include "client/storage/search_index.h"

#include <algorithm>
#include <map>

namespace client::storage {

namespace {

constexpr int hitsAPage = 400;
constexpr int hitsAtMost = 20 * hitsAPage;
constexpr int contactsAtMost = 200;
constexpr int scannedAtMost = 50 * hitsAPage; // messages read through for writing without spaces

/// Conversations with their newest activity, each once.
using Found = std::map<base::Uuid, std::int64_t>;

std::string likePattern(const std::string &words)
{
    std::string pattern = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

void findByContact(Connection &cache, const std::string &words, Found &found)
{
    const auto pattern = sqlValue(likePattern(words));
    cache.each(
        "SELECT c.id, c.last_at FROM contact p JOIN conversation c ON c.contact = p.id WHERE p.rowid IN"
        " (SELECT rowid FROM contact WHERE name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' LIMIT ?)",
        {pattern, pattern, contactsAtMost},
        [&found](const RowView &row) { found.emplace(row.uuid(0), row.integer(1)); });
}

void findByNumber(Connection &cache, std::string words, Found &found)
{
    if (words.starts_with('#'))
        words.erase(0, 1);
    if (words.empty() || words.size() > 15 || words.find_first_not_of("0123456789") != std::string::npos)
        return;
    // 12 finds 12, 120-129, 1200-1299 …: a number of which the beginning was typed.
    const auto number = std::stoll(words);
    for (std::int64_t first = number, count = 1; count <= 1'000'000 && first < (1LL << 50);
         first *= 10, count *= 10) {
        cache.each("SELECT id, last_at FROM conversation WHERE num BETWEEN ? AND ? ORDER BY num LIMIT 50",
                   {sqlValue(first), sqlValue(first + count - 1)},
                   [&found](const RowView &row) { found.emplace(row.uuid(0), row.integer(1)); });
        if (number == 0)
            return;
    }
}

void findByText(Connection &cache, const std::string &expression, int limit, Found &found)
{
    Found hits;
    std::int64_t below = INT64_MAX;
    for (int seen = 0; seen < hitsAtMost && static_cast<int>(hits.size()) < limit;) {
        int page = 0;
        cache.each(
            "SELECT t.rowid, m.parent, m.at FROM message_text t JOIN message m ON m.search_key = t.rowid"
            " WHERE t.message_text MATCH ? AND t.rowid < ? ORDER BY t.rowid DESC LIMIT ?",
            {sqlValue(expression), sqlValue(below), hitsAPage}, [&](const RowView &row) {
                below = row.integer(0);
                ++page;
                hits.emplace(row.uuid(1), row.integer(2));
            });
        seen += page;
        if (page < hitsAPage)
            break;
    }
    for (const auto &[id, at] : hits)
        cache.each("SELECT id, last_at FROM conversation WHERE id = ?", {sqlValue(id)},
                   [&found](const RowView &row) { found.emplace(row.uuid(0), row.integer(1)); });
}

// Writing without spaces: read through the newest messages.
void findByReading(Connection &cache, const std::string &words, Found &found)
{
    cache.each("SELECT c.id, c.last_at FROM (SELECT parent, body FROM message WHERE search_key IS NOT NULL"
               " ORDER BY search_key DESC LIMIT ?) m JOIN conversation c ON c.id = m.parent"
               " WHERE m.body LIKE ? ESCAPE '\\'",
               {scannedAtMost, sqlValue(likePattern(words))},
               [&found](const RowView &row) { found.emplace(row.uuid(0), row.integer(1)); });
}

} // namespace

std::vector<domain::ConversationId> findConversations(Connection &cache, const std::string &words, int limit)
{
    Found found;
    findByNumber(cache, words, found);
    findByContact(cache, words, found);
    if (const auto expression = matchExpression(words); !expression.empty())
        findByText(cache, expression, limit, found);
    else
        findByReading(cache, words, found);

    std::vector<std::pair<std::int64_t, base::Uuid>> newest;
    for (const auto &[id, at] : found)
        newest.emplace_back(at, id);
    std::sort(newest.begin(), newest.end(), std::greater{});
    std::vector<domain::ConversationId> all;
    for (const auto &[at, id] : newest) {
        if (static_cast<int>(all.size()) == limit)
            break;
        all.push_back({id});
    }
    return all;
}

} // namespace client::storage
