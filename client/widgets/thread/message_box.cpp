#include "client/widgets/thread/message_box.h"

#include "client/widgets/basic/pill.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/thread/message_metrics.h"
#include "client/widgets/thread/thread_text.h"

#include <QCoreApplication>
#include <QStyle>
#include <QTextOption>
#include <QtMath>

namespace {

using namespace client::widgets;

struct TextSize {
    int width;
    int height;
};

// Lines on a fixed pitch; then as narrow as the longest line.
TextSize layOutText(QTextLayout &layout, int maxWidth, int pitch, bool fill)
{
    qreal widest = 0;
    qreal y = 0;
    layout.beginLayout();
    for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(maxWidth);
        const qreal step = qMax<qreal>(pitch, line.height());
        line.setPosition({0, y + (step - line.height()) / 2});
        widest = qMax(widest, line.naturalTextWidth());
        y += step;
    }
    layout.endLayout();
    const int width = fill ? maxWidth : qMin(maxWidth, qCeil(widest));
    const bool rtl = layout.text().isRightToLeft();
    for (int i = 0; rtl && i < layout.lineCount(); ++i) {
        auto line = layout.lineAt(i);
        line.setPosition({static_cast<qreal>(width - maxWidth), line.y()});
    }
    return {width, qCeil(y)};
}

QList<QTextLayout::FormatRange> formatsOf(const MessageBox &box)
{
    const auto &t = Theme::current().tokens();
    QList<QTextLayout::FormatRange> formats;
    for (const auto &link : box.links) {
        QTextCharFormat format;
        format.setForeground(t.accent);
        format.setFontUnderline(true);
        formats.append({link.start, link.length, format});
    }
    if (box.item.kind != ThreadItemKind::Note)
        return formats;
    for (qsizetype at = box.text.indexOf(QLatin1Char('@')); at >= 0;
         at = box.text.indexOf(QLatin1Char('@'), at + 1)) {
        qsizetype end = at + 1;
        while (end < box.text.size() &&
               (box.text.at(end).isLetterOrNumber() || box.text.at(end) == QLatin1Char('_')))
            ++end;
        if (end == at + 1 || (at > 0 && box.text.at(at - 1).isLetterOrNumber()))
            continue;
        QTextCharFormat format;
        format.setForeground(t.accent);
        formats.append({static_cast<int>(at), static_cast<int>(end - at), format});
    }
    return formats;
}

std::unique_ptr<QTextLayout> makeLayout(const MessageBox &box, TextRole role, Qt::Alignment alignment)
{
    auto layout = std::make_unique<QTextLayout>();
    // One paragraph with line separators: offsets stay those of the text.
    layout->setText(QString{box.text}.replace(QChar::LineFeed, QChar::LineSeparator));
    layout->setFont(Theme::current().font(role));
    layout->setFormats(formatsOf(box));
    layout->setCacheEnabled(true);
    const bool rtl = box.text.isRightToLeft();
    // A text layout takes left literally, other than a painter or a document.
    QTextOption option{rtl && alignment == Qt::AlignLeft ? Qt::AlignRight : alignment};
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTextDirection(rtl ? Qt::RightToLeft : Qt::LeftToRight);
    layout->setTextOption(option);
    return layout;
}

QSize previewSize(const ThreadAttachment &attachment)
{
    const auto &theme = Theme::current();
    auto size = attachment.pixelSize.isEmpty()
                    ? attachment.thumbnail.size() / attachment.thumbnail.devicePixelRatio()
                    : attachment.pixelSize;
    if (size.isEmpty())
        return {};
    const QSize room{theme.px(metrics::attachment), theme.px(metrics::previewHeight)};
    if (size.width() > room.width() || size.height() > room.height())
        size.scale(room, Qt::KeepAspectRatio);
    return size.expandedTo({theme.px(80), theme.px(48)});
}

// Builds one box from top to bottom, in left-to-right coordinates; mirrors at the end.
class Builder {
public:
    Builder(const ThreadItem &item, const MessageContext &context)
        : m_context{context}
        , m_box{std::make_unique<MessageBox>()}
    {
        m_box->item = item;
        m_box->direction = context.direction;
        m_box->width = context.width;
    }

    std::unique_ptr<MessageBox> build()
    {
        m_box->text = shownText(m_box->item);
        switch (m_box->item.kind) {
        case ThreadItemKind::Day:
            buildCentred(TextRole::PillText, metrics::dayHeight);
            break;
        case ThreadItemKind::NewLine:
            m_box->height = px(metrics::newLineHeight);
            break;
        case ThreadItemKind::Activity:
            buildCentred(TextRole::Secondary, metrics::activityHeight);
            break;
        case ThreadItemKind::Incoming:
        case ThreadItemKind::Outgoing:
        case ThreadItemKind::Note:
            m_box->links = findLinks(m_box->text);
            m_y = m_context.firstOfGroup ? px(metrics::groupGap) : px(metrics::memberGap);
            if (m_box->item.card)
                buildCard();
            else
                buildBubble();
            break;
        }
        if (m_context.direction == Qt::RightToLeft)
            mirror();
        return std::move(m_box);
    }

private:
    static int px(double length) { return Theme::current().px(length); }
    int left() const { return px(metrics::side); }
    int right() const { return m_context.width - px(metrics::side); }
    bool ours() const { return isOurs(m_box->item.kind); }
    int lead() const { return left() + px(metrics::avatar + metrics::avatarGap); }

    void buildCentred(TextRole role, int height)
    {
        const auto &theme = Theme::current();
        m_box->layout = makeLayout(*m_box, role, Qt::AlignHCenter);
        const int room = qMax(px(120), m_context.width - 2 * px(metrics::side) - px(48));
        const auto size = layOutText(*m_box->layout, room, theme.lineHeight(role), true);
        m_box->height = qMax(px(height), size.height + px(height) - theme.lineHeight(role));
        m_box->textAt = {(m_context.width - room) / 2, (m_box->height - size.height) / 2};
    }

    void buildBubble()
    {
        auto &box = *m_box;
        box.showsAvatar = !ours() && m_context.firstOfGroup;
        if (box.showsAvatar)
            box.avatar = {left(), m_y, px(metrics::avatar), px(metrics::avatar)};
        if (!box.text.isEmpty())
            addBubbleText();
        for (const auto &attachment : box.item.attachments)
            addAttachment(attachment, ours() ? right() : lead(), ours());
        box.showsMeta = m_context.lastOfGroup || hasAction(box.item) || !settled();
        if (box.showsMeta && !metaText(box.item).isEmpty())
            addMeta();
        box.height = m_y;
    }

    // Within a group only the last shows its state, unless one is still on its way.
    bool settled() const
    {
        return m_box->item.state != SendState::Queued && m_box->item.state != SendState::Sending;
    }

    void addBubbleText()
    {
        auto &box = *m_box;
        const auto &theme = Theme::current();
        const int padX = px(metrics::padX);
        const int padY = px(metrics::padY);
        const int most = qMin(px(metrics::maxBubble), m_context.width * 7 / 10) - 2 * padX;
        box.layout = makeLayout(box, TextRole::Body, Qt::AlignLeft);
        auto size = layOutText(*box.layout, qMax(px(60), most), theme.lineHeight(TextRole::Body), false);
        int head = 0;
        if (box.item.kind == ThreadItemKind::Note) {
            head = px(metrics::noteHead);
            const int wanted = textWidth(noteTitle(), TextRole::MetaStrong) + px(20);
            size.width = qMax(size.width, qMin(wanted, most));
        }
        const int width = size.width + 2 * padX;
        const int x = ours() ? right() - width : lead();
        box.bubble = {x, m_y, width, size.height + head + 2 * padY};
        if (head > 0)
            box.head = {x + padX, m_y + padY - px(1), size.width, px(18)};
        box.textAt = {x + padX, m_y + padY + head};
        m_y = box.bubble.bottom() + 1;
    }

    void buildCard()
    {
        auto &box = *m_box;
        const auto &theme = Theme::current();
        const int pad = px(18);
        const QRect card{left(), m_y, right() - left(), 0};
        box.showsAvatar = true;
        box.avatar = {card.x() + px(16), m_y + px(14), px(32), px(32)};
        box.head = {box.avatar.right() + px(12), m_y + px(11), card.width() - px(16 + 32 + 12 + 18), px(38)};
        m_y += px(58);
        box.layout = makeLayout(box, TextRole::Body, Qt::AlignLeft);
        const auto size = layOutText(*box.layout, qMax(px(60), card.width() - 2 * pad),
                                     theme.lineHeight(TextRole::Body), true);
        box.textAt = {card.x() + pad, m_y};
        m_y += size.height;
        for (const auto &attachment : box.item.attachments)
            addAttachment(attachment, card.x() + pad, false);
        m_y += px(16);
        box.bubble = card;
        box.bubble.setBottom(m_y - 1);
        box.showsMeta = true;
        placeCardMeta();
        box.height = m_y;
    }

    void placeCardMeta()
    {
        auto &box = *m_box;
        const int icon = box.item.state == SendState::None ? 0 : px(20);
        const int action = actionWidth();
        const int width = textWidth(metaText(box.item), TextRole::Secondary) + icon + action;
        box.meta = {box.bubble.right() - px(17) - width, box.head.y(), width, px(20)};
        if (action > 0)
            box.action = {box.meta.right() - action + px(5), box.meta.y(), action - px(4), box.meta.height()};
        box.head.setRight(box.head.right() - width - px(12));
    }

    int actionWidth() const
    {
        return hasAction(m_box->item) ? textWidth(actionText(m_box->item), TextRole::MetaStrong) + px(10) : 0;
    }

    void addAttachment(const ThreadAttachment &attachment, int edge, bool endAligned)
    {
        AttachmentBox at;
        if (!m_box->text.isEmpty() || !m_box->attachments.empty())
            m_y += px(8);
        const auto place = [&](int width, int height) {
            const QRect rect{endAligned ? edge - width : edge, m_y, width, height};
            m_y += height;
            return rect;
        };
        if (const auto size = previewSize(attachment); !size.isEmpty()) {
            at.preview = place(size.width(), size.height());
            m_y += px(6);
        }
        const int room = m_context.width - 2 * px(metrics::side) - (ours() ? 0 : px(40));
        at.card = place(qMin(px(metrics::attachment), room), px(metrics::attachmentHeight));
        const int side = px(28);
        at.save = {at.card.right() - side - px(6), at.card.y() + (at.card.height() - side) / 2, side, side};
        m_box->attachments.push_back(at);
    }

    void addMeta()
    {
        auto &box = *m_box;
        m_y += px(metrics::metaGap);
        const int icon = box.item.state == SendState::None ? 0 : px(18);
        const int action = actionWidth();
        const int width = textWidth(metaText(box.item), TextRole::Meta) + icon + action + 1;
        const int inset = px(4);
        const int x = ours() ? right() - inset - width : lead() + inset;
        box.meta = {x, m_y, width, Theme::current().lineHeight(TextRole::Meta)};
        if (action > 0)
            box.action = {x + width - action + px(5), m_y, action - px(4), box.meta.height()};
        m_y += box.meta.height();
    }

    void mirror()
    {
        const QRect all{0, 0, m_context.width, m_box->height};
        const auto turn = [&](QRect &rect) { rect = QStyle::visualRect(Qt::RightToLeft, all, rect); };
        auto &box = *m_box;
        if (box.layout) {
            const int width = box.bubble.isEmpty() ? m_context.width - 2 * box.textAt.x() : textWidthOf(box);
            box.textAt.setX(m_context.width - box.textAt.x() - width);
        }
        for (auto *rect : {&box.avatar, &box.bubble, &box.head, &box.meta, &box.action}) {
            if (!rect->isEmpty())
                turn(*rect);
        }
        for (auto &attachment : box.attachments) {
            if (!attachment.preview.isEmpty())
                turn(attachment.preview);
            turn(attachment.card);
            turn(attachment.save);
        }
    }

    static int textWidthOf(const MessageBox &box)
    {
        return box.item.card ? box.bubble.width() - 2 * px(18) : box.bubble.width() - 2 * px(metrics::padX);
    }

    const MessageContext &m_context;
    std::unique_ptr<MessageBox> m_box;
    int m_y = 0;
};

} // namespace

namespace client::widgets {

QString noteTitle()
{
    return QCoreApplication::translate("client::widgets::ThreadView",
                                       "Private note \u00B7 only your team sees this");
}

QString actionText(const ThreadItem &item)
{
    if (item.undoable)
        return QCoreApplication::translate("client::widgets::ThreadView", "Undo");
    return item.state == SendState::Held
               ? QCoreApplication::translate("client::widgets::ThreadView", "Review")
               : QCoreApplication::translate("client::widgets::ThreadView", "Retry");
}

std::unique_ptr<MessageBox> layOutMessage(const ThreadItem &item, const MessageContext &context)
{
    return Builder{item, context}.build();
}

int estimateMessage(const ThreadItem &item, const MessageContext &context)
{
    const auto &theme = Theme::current();
    switch (item.kind) {
    case ThreadItemKind::Day:
        return theme.px(metrics::dayHeight);
    case ThreadItemKind::NewLine:
        return theme.px(metrics::newLineHeight);
    case ThreadItemKind::Activity:
        return theme.px(metrics::activityHeight);
    case ThreadItemKind::Incoming:
    case ThreadItemKind::Outgoing:
    case ThreadItemKind::Note:
        break;
    }
    int height = theme.px(context.firstOfGroup ? metrics::groupGap : metrics::memberGap);
    if (!item.text.isEmpty()) {
        const int room = item.card
                             ? context.width - theme.px(84)
                             : qMin(theme.px(metrics::maxBubble), context.width * 7 / 10) - theme.px(28);
        const int perLine = qMax(8, room / qMax(1, theme.metrics(TextRole::Body).averageCharWidth()));
        const auto breaks = item.text.count(QLatin1Char('\n'));
        const auto lines = static_cast<int>(item.text.size() / perLine + breaks + 1);
        height += lines * theme.lineHeight(TextRole::Body) + 2 * theme.px(metrics::padY);
    }
    if (item.kind == ThreadItemKind::Note)
        height += theme.px(metrics::noteHead);
    if (item.card)
        height += theme.px(64);
    for (const auto &attachment : item.attachments) {
        height += theme.px(metrics::attachmentHeight + 8);
        if (const auto size = previewSize(attachment); !size.isEmpty())
            height += size.height() + theme.px(6);
    }
    if (context.lastOfGroup && !item.card)
        height += theme.lineHeight(TextRole::Meta) + theme.px(metrics::metaGap);
    return height;
}

int MessageBox::offsetAt(const QPoint &point) const
{
    if (!layout || layout->lineCount() == 0)
        return -1;
    const QPointF at = point - textAt;
    for (int i = 0; i < layout->lineCount(); ++i) {
        const auto line = layout->lineAt(i);
        if (at.y() < line.y() + line.height() || i + 1 == layout->lineCount()) {
            if (at.y() < 0)
                return 0;
            if (at.y() > line.y() + line.height() + line.height())
                return static_cast<int>(text.size());
            return line.xToCursor(at.x());
        }
    }
    return -1;
}

bool MessageBox::isOnText(const QPoint &point) const
{
    if (!layout)
        return false;
    const QPointF at = point - textAt;
    for (int i = 0; i < layout->lineCount(); ++i) {
        const auto line = layout->lineAt(i);
        if (line.naturalTextRect().adjusted(-1, -3, 1, 3).contains(at))
            return true;
    }
    return false;
}

int MessageBox::linkAt(const QPoint &point) const
{
    if (links.empty() || !isOnText(point))
        return -1;
    const QPointF at = point - textAt;
    for (int i = 0; i < layout->lineCount(); ++i) {
        const auto line = layout->lineAt(i);
        if (!line.naturalTextRect().adjusted(-1, -3, 1, 3).contains(at))
            continue;
        const int offset = line.xToCursor(at.x(), QTextLine::CursorOnCharacter);
        for (std::size_t link = 0; link < links.size(); ++link) {
            if (offset >= links[link].start && offset < links[link].start + links[link].length)
                return static_cast<int>(link);
        }
    }
    return -1;
}

int MessageBox::offsetInNextLine(int offset, int by) const
{
    if (!layout)
        return -1;
    const auto line = layout->lineForTextPosition(qMin(offset, static_cast<int>(text.size())));
    if (!line.isValid())
        return -1;
    const int next = line.lineNumber() + by;
    if (next < 0 || next >= layout->lineCount())
        return -1;
    return layout->lineAt(next).xToCursor(line.cursorToX(offset));
}

} // namespace client::widgets
