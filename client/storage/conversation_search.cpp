#include "client/storage/conversation_search.h"

#include "client/storage/search_filter.h"
#include "client/storage/search_index.h"

#include <algorithm>
#include <functional>
#include <map>

namespace client::storage {

namespace {

constexpr int hitsAPage = 400;
constexpr int hitsAtMost = 20 * hitsAPage;
constexpr int contactsAtMost = 200;
constexpr int scannedAtMost = 50 * hitsAPage; // messages read through where the index cannot help

struct Hit {
    std::int64_t activity = 0; // of the conversation
    std::int64_t key = 0;      // of the message in the index; 0: none
    std::optional<domain::MessageId> message;
    std::int64_t at = 0;
};

/// Conversations, each once.
using Found = std::map<base::Uuid, Hit>;

class Finder {
public:
    Finder(Connection &cache, const SearchQuery &query, int limit, const std::optional<domain::UserId> &me)
        : m_cache{cache}
        , m_query{query}
        , m_filter{cache, query, me}
        , m_limit{limit}
    {
    }

    Found run(const std::string &expression)
    {
        const bool isText = m_query.hasWords() || !m_query.phrases.empty();
        if (isText && !m_query.asksMessages()) {
            findByNumber(m_query.plainText());
            findByContact();
        }
        if (!expression.empty())
            findByText(expression);
        else if (isText || m_query.asksMessages())
            findByReading();
        else if (m_query.asksConversations())
            findByState();
        return std::move(m_found);
    }

private:
    void add(const base::Uuid &conversation, const Hit &hit)
    {
        if (!m_found.contains(conversation) && m_filter.takesConversation(conversation))
            m_found.emplace(conversation, hit);
    }

    void findByContact()
    {
        const auto pattern = sqlValue(likePattern(m_query.plainText()));
        m_cache.each(
            "SELECT c.id, c.last_at FROM contact p JOIN conversation c ON c.contact = p.id WHERE p.rowid IN"
            " (SELECT rowid FROM contact WHERE name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' LIMIT ?)",
            {pattern, pattern, contactsAtMost}, [this](const RowView &row) {
                add(row.uuid(0), {row.integer(1), 0, {}, row.integer(1)});
            });
    }

    void findByNumber(std::string words)
    {
        if (words.starts_with('#'))
            words.erase(0, 1);
        if (words.empty() || words.size() > 15 || words.find_first_not_of("0123456789") != std::string::npos)
            return;
        // 12 finds 12, 120-129, 1200-1299 …: a number of which the beginning was typed.
        const auto number = std::stoll(words);
        for (std::int64_t first = number, count = 1; count <= 1'000'000 && first < (1LL << 50);
             first *= 10, count *= 10) {
            m_cache.each(
                "SELECT id, last_at FROM conversation WHERE num BETWEEN ? AND ? ORDER BY num LIMIT 50",
                {sqlValue(first), sqlValue(first + count - 1)}, [this](const RowView &row) {
                    add(row.uuid(0), {row.integer(1), 0, {}, row.integer(1)});
                });
            if (number == 0)
                return;
        }
    }

    // The newest hit of each conversation, page by page, until there are enough conversations.
    void findByText(const std::string &expression)
    {
        std::int64_t below = INT64_MAX;
        const auto wanted = m_found.size() + static_cast<std::size_t>(m_limit);
        for (int seen = 0; seen < hitsAtMost && m_found.size() < wanted;) {
            std::vector<MessageHit> page;
            m_cache.each(m_query.asksMessages()
                             ? "SELECT t.rowid, m.parent, m.at, m.id, m.dir, m.row FROM message_text t"
                               " JOIN message m ON m.search_key = t.rowid"
                               " WHERE t.message_text MATCH ? AND t.rowid < ? ORDER BY t.rowid DESC LIMIT ?"
                             : "SELECT t.rowid, m.parent, m.at, m.id FROM message_text t"
                               " JOIN message m ON m.search_key = t.rowid"
                               " WHERE t.message_text MATCH ? AND t.rowid < ? ORDER BY t.rowid DESC LIMIT ?",
                         {sqlValue(expression), sqlValue(below), hitsAPage}, [&](const RowView &row) {
                             page.push_back(messageHit(row, m_query.asksMessages()));
                         });
            for (const auto &hit : page)
                take(hit);
            seen += static_cast<int>(page.size());
            if (page.size() < hitsAPage)
                return;
            below = page.back().key;
        }
    }

    // Writing without spaces, or no words at all: read through the newest messages.
    void findByReading()
    {
        const auto pattern = sqlValue(likePattern(m_query.plainText()));
        std::vector<MessageHit> hits;
        m_cache.each(
            "SELECT m.search_key, m.parent, m.at, m.id, m.dir, m.row FROM"
            " (SELECT * FROM message WHERE search_key IS NOT NULL ORDER BY search_key DESC LIMIT ?) m"
            " WHERE m.body LIKE ? ESCAPE '\\' ORDER BY m.search_key DESC",
            {scannedAtMost, pattern}, [&](const RowView &row) { hits.push_back(messageHit(row, true)); });
        for (const auto &hit : hits)
            take(hit);
    }

    void findByState()
    {
        std::vector<std::pair<base::Uuid, std::int64_t>> all;
        m_cache.each("SELECT id, last_at FROM conversation ORDER BY last_at DESC LIMIT ?", {scannedAtMost},
                     [&all](const RowView &row) { all.emplace_back(row.uuid(0), row.integer(1)); });
        for (const auto &[id, at] : all)
            if (static_cast<int>(m_found.size()) < m_limit)
                add(id, {at, 0, {}, at});
    }

    void take(const MessageHit &hit)
    {
        const auto known = m_found.find(hit.conversation);
        if ((known != m_found.end() && known->second.message) || !m_filter.takesMessage(hit))
            return;
        const auto activity =
            m_cache.number("SELECT last_at FROM conversation WHERE id = ?", {sqlValue(hit.conversation)});
        if (!activity)
            return;
        const Hit found{*activity, hit.key, domain::MessageId{hit.id}, hit.at};
        if (known != m_found.end())
            known->second = found; // found by its contact as well: the words say more
        else
            add(hit.conversation, found);
    }

    Connection &m_cache;
    const SearchQuery &m_query;
    SearchFilter m_filter;
    int m_limit;
    Found m_found;
};

} // namespace

std::vector<SearchHit> searchConversations(Connection &cache, const SearchQuery &query, int limit,
                                           const std::optional<domain::UserId> &me, bool withSnippets)
{
    const auto expression = completed(cache, matchExpression(query));
    const auto found = Finder{cache, query, limit, me}.run(expression);
    std::vector<std::pair<std::int64_t, base::Uuid>> newest;
    for (const auto &[id, hit] : found)
        newest.emplace_back(hit.activity, id);
    std::sort(newest.begin(), newest.end(), std::greater{});
    newest.resize(std::min(newest.size(), static_cast<std::size_t>(std::max(0, limit))));
    std::vector<SearchHit> all;
    std::vector<std::int64_t> keys;
    for (const auto &[activity, id] : newest) {
        const auto &hit = found.at(id);
        all.push_back({{id}, hit.message, base::fromMs(hit.at), {}});
        if (withSnippets && hit.message)
            keys.push_back(hit.key);
    }
    auto snippets = snippetsOf(cache, expression, query, keys);
    for (auto &hit : all)
        if (const auto snippet = snippets.find(found.at(hit.conversation.value).key);
            hit.message && snippet != snippets.end())
            hit.snippet = std::move(snippet->second);
    return all;
}

} // namespace client::storage
