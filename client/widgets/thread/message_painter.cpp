#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/thread/message_box.h"
#include "client/widgets/thread/message_metrics.h"
#include "client/widgets/thread/thread_text.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPixmapCache>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

struct StateLook {
    QString icon;
    QColor colour;
};

StateLook lookOf(SendState state)
{
    const auto &t = Theme::current().tokens();
    switch (state) {
    case SendState::None:
        return {};
    case SendState::Queued:
        return {u"clock"_s, t.warn};
    case SendState::Sending:
        return {u"clock"_s, t.text3};
    case SendState::Sent:
        return {u"check"_s, t.text3};
    case SendState::Delivered:
        return {u"check-check"_s, t.text3};
    case SendState::Read:
        return {u"check-check"_s, t.accent};
    case SendState::Failed:
        return {u"circle-alert"_s, t.bad};
    case SendState::Uncertain:
        return {u"circle-alert"_s, t.warn};
    case SendState::Held:
        return {u"hourglass"_s, t.warn};
    }
    return {};
}

QString fileIcon(const QString &mime)
{
    if (mime.startsWith(u"image/"))
        return u"image"_s;
    if (mime.startsWith(u"audio/"))
        return u"music"_s;
    if (mime.startsWith(u"video/"))
        return u"video"_s;
    return mime == u"application/pdf" || mime.startsWith(u"text/") ? u"file-text"_s : u"file"_s;
}

// Paints one box whose top left corner is the painter's origin.
class BoxPainter {
public:
    BoxPainter(QPainter &painter, const MessageBox &box, const MessagePaint &paint)
        : m_painter{painter}
        , m_box{box}
        , m_paint{paint}
        , m_tokens{Theme::current().tokens()}
    {
    }

    void paint()
    {
        switch (m_box.item.kind) {
        case ThreadItemKind::Day:
            paintDay();
            return;
        case ThreadItemKind::NewLine:
            paintNewLine(m_box.width);
            return;
        case ThreadItemKind::Activity:
            paintActivity();
            return;
        case ThreadItemKind::Incoming:
        case ThreadItemKind::Outgoing:
        case ThreadItemKind::Note:
            break;
        }
        if (m_box.showsAvatar)
            paintAvatar(m_painter, m_box.avatar, {.name = authorKey()}, m_tokens.surface);
        if (m_box.item.card)
            paintCard();
        else if (!m_box.bubble.isEmpty())
            paintBubble();
        for (std::size_t i = 0; i < m_box.attachments.size(); ++i)
            paintAttachment(m_box.item.attachments[i], m_box.attachments[i]);
        if (m_box.showsMeta)
            paintMeta(m_box.item.card ? TextRole::Secondary : TextRole::Meta);
        if (m_paint.current)
            paintCurrent();
    }

private:
    static int px(double length) { return Theme::current().px(length); }
    const QString &authorKey() const
    {
        return m_box.item.avatarName.isEmpty() ? m_box.item.author : m_box.item.avatarName;
    }

    void paintText(const QColor &colour)
    {
        if (!m_box.layout)
            return;
        QList<QTextLayout::FormatRange> selections;
        if (m_paint.selectionStart >= 0 && m_paint.selectionEnd > m_paint.selectionStart) {
            QTextCharFormat format;
            format.setBackground(m_tokens.accentFill);
            format.setForeground(m_tokens.onAccent);
            selections.append(
                {m_paint.selectionStart, m_paint.selectionEnd - m_paint.selectionStart, format});
        }
        m_painter.setPen(colour);
        m_box.layout->draw(&m_painter, m_box.textAt, selections);
    }

    void paintBubble()
    {
        const bool ours = isOurs(m_box.item.kind);
        const bool note = m_box.item.kind == ThreadItemKind::Note;
        const bool pointsLeft = ours == (m_box.direction == Qt::RightToLeft);
        const qreal round = px(radius::bubble);
        // Only the first of a group has the speaker's corner.
        const qreal corner = px(radius::bubbleCorner);
        const bool first = !m_box.item.groupedWithPrevious || ours;
        const qreal left = pointsLeft && first ? corner : round;
        const qreal right = !pointsLeft && first ? corner : round;
        const auto fill = note ? m_tokens.noteBg : ours ? m_tokens.bubbleOut : m_tokens.bubbleIn;
        m_painter.setRenderHint(QPainter::Antialiasing);
        QRectF shape{m_box.bubble};
        if (note) {
            m_painter.setPen(QPen{m_tokens.noteLine, 1});
            shape.adjust(.5, .5, -.5, -.5);
        } else {
            m_painter.setPen(Qt::NoPen);
        }
        m_painter.setBrush(fill);
        m_painter.drawPath(roundedPath(shape, left, right, round, round));
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        if (note)
            paintNoteHead();
        paintText(note ? m_tokens.noteText : ours ? m_tokens.bubbleOutText : m_tokens.bubbleInText);
    }

    void paintNoteHead()
    {
        const auto visual = [&](const QRect &r) {
            return QStyle::visualRect(m_box.direction, m_box.head, r);
        };
        const QRect icon{m_box.head.x(), m_box.head.y(), px(14), m_box.head.height()};
        paintIcon(m_painter, visual(icon), u"lock"_s, icon_size::small, m_tokens.warn);
        const auto text = m_box.head.adjusted(px(20), 0, 0, 0);
        client::widgets::paintText(m_painter, visual(text), Qt::AlignLeading | Qt::AlignVCenter, noteTitle(),
                                   TextRole::MetaStrong, m_tokens.warn, m_box.direction);
    }

    void paintCard()
    {
        fillRounded(m_painter, m_box.bubble, px(radius::composer),
                    m_box.item.kind == ThreadItemKind::Note ? m_tokens.noteBg : m_tokens.surface,
                    m_tokens.borderDefault);
        paintAvatar(m_painter, m_box.avatar, {.name = authorKey()}, m_tokens.surface);
        const auto flags = Qt::AlignLeading | Qt::AlignVCenter;
        const bool two = !m_box.item.recipients.isEmpty();
        const QRect first{m_box.head.x(), m_box.head.y(), m_box.head.width(),
                          two ? px(20) : m_box.head.height()};
        client::widgets::paintText(m_painter, first, flags, m_box.item.author, TextRole::RowStrong,
                                   m_tokens.text1, m_box.direction);
        client::widgets::paintText(m_painter, first.translated(0, px(19)), flags, m_box.item.recipients,
                                   TextRole::Secondary, m_tokens.text3, m_box.direction);
        paintText(m_tokens.text1);
    }

    void paintMeta(TextRole role)
    {
        if (m_box.meta.isEmpty())
            return;
        const auto look = lookOf(m_box.item.state);
        const bool bad = hasAction(m_box.item) && !m_box.item.undoable;
        const auto visual = [&](const QRect &r) {
            return QStyle::visualRect(m_box.direction, m_box.meta, r);
        };
        const auto text = metaText(m_box.item);
        const int width = textWidth(text, role) + 1;
        const auto flags = Qt::AlignLeading | Qt::AlignVCenter;
        client::widgets::paintText(m_painter,
                                   visual({m_box.meta.x(), m_box.meta.y(), width, m_box.meta.height()}),
                                   flags, text, role, bad ? look.colour : m_tokens.text3, m_box.direction);
        if (!look.icon.isEmpty()) {
            const QRect icon{m_box.meta.x() + width + px(3), m_box.meta.y(), px(15), m_box.meta.height()};
            paintIcon(m_painter, visual(icon), look.icon, icon_size::small + 1, look.colour);
        }
        if (m_box.action.isEmpty())
            return;
        client::widgets::paintText(m_painter, m_box.action, Qt::AlignCenter, actionText(m_box.item),
                                   TextRole::MetaStrong, m_box.item.undoable ? m_tokens.accent : look.colour,
                                   m_box.direction);
    }

    void paintAttachment(const ThreadAttachment &attachment, const AttachmentBox &at)
    {
        if (!at.preview.isEmpty())
            paintPreview(attachment, at.preview);
        const auto &theme = Theme::current();
        fillRounded(m_painter, at.card, px(radius::card), m_tokens.surface, m_tokens.borderDefault);
        const auto visual = [&](const QRect &r) { return QStyle::visualRect(m_box.direction, at.card, r); };
        const int side = px(28);
        const QRect icon{at.card.x() + px(8), at.card.y() + (at.card.height() - side) / 2, side, side};
        fillRounded(m_painter, visual(icon), px(6), m_tokens.accentSoft);
        paintIcon(m_painter, visual(icon), fileIcon(attachment.mime), 15, m_tokens.accent);
        const int x = icon.right() + 1 + px(10);
        const bool two = !attachment.detail.isEmpty();
        const int line = theme.lineHeight(TextRole::Meta);
        const int top = at.card.y() + (at.card.height() - (two ? 2 : 1) * line) / 2;
        const int wide = at.card.right() - px(38) - x;
        const auto flags = Qt::AlignLeading | Qt::AlignVCenter;
        client::widgets::paintText(m_painter, visual({x, top, wide, line}), flags, attachment.name,
                                   TextRole::ChipStrong, m_tokens.text1, m_box.direction);
        client::widgets::paintText(m_painter, visual({x, top + line, wide, line}), flags, attachment.detail,
                                   TextRole::Meta, m_tokens.text3, m_box.direction);
        if (attachment.progress < 0) {
            paintIcon(m_painter, at.save, u"download"_s, icon_size::button, m_tokens.text2);
            return;
        }
        const QRect track{at.card.x() + px(10), at.card.bottom() - 4, at.card.width() - px(20), 2};
        fillRounded(m_painter, track, 1, m_tokens.borderDefault);
        QRect done = track;
        done.setWidth(track.width() * qBound(0, attachment.progress, 100) / 100);
        fillRounded(m_painter, visual(done), 1, m_tokens.accentFill);
    }

    void paintPreview(const ThreadAttachment &attachment, const QRect &at)
    {
        const qreal ratio = m_painter.device()->devicePixelRatioF();
        if (attachment.thumbnail.isNull()) {
            fillRounded(m_painter, at, px(radius::card), m_tokens.sunken);
            paintIcon(m_painter, at, u"image"_s, 22, m_tokens.text3);
            return;
        }
        const auto size = at.size() * ratio;
        const auto key =
            u"preview/%1/%2/%3"_s.arg(attachment.thumbnail.cacheKey()).arg(size.width()).arg(size.height());
        QPixmap scaled;
        if (!QPixmapCache::find(key, &scaled)) {
            scaled =
                attachment.thumbnail.scaled(size, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
            scaled = scaled.copy((scaled.width() - size.width()) / 2, (scaled.height() - size.height()) / 2,
                                 size.width(), size.height());
            QPixmapCache::insert(key, scaled);
        }
        // A texture instead of a clip: only fills have smooth edges.
        QBrush texture{scaled};
        texture.setTransform(QTransform::fromTranslate(at.x(), at.y()).scale(1 / ratio, 1 / ratio));
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(texture);
        m_painter.drawRoundedRect(at, px(radius::card), px(radius::card));
        m_painter.setRenderHint(QPainter::Antialiasing, false);
    }

    void paintDay()
    {
        const auto text = m_box.item.text;
        const int wide = textWidth(text, TextRole::PillText) + px(20);
        const int tall = px(22);
        const QRect chip{(m_box.width - wide) / 2, (m_box.height - tall) / 2, wide, tall};
        fillRounded(m_painter, chip, tall, m_tokens.sunken);
        client::widgets::paintText(m_painter, chip, Qt::AlignCenter, text, TextRole::PillText,
                                   m_tokens.text2);
    }

    void paintNewLine(int width)
    {
        const auto text = m_box.item.text.isEmpty()
                              ? QCoreApplication::translate("client::widgets::ThreadView", "New")
                              : m_box.item.text;
        const int y = m_box.height / 2;
        const int wide = textWidth(text, TextRole::MetaStrong) + px(16);
        const int inset = px(metrics::side);
        auto line = m_tokens.accent;
        line.setAlphaF(.4F);
        const QRect chip{(width - wide) / 2, y - px(9), wide, px(18)};
        paintHairline(m_painter, {inset, y, chip.x() - px(8) - inset, 1}, line);
        paintHairline(m_painter, {chip.right() + px(8), y, width - inset - chip.right() - px(8), 1}, line);
        fillRounded(m_painter, chip, chip.height(), m_tokens.accentSoft);
        client::widgets::paintText(m_painter, chip, Qt::AlignCenter, text, TextRole::MetaStrong,
                                   m_tokens.accent);
    }

    void paintActivity()
    {
        paintText(m_tokens.text3);
        const auto first = m_box.layout->lineAt(0).naturalTextRect().translated(m_box.textAt);
        const int x = m_box.direction == Qt::RightToLeft ? qRound(first.right()) + px(6)
                                                         : qRound(first.left()) - px(6) - px(14);
        paintIcon(m_painter, {x, qRound(first.y()), px(14), qRound(first.height())},
                  u"git-commit-horizontal"_s, 14, m_tokens.text3);
    }

    void paintCurrent()
    {
        QRect around = m_box.bubble;
        for (const auto &attachment : m_box.attachments)
            around = around.united(attachment.card).united(attachment.preview);
        if (!around.isEmpty())
            paintFocusRing(m_painter, around.adjusted(-3, -3, 3, 3), px(radius::bubble) + 2);
    }

    QPainter &m_painter;
    const MessageBox &m_box;
    const MessagePaint &m_paint;
    const Tokens &m_tokens;
};

} // namespace

namespace client::widgets {

void paintMessage(QPainter &painter, const QPoint &at, const MessageBox &box, const MessagePaint &paint)
{
    painter.save();
    painter.translate(at);
    BoxPainter{painter, box, paint}.paint();
    painter.restore();
}

int typingHeight()
{
    return Theme::current().px(metrics::groupGap + metrics::typingBubble);
}

void paintTyping(QPainter &painter, const QRect &row, const QString &avatarName,
                 Qt::LayoutDirection direction)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    const auto visual = [&](const QRect &r) { return QStyle::visualRect(direction, row, r); };
    const int top = row.y() + theme.px(metrics::groupGap);
    const int side = theme.px(metrics::avatar);
    paintAvatar(painter, visual({row.x() + theme.px(metrics::side), top + 1, side, side}),
                {.name = avatarName}, t.surface);
    const QRect bubble{row.x() + theme.px(metrics::side + metrics::avatar + metrics::avatarGap), top,
                       theme.px(58), theme.px(metrics::typingBubble)};
    const auto shown = visual(bubble);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.bubbleIn);
    const qreal round = theme.px(radius::bubble);
    const qreal corner = theme.px(radius::bubbleCorner);
    const bool rtl = direction == Qt::RightToLeft;
    painter.drawPath(roundedPath(shown, rtl ? round : corner, rtl ? corner : round, round, round));
    const qreal dot = theme.px(6);
    for (int i = 0; i < 3; ++i) {
        auto colour = t.text3;
        colour.setAlphaF(i == 0 ? 1.F : i == 1 ? .7F : .45F);
        painter.setBrush(colour);
        const qreal x = shown.center().x() + 1 + (i - 1) * theme.px(11) * (rtl ? -1 : 1) - dot / 2;
        painter.drawEllipse(QRectF{x, shown.center().y() + .5 - dot / 2, dot, dot});
    }
    painter.restore();
}

} // namespace client::widgets
