#include "client/widgets/thread/thread_layout.h"

#include "client/widgets/theme/theme.h"
#include "client/widgets/thread/message_metrics.h"
#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_text.h"

#include <algorithm>

namespace {

std::size_t at(int index)
{
    return static_cast<std::size_t>(index);
}

} // namespace

namespace client::widgets {

void ThreadLayout::updateTops() const
{
    if (m_topsValid)
        return;
    m_tops.resize(m_entries.size() + 1);
    int y = Theme::current().px(metrics::groupGap);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_tops[i] = y;
        y += m_entries[i].height;
    }
    m_tops[m_entries.size()] = y;
    m_topsValid = true;
}

int ThreadLayout::totalHeight() const
{
    updateTops();
    return m_tops.back() + Theme::current().px(metrics::groupGap + 6);
}

int ThreadLayout::top(int index) const
{
    updateTops();
    return m_tops[at(index)];
}

int ThreadLayout::indexAt(int y) const
{
    if (m_entries.empty())
        return -1;
    updateTops();
    const auto end = m_tops.end() - 1;
    const auto above = std::upper_bound(m_tops.begin(), end, y);
    return std::max(0, static_cast<int>(above - m_tops.begin()) - 1);
}

int ThreadLayout::boxesKept() const
{
    return static_cast<int>(std::count_if(m_entries.begin(), m_entries.end(),
                                          [](const Entry &entry) { return entry.box != nullptr; }));
}

MessageContext ThreadLayout::contextOf(int index, const ThreadItem &item) const
{
    MessageContext context;
    context.width = m_width;
    context.direction = m_direction;
    context.firstOfGroup = !item.groupedWithPrevious;
    context.lastOfGroup = index + 1 >= count() || !m_model->item(index + 1).groupedWithPrevious;
    return context;
}

void ThreadLayout::estimate(int index)
{
    const auto item = m_model->item(index);
    m_entries[at(index)].height = estimateMessage(item, contextOf(index, item));
    m_topsValid = false;
}

void ThreadLayout::forget(int index)
{
    if (index < 0 || index >= count())
        return;
    m_entries[at(index)].box.reset();
    m_entries[at(index)].exact = false;
}

void ThreadLayout::setModel(const ThreadModel *model)
{
    m_model = model;
    m_entries.clear();
    m_entries.resize(model ? at(model->count()) : 0);
    invalidate(false);
}

void ThreadLayout::setWidth(int width, Qt::LayoutDirection direction)
{
    if (width == m_width && direction == m_direction)
        return;
    m_width = width;
    m_direction = direction;
    invalidate(false);
}

void ThreadLayout::invalidate(bool keepHeights)
{
    for (int i = 0; i < count(); ++i) {
        forget(i);
        if (!keepHeights)
            estimate(i);
    }
    m_topsValid = false;
}

void ThreadLayout::inserted(int first, int count)
{
    std::vector<Entry> fresh(at(count));
    m_entries.insert(m_entries.begin() + first, std::make_move_iterator(fresh.begin()),
                     std::make_move_iterator(fresh.end()));
    for (int i = first; i < first + count; ++i)
        estimate(i);
    // Its meta line may have moved to a newcomer of the same group.
    forget(first - 1);
    m_topsValid = false;
}

void ThreadLayout::changed(int first, int count)
{
    // The old height is the better estimate.
    for (int i = first - 1; i < first + count; ++i)
        forget(i);
}

void ThreadLayout::removed(int first, int count)
{
    m_entries.erase(m_entries.begin() + first, m_entries.begin() + first + count);
    forget(first - 1);
    m_topsValid = false;
}

const MessageBox &ThreadLayout::ensureBox(int index)
{
    auto &entry = m_entries[at(index)];
    if (!entry.box) {
        const auto item = m_model->item(index);
        entry.box = layOutMessage(item, contextOf(index, item));
        ++m_layoutsDone;
        if (entry.box->height != entry.height) {
            entry.height = entry.box->height;
            m_topsValid = false;
        }
        entry.exact = true;
    }
    return *entry.box;
}

bool ThreadLayout::ensure(int from, int to)
{
    if (m_entries.empty() || m_width <= 0)
        return false;
    const int first = indexAt(from);
    const int last = indexAt(to);
    bool moved = false;
    for (int i = first; i <= last; ++i) {
        const int before = m_entries[at(i)].height;
        ensureBox(i);
        moved = moved || m_entries[at(i)].height != before;
    }
    return moved;
}

void ThreadLayout::trim(int from, int to)
{
    if (m_entries.empty())
        return;
    const int first = indexAt(from);
    const int last = indexAt(to);
    for (int i = 0; i < count(); ++i) {
        if (i < first || i > last)
            m_entries[at(i)].box.reset();
    }
}

} // namespace client::widgets
