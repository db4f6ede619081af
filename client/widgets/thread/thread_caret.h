#pragma once

#include "client/widgets/thread/thread_selection.h"

#include <QPoint>
#include <Qt>

class QAbstractScrollArea;

namespace client::widgets {

class ThreadScroller;

/// The selection in a thread and the item walked to with the keyboard.
///
/// Without a model, only the queries, `reset` and `clear` may be used.
class ThreadCaret {
public:
    ThreadCaret(QAbstractScrollArea &area, ThreadScroller &scroller);

    const ThreadSelection &selection() const { return m_selection; }
    QString selectedText() const;
    /// Index of the item walked to, -1 for none.
    int current() const { return m_current; }

    void reset();
    void itemsInserted(int first, int count);
    void itemsRemoved(int first, int count);

    /// Brings the item into view; -1 for none.
    void setCurrent(int index);
    void leaveCurrent() { m_current = -1; }
    /// To the next message up (-1) or down (1); from none, up begins at the newest.
    void walk(int by);

    void clear();
    void copy() const;
    void selectAll();
    void selectWord(const QPoint &point);
    void selectWhole(int item);
    /// A selection begins at a point of the viewport, or reaches to it.
    void beginAt(const QPoint &point);
    void extendTo(const QPoint &point);
    /// A selection is complete: shows it, and offers it to the desktop's selection clipboard.
    void finish();
    /// An arrow, Home or End with Shift; false for any other key.
    bool extendByKey(int key, Qt::KeyboardModifiers modifiers);

private:
    ThreadPosition positionAt(const QPoint &point);
    int textLength(int item) const;
    ThreadPosition stepped(ThreadPosition from, int by, bool word) const;
    ThreadPosition inNextLine(ThreadPosition from, int by);
    void reveal(ThreadPosition position);

    QAbstractScrollArea &m_area;
    ThreadScroller &m_scroller;
    ThreadSelection m_selection;
    int m_current = -1;
};

} // namespace client::widgets
