#pragma once

#include "client/widgets/thread/message_box.h"

#include <memory>
#include <vector>

namespace client::widgets {

class ThreadModel;

/// Heights and laid-out boxes of all items of a thread for one width. Only what is asked for is laid out; the
/// rest has estimated heights. Knows no scrolling.
class ThreadLayout {
public:
    int count() const { return static_cast<int>(m_entries.size()); }
    int totalHeight() const;
    int top(int index) const;
    int height(int index) const { return m_entries[static_cast<std::size_t>(index)].height; }
    /// The item at a height, clamped to the first and last; -1 when there are none.
    int indexAt(int y) const;
    /// Null when it is not laid out.
    const MessageBox *box(int index) const { return m_entries[static_cast<std::size_t>(index)].box.get(); }
    /// How many items were ever laid out: the work done. For tests.
    long layoutsDone() const { return m_layoutsDone; }
    /// How many boxes are alive now.
    int boxesKept() const;

    void setModel(const ThreadModel *model);
    void setWidth(int width, Qt::LayoutDirection direction);
    void inserted(int first, int count);
    void changed(int first, int count);
    void removed(int first, int count);
    /// Forgets boxes, and heights unless `keepHeights` (a change of colours).
    void invalidate(bool keepHeights);

    /// Lays out what lies between two heights. True when a height changed, so that positions moved.
    bool ensure(int from, int to);
    const MessageBox &ensureBox(int index);
    /// Frees boxes that are far away.
    void trim(int from, int to);

private:
    struct Entry {
        int height = 0;
        bool exact = false;
        std::unique_ptr<MessageBox> box;
    };

    MessageContext contextOf(int index, const ThreadItem &item) const;
    void estimate(int index);
    void forget(int index);
    void updateTops() const;

    const ThreadModel *m_model = nullptr;
    std::vector<Entry> m_entries;
    mutable std::vector<int> m_tops;
    mutable bool m_topsValid = false;
    int m_width = 0;
    Qt::LayoutDirection m_direction = Qt::LeftToRight;
    long m_layoutsDone = 0;
};

} // namespace client::widgets
