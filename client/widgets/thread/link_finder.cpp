#include "client/widgets/thread/link_finder.h"

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::size_t maxLinks = 200;
constexpr qsizetype maxLinkLength = 2048;

bool endsLink(QChar c)
{
    return c.isSpace() || c == u'<' || c == u'>' || c == u'"' || c == QChar::LineSeparator ||
           c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
}

// "(see https://a.example/b)." ends before the bracket and the full stop.
qsizetype trimmedEnd(QStringView text, qsizetype start, qsizetype end)
{
    while (end > start) {
        const QChar last = text.at(end - 1);
        if (QStringView{u".,;:!?'*_"}.contains(last)) {
            --end;
            continue;
        }
        const QChar open = last == u')' ? u'(' : last == u']' ? u'[' : QChar{};
        if (open.isNull())
            break;
        const auto inside = text.sliced(start, end - start);
        if (inside.count(open) >= inside.count(last))
            break;
        --end;
    }
    return end;
}

QStringView schemeAt(QStringView rest)
{
    for (const auto scheme : {QStringView{u"https://"}, QStringView{u"http://"}, QStringView{u"mailto:"}}) {
        if (rest.startsWith(scheme, Qt::CaseInsensitive))
            return scheme;
    }
    return {};
}

bool isUsable(const QUrl &url)
{
    if (!url.isValid())
        return false;
    if (url.scheme() == u"mailto"_s)
        return url.path().contains(u'@');
    return (url.scheme() == u"http"_s || url.scheme() == u"https"_s) && !url.host().isEmpty();
}

} // namespace

namespace client::widgets {

std::vector<TextLink> findLinks(const QString &text)
{
    std::vector<TextLink> links;
    const QStringView all{text};
    qsizetype at = 0;
    while (at < all.size() && links.size() < maxLinks) {
        const QChar c = all.at(at);
        const bool mayStart = c == u'h' || c == u'H' || c == u'm' || c == u'M';
        const bool atWord = at == 0 || !all.at(at - 1).isLetterOrNumber();
        const auto scheme = mayStart && atWord ? schemeAt(all.sliced(at)) : QStringView{};
        if (scheme.isEmpty()) {
            ++at;
            continue;
        }
        qsizetype end = at + scheme.size();
        while (end < all.size() && end - at < maxLinkLength && !endsLink(all.at(end)))
            ++end;
        end = trimmedEnd(all, at, end);
        const QUrl url{all.sliced(at, end - at).toString(), QUrl::TolerantMode};
        if (end > at + scheme.size() && isUsable(url))
            links.push_back({static_cast<int>(at), static_cast<int>(end - at), url});
        at = qMax(end, at + 1);
    }
    return links;
}

} // namespace client::widgets
