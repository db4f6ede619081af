#pragma once

#include "client/widgets/thread/link_finder.h"
#include "client/widgets/thread/thread_item.h"

#include <QRect>
#include <QTextLayout>
#include <Qt>

#include <memory>
#include <vector>

class QPainter;

namespace client::widgets {

/// Where the parts of one attachment are, relative to the item.
struct AttachmentBox {
    QRect preview; ///< empty: none
    QRect card;
    QRect save;
};

/// One item laid out for a width: everything that painting and hit-testing need. Positions are final
/// (mirrored for right-to-left) and relative to the item's top left corner.
struct MessageBox {
    ThreadItem item;
    QString text;
    bool showsAvatar = false;
    bool showsMeta = false;
    Qt::LayoutDirection direction = Qt::LeftToRight;

    int width = 0;
    int height = 0;
    QRect avatar;
    QRect bubble; ///< empty: no text (or not a message)
    QRect head;   ///< note and card headers
    QRect meta;
    QRect action; ///< the word beside the state: Retry, Review, Undo
    std::unique_ptr<QTextLayout> layout;
    QPoint textAt;
    std::vector<TextLink> links;
    std::vector<AttachmentBox> attachments;

    /// Offset in `text` nearest to a point; -1 without text.
    int offsetAt(const QPoint &point) const;
    /// True when the point lies on letters, not merely beside them.
    bool isOnText(const QPoint &point) const;
    /// Index into `links`, -1 for none.
    int linkAt(const QPoint &point) const;
    /// The offset one line above or below, -1 when there is no such line.
    int offsetInNextLine(int offset, int by) const;
};

/// What an item stands beside; decides about avatar, meta line and gaps.
struct MessageContext {
    bool firstOfGroup = true;
    bool lastOfGroup = true;
    int width = 0;
    Qt::LayoutDirection direction = Qt::LeftToRight;
};

/// Lays one item out. This is the expensive call that ThreadLayout counts.
std::unique_ptr<MessageBox> layOutMessage(const ThreadItem &item, const MessageContext &context);
/// A height without laying out; good to a line or two.
int estimateMessage(const ThreadItem &item, const MessageContext &context);

/// What is drawn differently in one paint.
struct MessagePaint {
    int selectionStart = -1;
    int selectionEnd = -1;
    bool current = false; ///< the message walked to by keyboard
};

void paintMessage(QPainter &painter, const QPoint &at, const MessageBox &box, const MessagePaint &paint);
/// Three still dots and an avatar. Returns nothing; height is typingHeight().
void paintTyping(QPainter &painter, const QRect &row, const QString &avatarName,
                 Qt::LayoutDirection direction);
int typingHeight();

} // namespace client::widgets
