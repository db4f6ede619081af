#pragma once

#include "client/widgets/thread/thread_item.h"

#include <QAbstractScrollArea>
#include <QUrl>

#include <memory>

class QLabel;
class QMenu;

namespace client::widgets {

class ThreadCaret;
class ThreadGestures;
class ThreadLayout;
class ThreadModel;
class ThreadScroller;

/// A conversation's messages, laid out and painted by this widget alone.
///
/// Only what is near the viewport is laid out; other heights are estimates, corrected while what is at the
/// bottom edge stays where it is. At the end it stays at the end. Text is selectable across messages with
/// mouse and keyboard. Knows no conversation: shows a ThreadModel and reports gestures.
///
/// Keys: Alt+Up/Down walk messages, Shift+arrows select, Ctrl+A, Ctrl+C, Up/Down/Page/Home/End scroll, Enter
/// acts on the message walked to (the action beside its state, else its first attachment or link), Menu opens
/// the context menu.
class ThreadView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit ThreadView(QWidget *parent = nullptr);
    ~ThreadView() override;

    ThreadModel *model() const;
    /// Not owned; null shows nothing. Opens at the "New" line if there is one, else at the end.
    void setModel(ThreadModel *model);

    /// Somebody is typing: a static row of dots at the end. An empty name takes it away.
    void setTyping(const QString &name, const QString &avatarName = {});

    QString selectedText() const;
    bool isAtEnd() const;
    /// Index of the message walked to with Alt+Up/Down, -1 for none.
    int currentItem() const;
    /// For tests and accessibility: where an item is, in viewport coordinates.
    QRect itemRect(int index) const;
    const ThreadLayout &layoutState() const;

    void scrollToEnd();
    /// Brings an item into view and makes it current (search results, links to a message).
    void showItem(const QString &id);
    void selectAll();
    void copy() const;
    void clearSelection();
    void setCurrentItem(int index);

Q_SIGNALS:
    void linkActivated(const QUrl &url);
    void attachmentOpened(const QString &itemId, const QString &attachmentId);
    void attachmentSaved(const QString &itemId, const QString &attachmentId);
    /// On a failed item or one on hold.
    void actionRequested(const QString &itemId);
    void itemActivated(const QString &itemId);
    /// The menu holds Copy and friends; the receiver adds its own actions before it shows.
    void contextMenuAboutToShow(QMenu *menu, const QString &itemId);
    /// Less than a page is left above: time to load older messages.
    void topApproached();
    /// The newest item that has been wholly on screen (for read marks); grows only.
    void itemSeen(const QString &itemId);
    /// A printable key was pressed: the composer may take the focus and the text.
    void textTyped(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void passOnSignals();
    void connectModel(ThreadModel &model);
    void announce(int first, int count);

    std::unique_ptr<ThreadScroller> m_scroller;
    std::unique_ptr<ThreadCaret> m_caret;
    std::unique_ptr<ThreadGestures> m_gestures;
    QLabel *m_live;
    QString m_typingName;
    QString m_typingAvatar;
};

} // namespace client::widgets
