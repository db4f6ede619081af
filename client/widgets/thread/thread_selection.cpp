#include "client/widgets/thread/thread_selection.h"

#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_text.h"

#include <QStringList>

namespace client::widgets {

void ThreadSelection::set(ThreadPosition anchor, ThreadPosition cursor)
{
    m_anchor = anchor;
    m_cursor = cursor;
}

std::pair<int, int> ThreadSelection::rangeIn(int item, int length) const
{
    if (isEmpty() || item < start().item || item > end().item)
        return {-1, -1};
    const int from = item == start().item ? std::min(start().offset, length) : 0;
    const int to = item == end().item ? std::min(end().offset, length) : length;
    return {from, to};
}

QString ThreadSelection::text(const ThreadModel &model) const
{
    if (isEmpty())
        return {};
    if (start().item == end().item) {
        const auto item = model.item(start().item);
        return shownText(item).mid(start().offset, end().offset - start().offset);
    }
    QStringList parts;
    for (int i = start().item; i <= end().item && i < model.count(); ++i) {
        const auto item = model.item(i);
        if (item.kind == ThreadItemKind::Day || item.kind == ThreadItemKind::NewLine)
            continue;
        const auto whole = shownText(item);
        const auto [from, to] = rangeIn(i, static_cast<int>(whole.size()));
        const auto text = whole.isEmpty() ? copiedText(item) : whole.mid(from, to - from);
        if (text.isEmpty())
            continue;
        if (!isMessage(item.kind)) {
            parts << text;
            continue;
        }
        QStringList head{item.author, item.time};
        head.removeAll(QString{});
        parts << head.join(QStringLiteral(", ")) + QLatin1Char('\n') + text;
    }
    return parts.join(QStringLiteral("\n\n"));
}

void ThreadSelection::itemsInserted(int first, int count)
{
    for (auto *position : {&m_anchor, &m_cursor}) {
        if (position->item >= first)
            position->item += count;
    }
}

void ThreadSelection::itemsRemoved(int first, int count)
{
    for (auto *position : {&m_anchor, &m_cursor}) {
        if (position->item >= first + count) {
            position->item -= count;
        } else if (position->item >= first) {
            clear();
            return;
        }
    }
}

} // namespace client::widgets
