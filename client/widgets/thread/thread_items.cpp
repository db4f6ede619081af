#include "client/widgets/thread/thread_model.h"

#include <algorithm>
#include <iterator>

namespace client::widgets {

int ThreadItems::indexOf(const QString &id) const
{
    const auto found =
        std::find_if(m_items.begin(), m_items.end(), [&](const auto &item) { return item.id == id; });
    return found == m_items.end() ? -1 : static_cast<int>(found - m_items.begin());
}

void ThreadItems::setItems(std::vector<ThreadItem> items)
{
    m_items = std::move(items);
    Q_EMIT reset();
}

void ThreadItems::insert(int at, std::vector<ThreadItem> items)
{
    const auto added = static_cast<int>(items.size());
    m_items.insert(m_items.begin() + at, std::make_move_iterator(items.begin()),
                   std::make_move_iterator(items.end()));
    Q_EMIT inserted(at, added);
}

void ThreadItems::replace(int at, ThreadItem item)
{
    m_items[static_cast<std::size_t>(at)] = std::move(item);
    Q_EMIT changed(at, 1);
}

void ThreadItems::remove(int at, int count)
{
    m_items.erase(m_items.begin() + at, m_items.begin() + at + count);
    Q_EMIT removed(at, count);
}

} // namespace client::widgets
