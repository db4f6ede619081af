#include "client/widgets/theme/paint.h"

#include "client/widgets/theme/shadow_cache.h"

#include <QStyle>
#include <QWidget>
#include <QtMath>

using namespace Qt::Literals::StringLiterals;

namespace {

struct ShadowShape {
    int y;
    int blur;
};

ShadowShape shape(client::widgets::ShadowKind kind)
{
    return kind == client::widgets::ShadowKind::Composer ? ShadowShape{3, 12} : ShadowShape{18, 36};
}

constexpr int capGap = 4;
constexpr int capPadding = 5;

int capWidth(const QString &key)
{
    const auto &theme = client::widgets::Theme::current();
    const int text = client::widgets::textWidth(key, client::widgets::TextRole::KeyCap);
    return qMax(theme.px(18), text + 2 * theme.px(capPadding));
}

} // namespace

namespace client::widgets {

void fillRounded(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill, const QColor &edge)
{
    const bool antialiased = painter.testRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const qreal limited = qMin(radius, qMin(rect.width(), rect.height()) / 2);
    if (edge.isValid()) {
        painter.setPen(QPen{edge, 1});
        painter.setBrush(fill.isValid() ? QBrush{fill} : QBrush{Qt::NoBrush});
        painter.drawRoundedRect(rect.adjusted(.5, .5, -.5, -.5), limited - .5, limited - .5);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawRoundedRect(rect, limited, limited);
    }
    painter.setRenderHint(QPainter::Antialiasing, antialiased);
}

QPainterPath roundedPath(const QRectF &rect, qreal topLeft, qreal topRight, qreal bottomRight,
                         qreal bottomLeft)
{
    QPainterPath path;
    path.moveTo(rect.left() + topLeft, rect.top());
    path.lineTo(rect.right() - topRight, rect.top());
    path.arcTo(QRectF{rect.right() - 2 * topRight, rect.top(), 2 * topRight, 2 * topRight}, 90, -90);
    path.lineTo(rect.right(), rect.bottom() - bottomRight);
    path.arcTo(QRectF{rect.right() - 2 * bottomRight, rect.bottom() - 2 * bottomRight, 2 * bottomRight,
                      2 * bottomRight},
               0, -90);
    path.lineTo(rect.left() + bottomLeft, rect.bottom());
    path.arcTo(QRectF{rect.left(), rect.bottom() - 2 * bottomLeft, 2 * bottomLeft, 2 * bottomLeft}, 270, -90);
    path.lineTo(rect.left(), rect.top() + topLeft);
    path.arcTo(QRectF{rect.left(), rect.top(), 2 * topLeft, 2 * topLeft}, 180, -90);
    path.closeSubpath();
    return path;
}

void paintHairline(QPainter &painter, const QRect &rect, const QColor &colour)
{
    painter.fillRect(rect, colour);
}

void paintFocusRing(QPainter &painter, const QRect &rect, qreal radius)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{Theme::current().tokens().accentFill, 2});
    painter.drawRoundedRect(QRectF{rect}.adjusted(1, 1, -1, -1), radius, radius);
    painter.restore();
}

bool showsFocus(const QWidget *widget)
{
    return widget->hasFocus() && Theme::current().isKeyboardInUse();
}

void paintText(QPainter &painter, const QRect &rect, Qt::Alignment alignment, const QString &text,
               TextRole role, const QColor &colour, Qt::LayoutDirection direction)
{
    if (rect.width() <= 0 || text.isEmpty())
        return;
    const auto &theme = Theme::current();
    painter.setFont(theme.font(role));
    painter.setPen(colour);
    const auto line = QString{text}.replace(u'\n', u' ');
    const auto shown = theme.metrics(role).elidedText(line, Qt::ElideRight, rect.width());
    // The alignment is the layout's, the order of letters the text's own.
    painter.setLayoutDirection(shown.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    const auto visual = QStyle::visualAlignment(direction, alignment) | Qt::AlignAbsolute;
    painter.drawText(rect, static_cast<int>(visual) | Qt::TextSingleLine, shown);
}

int textWidth(const QString &text, TextRole role)
{
    // One more: advances are rounded, and a text that just fits must not be elided.
    return text.isEmpty() ? 0 : Theme::current().metrics(role).horizontalAdvance(text) + 1;
}

void paintIcon(QPainter &painter, const QRect &rect, const QString &icon, double size, const QColor &colour,
               Qt::LayoutDirection direction)
{
    const auto &theme = Theme::current();
    const int side = theme.px(size);
    const qreal ratio = painter.device()->devicePixelRatioF();
    const auto pixmap = theme.icon(icon, side, colour, ratio, direction);
    if (pixmap.isNull())
        return;
    // On whole device pixels, or the thin strokes blur.
    const QPointF at{rect.x() + qRound((rect.width() - side) * ratio / 2) / ratio,
                     rect.y() + qRound((rect.height() - side) * ratio / 2) / ratio};
    painter.drawPixmap(at, pixmap);
}

int shadowMargin(ShadowKind kind)
{
    return ShadowCache::margin(shape(kind).blur);
}

void paintShadow(QPainter &painter, const QRect &card, qreal radius, ShadowKind kind)
{
    const auto &theme = Theme::current();
    const auto look = shape(kind);
    auto colour = theme.tokens().shadow;
    colour.setAlphaF(static_cast<float>(kind == ShadowKind::Composer ? theme.tokens().composerShadow
                                                                     : theme.tokens().popoverShadow));
    const qreal ratio = painter.device()->devicePixelRatioF();
    const auto pixmap = theme.shadows().pixmap(qRound(radius), look.blur, colour, ratio);
    const qreal source = (pixmap.width() - 1) / 2;
    const qreal part = source / ratio;
    const int reach = ShadowCache::margin(look.blur);
    const auto target = QRectF{card}.adjusted(-reach, -reach + look.y, reach, reach + look.y);
    const qreal w = qMin(part, target.width() / 2);
    const qreal h = qMin(part, target.height() / 2);
    const qreal xs[] = {target.left(), target.left() + w, target.right() - w, target.right()};
    const qreal ys[] = {target.top(), target.top() + h, target.bottom() - h, target.bottom()};
    const qreal end = pixmap.width();
    const qreal sx[] = {0, w * ratio, end - w * ratio, end};
    const qreal sy[] = {0, h * ratio, end - h * ratio, end};
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 3; ++column) {
            const QRectF to{QPointF{xs[column], ys[row]}, QPointF{xs[column + 1], ys[row + 1]}};
            const QRectF from{QPointF{sx[column], sy[row]}, QPointF{sx[column + 1], sy[row + 1]}};
            if (!to.isEmpty())
                painter.drawPixmap(to, pixmap, from);
        }
    }
}

int keyCapsWidth(const QStringList &keys)
{
    int width = 0;
    for (const auto &key : keys)
        width += capWidth(key) + Theme::current().px(capGap);
    return keys.isEmpty() ? 0 : width - Theme::current().px(capGap);
}

int paintKeyCaps(QPainter &painter, const QRect &rect, const QStringList &keys, Qt::LayoutDirection direction)
{
    const auto &theme = Theme::current();
    const int total = keyCapsWidth(keys);
    const int height = theme.px(18);
    int x = rect.right() + 1 - total;
    for (const auto &key : keys) {
        const QRect cap{x, rect.center().y() - height / 2, capWidth(key), height};
        const auto shown = QStyle::visualRect(direction, rect, cap);
        fillRounded(painter, shown, theme.px(radius::keyCap), theme.tokens().sunken,
                    theme.tokens().borderDefault);
        paintText(painter, shown, Qt::AlignCenter, key, TextRole::KeyCap, theme.tokens().text2);
        x += cap.width() + theme.px(capGap);
    }
    return total;
}

} // namespace client::widgets
