#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPoint>
#include <QTimer>
#include <QUrl>

class QAbstractScrollArea;
class QMenu;
class QMouseEvent;

namespace client::widgets {

class ThreadCaret;
class ThreadScroller;
struct ThreadItem;

/// What lies under a point of the viewport.
struct ThreadHit {
    enum class Kind { None, Text, Link, Attachment, Save, Action };

    Kind kind = Kind::None;
    int item = -1;
    int part = -1; ///< index of the link or attachment

    bool operator==(const ThreadHit &) const = default;
};

/// What the mouse, the context menu and Enter do in a thread. Points are the viewport's.
class ThreadGestures : public QObject {
    Q_OBJECT

public:
    ThreadGestures(QAbstractScrollArea &area, ThreadScroller &scroller, ThreadCaret &caret);

    void press(const QMouseEvent &event);
    void move(const QMouseEvent &event);
    void release(const QMouseEvent &event);
    void doubleClick(const QMouseEvent &event);
    QString toolTip(const QPoint &point);
    /// `byKey`: about the item walked to, else about what is under the point.
    void showMenu(const QPoint &point, const QPoint &globalPoint, bool byKey);
    /// The action beside the state, else the first attachment, else the first link of the item walked to.
    void actOnCurrent();

Q_SIGNALS:
    void linkActivated(const QUrl &url);
    void attachmentOpened(const QString &itemId, const QString &attachmentId);
    void attachmentSaved(const QString &itemId, const QString &attachmentId);
    void actionRequested(const QString &itemId);
    void itemActivated(const QString &itemId);
    void contextMenuAboutToShow(QMenu *menu, const QString &itemId);

private:
    ThreadHit hitAt(const QPoint &point);
    void act(const ThreadHit &hit);
    void hover(const QPoint &point);
    void drag(const QPoint &point);
    void scrollWhileDragging();
    void addCopyActions(QMenu &menu, const ThreadItem &item, const ThreadHit &hit);
    void addAttachmentActions(QMenu &menu, const ThreadItem &item);

    QAbstractScrollArea &m_area;
    ThreadScroller &m_scroller;
    ThreadCaret &m_caret;
    QTimer m_dragScroll;
    QElapsedTimer m_sinceDoubleClick;
    ThreadHit m_pressed;
    QPoint m_pressedAt;
    QPoint m_dragAt;
    bool m_dragging = false;
};

} // namespace client::widgets
