#include "client/storage/search_query.h"

#include "client/storage/search_index.h"

#include <QDate>
#include <QDateTime>

#include <algorithm>

namespace client::storage {

namespace {

/// One piece of the text: `operator:"value"`, `"phrase"`, `-word` or a word.
struct Piece {
    std::string text;  ///< as typed, with what follows it up to the next piece
    std::string name;  ///< before the colon, in small letters
    std::string value; ///< behind it, or what the quotes hold
    bool quoted = false;
    bool minus = false;
};

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

Piece takePiece(std::string_view &text)
{
    Piece piece;
    std::size_t at = 0;
    if (text.front() == '-' && text.size() > 1 && !isSpace(text[1])) {
        piece.minus = true;
        at = 1;
    }
    const auto word = at;
    while (at < text.size() && !isSpace(text[at]) && text[at] != ':' && text[at] != '"')
        ++at;
    if (at < text.size() && text[at] == ':' && at > word) {
        piece.name = std::string{text.substr(word, at - word)};
        std::transform(piece.name.begin(), piece.name.end(), piece.name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        ++at;
    }
    const auto begin = at;
    if (at < text.size() && text[at] == '"' && (at == word || !piece.name.empty())) {
        const auto end = std::min(text.find('"', at + 1), text.size());
        piece.value = std::string{text.substr(at + 1, end - at - 1)};
        piece.quoted = true;
        at = std::min(text.size(), end + 1);
    } else {
        while (at < text.size() && !isSpace(text[at]))
            ++at;
        piece.value = std::string{
            text.substr(piece.name.empty() ? word : begin, at - (piece.name.empty() ? word : begin))};
    }
    while (at < text.size() && isSpace(text[at]))
        ++at;
    piece.text = std::string{text.substr(0, at)};
    text.remove_prefix(at);
    return piece;
}

std::optional<base::Timestamp> startOfDay(const std::string &value, int daysLater)
{
    const auto day = QDate::fromString(QString::fromStdString(value), Qt::ISODate);
    if (!day.isValid())
        return std::nullopt;
    return base::fromMs(day.addDays(daysLater).startOfDay().toMSecsSinceEpoch());
}

/// False when it is no operator with a usable value.
bool takeOperator(const Piece &piece, SearchQuery &query)
{
    if (piece.value.empty())
        return false;
    for (const auto &[name, into] :
         {std::pair{"from", &query.from}, std::pair{"to", &query.to}, std::pair{"in", &query.inbox},
          std::pair{"label", &query.label}, std::pair{"assignee", &query.assignee}})
        if (piece.name == name) {
            *into = piece.value;
            return true;
        }
    if (piece.name == "status") {
        query.status = domain::conversationStatusFromText(piece.value);
        return query.status.has_value();
    }
    if (piece.name == "before") {
        query.before = startOfDay(piece.value, 0);
        return query.before.has_value();
    }
    if (piece.name == "after") {
        query.after = startOfDay(piece.value, 1);
        return query.after.has_value();
    }
    query.hasAttachment = query.hasAttachment || (piece.name == "has" && piece.value == "attachment");
    return piece.name == "has" && piece.value == "attachment";
}

} // namespace

std::string SearchQuery::plainText() const
{
    const auto &text = hasWords() || phrases.empty() ? words : phrases.front();
    const auto first = text.find_first_not_of(" \t\n");
    return first == std::string::npos ? std::string{}
                                      : text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

SearchQuery parseSearch(std::string_view text)
{
    SearchQuery query;
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty()) {
        const auto piece = takePiece(text);
        if (!piece.minus && !piece.name.empty() && takeOperator(piece, query))
            continue;
        if (!piece.name.empty())
            query.words += piece.text;
        else if (!piece.minus && !piece.quoted)
            query.words += piece.text;
        else if (!piece.value.empty()) // a quote that was just opened asks for nothing yet
            (piece.minus ? query.excluded : query.phrases).push_back(piece.value);
    }
    return query;
}

std::string matchExpression(const SearchQuery &query)
{
    auto expression = query.hasWords() ? matchExpression(query.words) : std::string{};
    if (query.hasWords() && expression.empty())
        return {}; // no letters, or writing without spaces
    // A trailing space: the last word of a phrase is finished.
    const auto phrase = [](const std::string &text) {
        auto words = matchExpression(text + " ");
        std::erase(words, '"');
        return words.empty() ? words : '"' + words + '"';
    };
    for (const auto &text : query.phrases)
        if (const auto words = phrase(text); !words.empty())
            expression += (expression.empty() ? "" : " ") + words;
    if (expression.empty())
        return {};
    for (const auto &text : query.excluded)
        if (const auto words = phrase(text); !words.empty())
            expression = "(" + expression + ") NOT " + words;
    return expression;
}

} // namespace client::storage
