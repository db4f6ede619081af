#include "client/widgets/thread/thread_scroller.h"

#include "client/widgets/theme/theme.h"
#include "client/widgets/thread/jump_pill.h"
#include "client/widgets/thread/thread_model.h"

#include <QAbstractScrollArea>
#include <QScrollBar>
#include <QStyle>

namespace client::widgets {

ThreadScroller::ThreadScroller(QAbstractScrollArea &area) : m_area{area}, m_pill{new JumpPill{&area}}
{
    connect(m_pill, &QAbstractButton::clicked, this, &ThreadScroller::toEnd);
}

void ThreadScroller::setModel(ThreadModel *model)
{
    m_model = model;
    m_seenId.clear();
    m_layout.setWidth(m_area.viewport()->width(), m_area.layoutDirection());
    m_layout.setModel(model);
}

void ThreadScroller::forgetModel()
{
    m_model = nullptr;
    m_layout.setModel(nullptr);
}

void ThreadScroller::open()
{
    m_news = 0;
    m_seen = -1;
    m_topAsked = false;
    m_atEnd = true;
    m_anchorItem = -1;
    m_openItem = -1;
    for (int i = 0; m_model && i < m_model->count(); ++i) {
        if (m_model->item(i).kind == ThreadItemKind::NewLine) {
            moveTo(i, .25);
            return;
        }
    }
    settle();
}

void ThreadScroller::itemsInserted(int first, int count)
{
    const bool appended = first + count == m_model->count();
    m_layout.inserted(first, count);
    if (m_anchorItem >= first)
        m_anchorItem += count;
    if (m_openItem >= first)
        m_openItem += count;
    if (m_seen >= first)
        m_seen += count;
    if (first == 0)
        m_topAsked = false;
    if (appended && !m_atEnd) {
        for (int i = first; i < first + count; ++i)
            m_news += m_model->item(i).kind == ThreadItemKind::Incoming ? 1 : 0;
    }
    settle();
}

void ThreadScroller::itemsChanged(int first, int count)
{
    m_layout.changed(first, count);
    settle();
}

void ThreadScroller::itemsRemoved(int first, int count)
{
    m_layout.removed(first, count);
    const auto shifted = [&](int index) {
        return index >= first + count ? index - count : index >= first ? -1 : index;
    };
    m_seen = shifted(m_seen);
    m_openItem = shifted(m_openItem);
    m_anchorItem =
        m_anchorItem < first ? m_anchorItem : std::max(std::max(first - 1, 0), m_anchorItem - count);
    settle();
}

void ThreadScroller::itemsReset()
{
    const auto keep = m_atEnd ? QString{} : m_anchorId;
    const int distance = m_anchorDistance;
    m_layout.setModel(m_model);
    m_topAsked = false;
    for (int i = 0; !keep.isEmpty() && i < m_model->count(); ++i) {
        if (m_model->item(i).id == keep) {
            m_anchorItem = i;
            m_anchorDistance = distance;
            settle();
            return;
        }
    }
    open();
}

int ThreadScroller::contentHeight() const
{
    return m_layout.totalHeight() + (m_typing ? typingHeight() : 0);
}

int ThreadScroller::shift() const
{
    // A short thread stands at the bottom, beside the composer.
    return std::max(0, m_area.viewport()->height() - contentHeight());
}

int ThreadScroller::toContent(int y) const
{
    return y + m_area.verticalScrollBar()->value() - shift();
}

QRect ThreadScroller::itemRect(int index) const
{
    if (index < 0 || index >= m_layout.count())
        return {};
    const int y = m_layout.top(index) - m_area.verticalScrollBar()->value() + shift();
    return {0, y, m_area.viewport()->width(), m_layout.height(index)};
}

void ThreadScroller::settle()
{
    if (m_settling)
        return;
    m_settling = true;
    const int page = std::max(1, m_area.viewport()->height());
    auto *bar = m_area.verticalScrollBar();
    m_layout.setWidth(m_area.viewport()->width(), m_area.layoutDirection());
    // Each round can only move what has just been measured; a few are always enough.
    for (int round = 0; round < 8; ++round) {
        const int most = std::max(0, contentHeight() - page);
        bar->setPageStep(page);
        bar->setRange(0, most);
        int value = most;
        if (m_openItem >= 0 && m_openItem < m_layout.count())
            value = m_layout.top(m_openItem) - static_cast<int>(page * m_openPart);
        else if (!m_atEnd && m_anchorItem >= 0 && m_anchorItem < m_layout.count())
            value = m_layout.top(m_anchorItem) + m_layout.height(m_anchorItem) + m_anchorDistance - page;
        bar->setValue(std::clamp(value, 0, most));
        if (!m_layout.ensure(bar->value() - page, bar->value() + 2 * page))
            break;
    }
    m_layout.trim(bar->value() - 4 * page, bar->value() + 5 * page);
    m_settling = false;
    remember();
    placePill();
    m_area.viewport()->update();
    report();
}

void ThreadScroller::remember()
{
    const auto *bar = m_area.verticalScrollBar();
    const int bottom = bar->value() + m_area.viewport()->height();
    m_atEnd = bar->value() >= bar->maximum() - 2;
    m_anchorItem = m_layout.indexAt(bottom - 1);
    if (m_anchorItem < 0)
        return;
    m_anchorDistance = bottom - m_layout.top(m_anchorItem) - m_layout.height(m_anchorItem);
    m_anchorId = m_model->item(m_anchorItem).id;
}

void ThreadScroller::scrolled()
{
    if (m_settling)
        return;
    m_openItem = -1;
    remember();
    settle();
}

void ThreadScroller::toEnd()
{
    m_openItem = -1;
    m_atEnd = true;
    settle();
}

void ThreadScroller::restyle()
{
    const auto &theme = Theme::current();
    m_area.verticalScrollBar()->setSingleStep(theme.px(40));
    m_layout.invalidate(qFuzzyCompare(m_scale, theme.textScale()));
    m_scale = theme.textScale();
    settle();
}

void ThreadScroller::moveTo(int item, double part)
{
    m_openItem = item;
    m_openPart = part;
    settle();
}

void ThreadScroller::placePill()
{
    const auto *bar = m_area.verticalScrollBar();
    const bool far = bar->maximum() - bar->value() > m_area.viewport()->height() / 2;
    if (m_atEnd)
        m_news = 0;
    m_pill->setNews(m_news);
    m_pill->setVisible(!m_atEnd && (far || m_news > 0));
    const auto size = m_pill->sizeHint();
    const QRect at{m_area.width() - size.width() - 4, m_area.height() - size.height() + 2, size.width(),
                   size.height()};
    m_pill->setGeometry(QStyle::visualRect(m_area.layoutDirection(), m_area.rect(), at));
}

void ThreadScroller::report()
{
    if (!m_model || m_model->count() == 0 || !m_area.isVisible())
        return;
    const int bottom = m_area.verticalScrollBar()->value() + m_area.viewport()->height() - shift();
    int last = m_layout.indexAt(bottom - 1);
    if (last >= 0 && m_layout.top(last) + m_layout.height(last) > bottom)
        --last;
    if (last > m_seen) {
        m_seen = last;
        const auto id = m_model->item(last).id;
        if (id != m_seenId) {
            m_seenId = id;
            Q_EMIT itemSeen(id);
        }
    }
    if (!m_topAsked && m_area.verticalScrollBar()->value() < m_area.viewport()->height()) {
        m_topAsked = true;
        Q_EMIT topApproached();
    }
}

} // namespace client::widgets
