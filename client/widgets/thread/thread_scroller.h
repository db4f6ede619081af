#pragma once

#include "client/widgets/thread/thread_layout.h"

#include <QObject>
#include <QRect>

class QAbstractScrollArea;

namespace client::widgets {

class JumpPill;

/// Which part of a thread a scroll area shows: lays out what is near, and keeps what is at the bottom edge
/// where it is while heights are corrected and items come and go.
class ThreadScroller : public QObject {
    Q_OBJECT

public:
    explicit ThreadScroller(QAbstractScrollArea &area);

    ThreadModel *model() const { return m_model; }
    ThreadLayout &layout() { return m_layout; }
    const ThreadLayout &layout() const { return m_layout; }
    bool isAtEnd() const { return m_atEnd; }
    /// Where an item is, in viewport coordinates.
    QRect itemRect(int index) const;
    /// The height in the thread of a height in the viewport.
    int toContent(int y) const;

    /// Shows nothing yet; `open` does.
    void setModel(ThreadModel *model);
    void forgetModel();
    /// At the "New" line if there is one, else at the end.
    void open();
    /// Room for the typing row behind the last item; the owner settles.
    void setTyping(bool typing) { m_typing = typing; }
    void toEnd();
    /// Puts an item's top at a part of the viewport's height, until somebody scrolls.
    void moveTo(int item, double part);
    /// Lays out and places everything again after a change of size or content.
    void settle();
    /// The area's bar was moved.
    void scrolled();
    /// Colours or the text scale changed.
    void restyle();

    void itemsInserted(int first, int count);
    void itemsChanged(int first, int count);
    void itemsRemoved(int first, int count);
    void itemsReset();

Q_SIGNALS:
    void topApproached();
    void itemSeen(const QString &itemId);

private:
    int contentHeight() const;
    int shift() const;
    void remember();
    void placePill();
    void report();

    QAbstractScrollArea &m_area;
    ThreadModel *m_model = nullptr;
    ThreadLayout m_layout;
    JumpPill *m_pill;
    QString m_anchorId;
    QString m_seenId;
    double m_scale = 1;
    int m_anchorItem = -1;
    int m_anchorDistance = 0; ///< from the anchor's bottom to the viewport's bottom
    int m_openItem = -1;      ///< kept at `m_openPart` of the height until somebody scrolls
    double m_openPart = 0;
    int m_seen = -1;
    int m_news = 0;
    bool m_typing = false;
    bool m_atEnd = true;
    bool m_settling = false;
    bool m_topAsked = false;
};

} // namespace client::widgets
