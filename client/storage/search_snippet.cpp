#include "client/storage/search_snippet.h"

#include "shared/base/json.h"

#include <QString>

#include <algorithm>

namespace client::storage {

namespace {

constexpr int around = 40; // characters on each side

std::string oneLine(QString text)
{
    return text.simplified().toStdString();
}

std::string snippetOfBody(Connection &cache, const SearchQuery &query, std::int64_t searchKey)
{
    const auto body = QString::fromStdString(
        cache.text("SELECT body FROM message WHERE search_key = ?", {sqlValue(searchKey)}).value_or(""));
    const auto words = QString::fromStdString(query.plainText());
    const auto at = words.isEmpty() ? -1 : body.indexOf(words, 0, Qt::CaseInsensitive);
    const auto from = std::max<qsizetype>(0, at - around);
    const auto to = std::min(body.size(), std::max<qsizetype>(at, 0) + words.size() + around);
    auto piece = body.mid(from, to - from);
    if (at >= 0) {
        piece.insert(at - from + words.size(), QLatin1Char{snippetClose});
        piece.insert(at - from, QLatin1Char{snippetOpen});
    }
    return oneLine((from > 0 ? QStringLiteral("…") : QString{}) + piece +
                   (to < body.size() ? QStringLiteral("…") : QString{}));
}

// One question for all of them: each asks the index anew. What the index would look up one by one is a
// condition on what it finds (+), between the ends.
std::map<std::int64_t, std::string> snippetsByIndex(Connection &cache, const std::string &expression,
                                                    const std::vector<std::int64_t> &searchKeys)
{
    const auto [lowest, highest] = std::minmax_element(searchKeys.begin(), searchKeys.end());
    std::map<std::int64_t, std::string> all;
    cache.each("SELECT rowid, snippet(message_text, 0, char(2), char(3), '…', 16) FROM message_text"
               " WHERE message_text MATCH ? AND rowid BETWEEN ? AND ?"
               " AND +rowid IN (SELECT value FROM json_each(?))",
               {sqlValue(expression), sqlValue(*lowest), sqlValue(*highest),
                sqlValue(base::toText(base::Json(searchKeys)))},
               [&all](const RowView &row) {
                   all.emplace(row.integer(0), oneLine(QString::fromStdString(row.text(1))));
               });
    return all;
}

} // namespace

std::map<std::int64_t, std::string> snippetsOf(Connection &cache, const std::string &expression,
                                               const SearchQuery &query,
                                               const std::vector<std::int64_t> &searchKeys)
{
    if (searchKeys.empty())
        return {};
    if (!expression.empty())
        return snippetsByIndex(cache, expression, searchKeys);
    std::map<std::int64_t, std::string> all;
    for (const auto key : searchKeys)
        all.emplace(key, snippetOfBody(cache, query, key));
    return all;
}

} // namespace client::storage
