#include "client/shell/frame/app_icon.h"

#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QPainter>

namespace client::shell {

using widgets::Theme;

void paintAppMark(QPainter &painter, const QRect &rect)
{
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    widgets::fillRounded(painter, rect, rect.width() * 0.26, tokens.accentFill);
    const int size = qRound(rect.width() * 0.6);
    const auto waves =
        theme.icon(QStringLiteral("waves"), size, tokens.onAccent, painter.device()->devicePixelRatioF());
    QRect middle{0, 0, size, size};
    middle.moveCenter(rect.center());
    painter.drawPixmap(middle, waves);
}

QIcon appIcon(int badge)
{
    const auto &tokens = Theme::current().tokens();
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64, 128}) {
        QPixmap pixmap{size, size};
        pixmap.fill(Qt::transparent);
        QPainter painter{&pixmap};
        painter.setRenderHint(QPainter::Antialiasing);
        paintAppMark(painter, pixmap.rect());
        if (badge > 0) {
            const qreal side = size * 0.62;
            const QRectF dot{size - side, size - side, side, side};
            painter.setPen(Qt::NoPen);
            painter.setBrush(tokens.bad);
            painter.drawEllipse(dot);
            auto font = Theme::current().font(widgets::TextRole::PillText);
            font.setPixelSize(qMax(7, qRound(side * (badge > 9 ? 0.55 : 0.75))));
            font.setBold(true);
            painter.setFont(font);
            painter.setPen(tokens.surface);
            painter.drawText(dot, Qt::AlignCenter,
                             badge > 99 ? QStringLiteral("99") : QString::number(badge));
        }
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace client::shell
