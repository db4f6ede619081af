#pragma once

#include "client/widgets/thread/thread_layout.h"
#include "client/widgets/thread/thread_selection.h"
#include "client/widgets/thread/thread_view.h"

#include <QElapsedTimer>
#include <QPoint>
#include <QTimer>

class QLabel;
class QMenu;

namespace client::widgets {

class JumpPill;

/// What lies under a point of the viewport.
struct ThreadHit {
    enum class Kind { None, Text, Link, Attachment, Save, Retry };

    Kind kind = Kind::None;
    int item = -1;
    int part = -1; ///< index of the link or attachment

    bool operator==(const ThreadHit &) const = default;
};

/// The state of a ThreadView: scrolling, selection, walking, hit-testing.
class ThreadView::Private {
public:
    explicit Private(ThreadView &view);

    void connectModel();
    void open();
    void onInserted(int first, int count);
    void onChanged(int first, int count);
    void onRemoved(int first, int count);
    void onReset();
    void announce(int first, int count);

    int contentHeight() const;
    int shift() const;
    int toContent(int y) const;
    QRect itemRect(int index) const;
    void settle();
    void remember();
    void scrolled();
    void moveTo(int item, double part);
    void placePill();
    void report();

    ThreadHit hitAt(const QPoint &point);
    ThreadPosition positionAt(const QPoint &point);
    void act(const ThreadHit &hit);
    void hover(const QPoint &point);
    void press(const QPoint &point, Qt::KeyboardModifiers modifiers);
    void drag(const QPoint &point);
    void selectWord(const QPoint &point);
    void selectWhole(int item);
    void selectionChanged();
    QString toolTip(const ThreadHit &hit) const;
    void showMenu(const QPoint &point, const QPoint &globalPoint, bool byKey);
    void addAttachmentActions(QMenu &menu, const ThreadItem &item);

    int textLength(int item) const;
    void walk(int by);
    void actOnCurrent();
    bool extendByKey(int key, Qt::KeyboardModifiers modifiers);
    ThreadPosition stepped(ThreadPosition from, int by, bool word) const;
    ThreadPosition inNextLine(ThreadPosition from, int by);
    void reveal(ThreadPosition position);

    ThreadView &q;
    ThreadModel *model = nullptr;
    ThreadLayout layout;
    ThreadSelection selection;
    JumpPill *pill = nullptr;
    QLabel *live = nullptr;
    QTimer dragScroll;
    QElapsedTimer sinceDoubleClick;
    QString typingName;
    QString typingAvatar;
    ThreadHit pressed;
    QPoint pressedAt;
    QPoint dragAt;
    QString anchorId;
    QString seenId;
    double scale = 1;
    int anchorItem = -1;
    int anchorDistance = 0; ///< from the anchor's bottom to the viewport's bottom
    int current = -1;
    int openItem = -1; ///< kept at `openPart` of the height until somebody scrolls
    double openPart = 0;
    int seen = -1;
    int news = 0;
    bool atEnd = true;
    bool settling = false;
    bool dragging = false;
    bool topAsked = false;
};

} // namespace client::widgets
