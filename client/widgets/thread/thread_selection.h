#pragma once

#include <QString>

#include <utility>

namespace client::widgets {

class ThreadModel;

/// A place in the text of an item.
struct ThreadPosition {
    int item = -1;
    int offset = 0;

    auto operator<=>(const ThreadPosition &) const = default;
};

/// A selection across the items of a thread: where it began and where it is now.
class ThreadSelection {
public:
    bool isEmpty() const { return m_anchor.item < 0 || m_anchor == m_cursor; }
    bool hasCursor() const { return m_cursor.item >= 0; }
    ThreadPosition cursor() const { return m_cursor; }
    ThreadPosition start() const { return std::min(m_anchor, m_cursor); }
    ThreadPosition end() const { return std::max(m_anchor, m_cursor); }
    /// The selected part of an item with a text of `length`: first and last offset, {-1, -1} for none.
    std::pair<int, int> rangeIn(int item, int length) const;
    /// Plain text. Within one message the bare text; across messages each with "author, time" above it.
    QString text(const ThreadModel &model) const;

    void clear() { m_anchor = m_cursor = {}; }
    void begin(ThreadPosition at) { m_anchor = m_cursor = at; }
    void extend(ThreadPosition to) { m_cursor = to; }
    void set(ThreadPosition anchor, ThreadPosition cursor);
    void itemsInserted(int first, int count);
    /// Clears when an end of it was removed.
    void itemsRemoved(int first, int count);

private:
    ThreadPosition m_anchor;
    ThreadPosition m_cursor;
};

} // namespace client::widgets
