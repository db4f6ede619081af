#include "client/storage/search_snippet.h"

#include <QString>

namespace client::storage {

namespace {

constexpr int around = 40; // characters on each side

std::string oneLine(QString text)
{
    return text.simplified().toStdString();
}

} // namespace

std::string snippetOf(Connection &cache, const std::string &expression, const SearchQuery &query,
                      std::int64_t searchKey)
{
    if (!expression.empty()) {
        const auto text = cache.text("SELECT snippet(message_text, 0, char(2), char(3), '…', 16)"
                                     " FROM message_text WHERE message_text MATCH ? AND rowid = ?",
                                     {sqlValue(expression), sqlValue(searchKey)});
        return oneLine(QString::fromStdString(text.value_or("")));
    }
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

} // namespace client::storage
