#include "client/widgets/palette/palette_source.h"

#include <algorithm>

namespace {

// Lower case without accents, so that "lea" finds "Léa".
QString folded(const QString &text)
{
    const bool isPlain = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() < 0x80; });
    if (isPlain)
        return text.toLower();
    QString out;
    const auto decomposed = text.normalized(QString::NormalizationForm_D);
    out.reserve(decomposed.size());
    for (const QChar c : decomposed) {
        if (c.category() != QChar::Mark_NonSpacing)
            out += c.toLower();
    }
    return out;
}

bool startsWord(const QString &text, qsizetype at)
{
    return at == 0 || (!text.at(at - 1).isLetterOrNumber() && text.at(at).isLetterOrNumber());
}

// One word of the query, letters in order; greedy from every start of a word, then from anywhere.
double wordScore(const QString &word, const QString &text)
{
    if (const auto whole = text.indexOf(word); whole >= 0) {
        auto at = whole;
        while (at >= 0 && !startsWord(text, at))
            at = text.indexOf(word, at + 1);
        const bool atStart = at >= 0;
        const double share = static_cast<double>(word.size()) / static_cast<double>(text.size());
        return (atStart ? 8 : 4) + share + (whole == 0 ? 2 : 0);
    }
    double best = 0;
    for (qsizetype start = 0; start < text.size(); ++start) {
        if (text.at(start) != word.at(0))
            continue;
        double score = startsWord(text, start) ? 1.5 : .3;
        qsizetype last = start;
        qsizetype matched = 1;
        for (qsizetype i = start + 1; i < text.size() && matched < word.size(); ++i) {
            if (text.at(i) != word.at(matched))
                continue;
            score += i == last + 1 ? 1 : startsWord(text, i) ? 1.2 : .2;
            last = i;
            ++matched;
        }
        if (matched == word.size())
            best = qMax(best, score * 2 / static_cast<double>(word.size()));
    }
    // Scattered letters in a long text mean nothing.
    return best >= 1 ? best : 0;
}

} // namespace

namespace client::widgets {

FuzzyQuery::FuzzyQuery(const QString &query)
    : m_words{folded(query.left(200)).split(QLatin1Char(' '), Qt::SkipEmptyParts)}
{
}

double FuzzyQuery::score(const QString &text) const
{
    if (m_words.isEmpty())
        return 1;
    if (text.isEmpty())
        return 0;
    const auto haystack = folded(text.left(300));
    double total = 0;
    for (const auto &word : m_words) {
        const double score = wordScore(word, haystack);
        if (score <= 0)
            return 0;
        total += score;
    }
    return total / static_cast<double>(m_words.size());
}

double fuzzyScore(const QString &query, const QString &text)
{
    return FuzzyQuery{query}.score(text);
}

} // namespace client::widgets
