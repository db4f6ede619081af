#include "client/widgets/thread/thread_caret.h"

#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_scroller.h"
#include "client/widgets/thread/thread_text.h"

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTextBoundaryFinder>

namespace client::widgets {

ThreadCaret::ThreadCaret(QAbstractScrollArea &area, ThreadScroller &scroller)
    : m_area{area}
    , m_scroller{scroller}
{
}

QString ThreadCaret::selectedText() const
{
    return m_scroller.model() ? m_selection.text(*m_scroller.model()) : QString{};
}

void ThreadCaret::reset()
{
    m_current = -1;
    m_selection.clear();
}

void ThreadCaret::itemsInserted(int first, int count)
{
    m_selection.itemsInserted(first, count);
    if (m_current >= first)
        m_current += count;
}

void ThreadCaret::itemsRemoved(int first, int count)
{
    m_selection.itemsRemoved(first, count);
    if (m_current >= first + count)
        m_current -= count;
    else if (m_current >= first)
        m_current = -1;
}

void ThreadCaret::setCurrent(int index)
{
    if (index >= m_scroller.layout().count())
        return;
    m_current = index;
    if (index >= 0) {
        m_scroller.layout().ensureBox(index);
        m_scroller.settle();
        const auto rect = m_scroller.itemRect(index);
        auto *bar = m_area.verticalScrollBar();
        const int height = m_area.viewport()->height();
        if (rect.top() < 0)
            bar->setValue(bar->value() + rect.top() - 12);
        else if (rect.bottom() > height)
            bar->setValue(bar->value() + std::min(rect.top(), rect.bottom() - height) + 12);
        QAccessibleEvent event{&m_area, QAccessible::Focus};
        event.setChild(index);
        QAccessible::updateAccessibility(&event);
    }
    m_area.viewport()->update();
}

void ThreadCaret::clear()
{
    m_selection.clear();
    finish();
}

void ThreadCaret::copy() const
{
    const auto text = selectedText();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void ThreadCaret::selectAll()
{
    if (!m_scroller.model() || m_scroller.model()->count() == 0)
        return;
    const int last = m_scroller.model()->count() - 1;
    m_selection.set({0, 0}, {last, textLength(last)});
    finish();
}

void ThreadCaret::beginAt(const QPoint &point)
{
    m_selection.begin(positionAt(point));
    m_area.viewport()->update();
}

void ThreadCaret::extendTo(const QPoint &point)
{
    m_selection.extend(positionAt(point));
    m_area.viewport()->update();
}

ThreadPosition ThreadCaret::positionAt(const QPoint &point)
{
    const int index = m_scroller.layout().indexAt(m_scroller.toContent(point.y()));
    if (index < 0)
        return {};
    const auto &box = m_scroller.layout().ensureBox(index);
    return {index, std::max(0, box.offsetAt(point - m_scroller.itemRect(index).topLeft()))};
}

void ThreadCaret::selectWord(const QPoint &point)
{
    const auto at = positionAt(point);
    if (at.item < 0)
        return;
    const auto text = shownText(m_scroller.model()->item(at.item));
    QTextBoundaryFinder finder{QTextBoundaryFinder::Word, text};
    finder.setPosition(at.offset);
    const auto start =
        finder.isAtBoundary() && at.offset < text.size() ? at.offset : finder.toPreviousBoundary();
    finder.setPosition(at.offset);
    const auto end = finder.toNextBoundary();
    m_selection.set({at.item, static_cast<int>(std::max<qsizetype>(0, start))},
                    {at.item, end < 0 ? static_cast<int>(text.size()) : static_cast<int>(end)});
    finish();
}

void ThreadCaret::selectWhole(int item)
{
    m_selection.set({item, 0}, {item, textLength(item)});
    finish();
}

void ThreadCaret::finish()
{
    auto *clipboard = QGuiApplication::clipboard();
    if (clipboard->supportsSelection() && !m_selection.isEmpty())
        clipboard->setText(selectedText(), QClipboard::Selection);
    m_area.viewport()->update();
}

int ThreadCaret::textLength(int item) const
{
    return static_cast<int>(shownText(m_scroller.model()->item(item)).size());
}

void ThreadCaret::walk(int by)
{
    int next = m_current < 0 && by < 0 ? m_scroller.layout().count() - 1 : m_current + by;
    while (next >= 0 && next < m_scroller.layout().count() && !isMessage(m_scroller.model()->item(next).kind))
        next += by;
    if (next >= 0 && next < m_scroller.layout().count())
        setCurrent(next);
}

ThreadPosition ThreadCaret::stepped(ThreadPosition from, int by, bool word) const
{
    const auto text = shownText(m_scroller.model()->item(from.item));
    QTextBoundaryFinder finder{word ? QTextBoundaryFinder::Word : QTextBoundaryFinder::Grapheme, text};
    finder.setPosition(from.offset);
    const auto next = by > 0 ? finder.toNextBoundary() : finder.toPreviousBoundary();
    if (next >= 0)
        return {from.item, static_cast<int>(next)};
    const int item = from.item + by;
    if (item < 0 || item >= m_scroller.model()->count())
        return from;
    return {item, by > 0 ? 0 : textLength(item)};
}

ThreadPosition ThreadCaret::inNextLine(ThreadPosition from, int by)
{
    const int offset = m_scroller.layout().ensureBox(from.item).offsetInNextLine(from.offset, by);
    if (offset >= 0)
        return {from.item, offset};
    const int item = from.item + by;
    if (item < 0 || item >= m_scroller.model()->count())
        return {from.item, by > 0 ? textLength(from.item) : 0};
    return {item, by > 0 ? 0 : textLength(item)};
}

bool ThreadCaret::extendByKey(int key, Qt::KeyboardModifiers modifiers)
{
    if (m_scroller.layout().count() == 0)
        return false;
    if (!m_selection.hasCursor()) {
        // Without a caret a m_selection begins at the message walked to, else at the newest.
        const int item = m_current >= 0 ? m_current : m_scroller.layout().count() - 1;
        m_selection.begin({item, key == Qt::Key_Left || key == Qt::Key_Up ? textLength(item) : 0});
    }
    const bool word = modifiers & Qt::ControlModifier;
    auto to = m_selection.cursor();
    const auto direction = shownText(m_scroller.model()->item(to.item)).isRightToLeft() ? -1 : 1;
    switch (key) {
    case Qt::Key_Left:
        to = stepped(to, -direction, word);
        break;
    case Qt::Key_Right:
        to = stepped(to, direction, word);
        break;
    case Qt::Key_Up:
        to = word ? ThreadPosition{std::max(0, to.item - 1), 0} : inNextLine(to, -1);
        break;
    case Qt::Key_Down:
        to = word && to.item + 1 < m_scroller.layout().count()
                 ? ThreadPosition{to.item + 1, textLength(to.item + 1)}
                 : inNextLine(to, 1);
        break;
    case Qt::Key_Home:
        to = word ? ThreadPosition{0, 0} : ThreadPosition{to.item, 0};
        break;
    case Qt::Key_End:
        to.item = word ? m_scroller.layout().count() - 1 : to.item;
        to.offset = textLength(to.item);
        break;
    default:
        return false;
    }
    m_selection.extend(to);
    reveal(to);
    finish();
    return true;
}

void ThreadCaret::reveal(ThreadPosition position)
{
    const auto rect = m_scroller.itemRect(position.item);
    auto *bar = m_area.verticalScrollBar();
    if (rect.top() < 0 && rect.bottom() < m_area.viewport()->height() / 3)
        bar->setValue(bar->value() - bar->singleStep() * 2);
    else if (rect.bottom() > m_area.viewport()->height())
        bar->setValue(bar->value() +
                      std::min(rect.bottom() - m_area.viewport()->height(), bar->singleStep() * 2));
}

} // namespace client::widgets
