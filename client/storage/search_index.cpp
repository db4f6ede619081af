#include "client/storage/search_index.h"

#include <QString>

#include <algorithm>
#include <cctype>
#include <vector>

namespace client::storage {

namespace {

// Below that the index knows beginnings itself; beyond that many words the detour costs more than it saves.
constexpr std::size_t shortestCompleted = 3;
constexpr std::size_t mostCompletions = 48;

// Room for messages of one millisecond.
constexpr std::int64_t keysAMillisecond = 1024;

bool isWrittenWithoutSpaces(QChar::Script script)
{
    switch (script) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return true;
    default:
        return false;
    }
}

struct Unindexed {
    std::int64_t row = 0;
    std::int64_t at = 0;
    std::string id;
    std::string body;
};

// The id's last bits are random: hardly ever are two of a millisecond in each other's way.
std::int64_t wishedKey(const Unindexed &row)
{
    const auto byte = [&row](std::size_t fromEnd) -> std::int64_t {
        return row.id.size() >= fromEnd ? static_cast<unsigned char>(row.id[row.id.size() - fromEnd]) : 0;
    };
    return row.at * keysAMillisecond + (byte(2) << 8 | byte(1)) % keysAMillisecond;
}

} // namespace

std::string_view SearchIndex::schema()
{
    // A trigger stands on one line: scripts are divided at semicolons that end a line.
    return R"(
ALTER TABLE message ADD COLUMN search_key INTEGER;
CREATE UNIQUE INDEX message_search_key ON message(search_key) WHERE search_key IS NOT NULL;
CREATE INDEX message_unindexed ON message(at) WHERE search_key IS NULL AND kind <> 'activity';
CREATE INDEX contact_names ON contact(name, email);
CREATE VIRTUAL TABLE message_text USING fts5(body, content='message', content_rowid='search_key', tokenize='unicode61 remove_diacritics 2', prefix='2');
CREATE TRIGGER message_text_gone AFTER DELETE ON message WHEN old.search_key IS NOT NULL BEGIN INSERT INTO message_text(message_text, rowid, body) VALUES('delete', old.search_key, old.body); END;
CREATE TRIGGER message_text_changed AFTER UPDATE OF body ON message WHEN old.search_key IS NOT NULL AND old.body IS NOT new.body BEGIN INSERT INTO message_text(message_text, rowid, body) VALUES('delete', old.search_key, old.body); INSERT INTO message_text(rowid, body) VALUES(new.search_key, new.body); END;
)";
}

std::string_view SearchIndex::wordsSchema()
{
    return "CREATE VIRTUAL TABLE message_words USING fts5vocab(message_text, instance);\n";
}

std::size_t SearchIndex::index(std::size_t most)
{
    std::vector<Unindexed> rows;
    m_connection.each(
        "SELECT rowid, at, id, body FROM message WHERE search_key IS NULL AND kind <> 'activity'"
        " ORDER BY at DESC LIMIT ?",
        {sqlValue(static_cast<std::int64_t>(most))}, [&rows](const RowView &row) {
            rows.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3)});
        });
    if (rows.empty())
        return 0;
    Work work{m_connection};
    for (const auto &row : rows) {
        auto key = wishedKey(row);
        while (m_connection.run("UPDATE OR IGNORE message SET search_key = ? WHERE rowid = ?",
                                {sqlValue(key), sqlValue(row.row)}) == 0)
            ++key;
        m_connection.run("INSERT INTO message_text(rowid, body) VALUES(?, ?)",
                         {sqlValue(key), sqlValue(row.body)});
    }
    work.commit();
    return rows.size();
}

std::string matchExpression(std::string_view words)
{
    const auto text = QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()));
    QStringList found;
    QString word;
    const auto flush = [&] {
        if (!word.isEmpty())
            found.push_back(word);
        word.clear();
    };
    for (const auto point : text.toUcs4()) {
        if (isWrittenWithoutSpaces(QChar::script(point)))
            return {};
        // What joins letters (accents, vowel signs) is part of the word, as it is for the index.
        if (QChar::isLetterOrNumber(point) || QChar::isMark(point))
            word += QString::fromUcs4(reinterpret_cast<const char32_t *>(&point), 1);
        else
            flush();
    }
    bool open = !word.isEmpty();
    flush();
    if (found.isEmpty())
        return {};
    // A third of all words begin with some letter, and the index knows beginnings of two letters: one alone
    // is taken as a word, and behind others it says nothing yet.
    if (open && found.last().size() == 1) {
        open = false;
        if (found.size() > 1)
            found.removeLast();
    }
    auto expression = QLatin1Char('"') + found.join(QStringLiteral("\" \"")) + QLatin1Char('"');
    if (open)
        expression += QLatin1Char('*');
    return expression.toStdString();
}

std::string completed(Connection &cache, std::string expression)
{
    const auto star = expression.find("\"*");
    const auto open =
        star == std::string::npos || star == 0 ? std::string::npos : expression.rfind('"', star - 1);
    if (open == std::string::npos)
        return expression;
    auto beginning = expression.substr(open + 1, star - open - 1);
    const auto isPlain = [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; };
    if (beginning.size() < shortestCompleted || !std::all_of(beginning.begin(), beginning.end(), isPlain))
        return expression; // how the index folds other letters is its own affair
    std::transform(beginning.begin(), beginning.end(), beginning.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string words;
    std::size_t count = 0;
    for (auto from = beginning;; ++count) {
        const auto word =
            cache.text("SELECT term FROM message_words WHERE term >= ? LIMIT 1", {sqlValue(from)});
        if (!word || !word->starts_with(beginning))
            break;
        if (count == mostCompletions)
            return expression;
        words += (words.empty() ? "\"" : " OR \"") + *word + '"';
        from = *word + '\x01'; // less than any letter: the next word
    }
    if (count == 0)
        return expression;
    const auto before = expression.substr(0, open);
    const auto after = expression.substr(star + 2);
    // What stands side by side needs its AND spelled out beside brackets.
    return before + (before.ends_with(' ') ? "AND (" : "(") + words + ')' +
           (after.starts_with(" \"") ? " AND" : "") + after;
}

} // namespace client::storage
