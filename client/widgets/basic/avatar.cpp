#include "client/widgets/basic/avatar.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QPixmapCache>
#include <QTextBoundaryFinder>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

// Room around the circle for what overhangs: badge, dot and their rings.
int overhang()
{
    return Theme::current().px(5);
}

QString firstLetter(const QString &word)
{
    QTextBoundaryFinder finder{QTextBoundaryFinder::Grapheme, word};
    const auto end = finder.toNextBoundary();
    return end > 0 ? word.left(end).toUpper() : QString{};
}

void paintDot(QPainter &painter, const QRectF &dot, Presence presence, const QColor &surface)
{
    const auto &t = Theme::current().tokens();
    const qreal ring = qMax(1.5, dot.width() * .16);
    fillRounded(painter, dot.adjusted(-ring, -ring, ring, ring), dot.width(), surface);
    switch (presence) {
    case Presence::None:
        break;
    case Presence::Online:
        fillRounded(painter, dot, dot.width(), t.online);
        break;
    case Presence::Busy: {
        fillRounded(painter, dot, dot.width(), t.busy);
        const QRectF bar{dot.x() + dot.width() * .22, dot.center().y() - dot.height() * .09,
                         dot.width() * .56, dot.height() * .18};
        fillRounded(painter, bar, bar.height(), surface);
        break;
    }
    case Presence::Alert: {
        fillRounded(painter, dot, dot.width(), t.bad);
        const qreal wide = dot.width() * .18;
        const QRectF bar{dot.center().x() - wide / 2, dot.y() + dot.height() * .2, wide, dot.height() * .36};
        fillRounded(painter, bar, wide, surface);
        fillRounded(painter, {bar.x(), dot.y() + dot.height() * .66, wide, wide}, wide, surface);
        break;
    }
    case Presence::Offline: {
        fillRounded(painter, dot, dot.width(), t.offline);
        const qreal inset = dot.width() * .26;
        fillRounded(painter, dot.adjusted(inset, inset, -inset, -inset), dot.width(), surface);
        break;
    }
    }
}

void paintCircle(QPainter &painter, const QRectF &circle, const AvatarLook &look)
{
    const auto &theme = Theme::current();
    const auto &tint = theme.tokens().avatars[static_cast<std::size_t>(avatarTint(look.name))];
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    if (!look.picture.isNull()) {
        QPainterPath clip;
        clip.addEllipse(circle);
        painter.save();
        painter.setClipPath(clip);
        const auto side = qMin(look.picture.width(), look.picture.height());
        const QRect middle{(look.picture.width() - side) / 2, (look.picture.height() - side) / 2, side, side};
        painter.drawPixmap(circle, look.picture, middle);
        painter.restore();
        return;
    }
    fillRounded(painter, circle, circle.width(), tint.background);
    auto font = theme.font(TextRole::RowStrong);
    font.setPixelSize(qMax(7, qRound(circle.width() * .39)));
    painter.setFont(font);
    painter.setPen(tint.text);
    painter.drawText(circle, Qt::AlignCenter, initials(look.name));
}

QPixmap avatarPixmap(int size, const AvatarLook &look, const QColor &surface, qreal ratio)
{
    const auto &theme = Theme::current();
    const auto key = u"avatar/%1/%2/%3/%4/%5/%6/%7/%8/%9"_s.arg(size)
                         .arg(initials(look.name))
                         .arg(avatarTint(look.name))
                         .arg(look.channelIcon)
                         .arg(static_cast<int>(look.presence))
                         .arg(look.picture.cacheKey())
                         .arg(surface.rgba())
                         .arg(ratio)
                         .arg(theme.isDark());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const int side = size + 2 * overhang();
    pixmap = QPixmap{QSize{side, side} * ratio};
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    {
        QPainter painter{&pixmap};
        const QRectF circle(overhang(), overhang(), size, size);
        paintCircle(painter, circle, look);
        const auto &t = theme.tokens();
        if (!look.channelIcon.isEmpty()) {
            const int badge = theme.px(16);
            const QRect at{side - badge - 2, side - badge - 2, badge, badge};
            fillRounded(painter, QRectF{at}.adjusted(-1.5, -1.5, 1.5, 1.5), badge, surface);
            fillRounded(painter, at, badge, t.borderDefault);
            paintIcon(painter, at, look.channelIcon, icon_size::badge, t.text2);
        }
        if (look.presence != Presence::None) {
            const qreal dot = qMax(8., size * .26);
            const qreal top = look.channelIcon.isEmpty() ? overhang() + size - dot + 1 : overhang() - 1;
            paintDot(painter, {overhang() + size - dot + 1, top, dot, dot}, look.presence, surface);
        }
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace

namespace client::widgets {

bool AvatarLook::operator==(const AvatarLook &other) const
{
    return name == other.name && channelIcon == other.channelIcon && presence == other.presence &&
           picture.cacheKey() == other.picture.cacheKey();
}

QString initials(const QString &name)
{
    QStringList words;
    for (const auto &word : name.simplified().split(u' ', Qt::SkipEmptyParts)) {
        if (word.at(0).isLetterOrNumber() || word.at(0).isHighSurrogate())
            words << word;
    }
    if (words.isEmpty())
        return name.trimmed().isEmpty() ? u"?"_s : firstLetter(name.trimmed());
    if (words.size() == 1)
        return firstLetter(words.first());
    return firstLetter(words.first()) + firstLetter(words.last());
}

int avatarTint(const QString &name)
{
    // FNV-1a, because qHash is seeded anew in every run.
    quint32 hash = 2166136261U;
    for (const auto byte : name.trimmed().toUtf8())
        hash = (hash ^ static_cast<quint8>(byte)) * 16777619U;
    return static_cast<int>(hash % Theme::current().tokens().avatars.size());
}

void paintAvatar(QPainter &painter, const QRect &rect, const AvatarLook &look, const QColor &surface)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    painter.drawPixmap(rect.topLeft() - QPoint{overhang(), overhang()},
                       avatarPixmap(rect.width(), look, surface, ratio));
}

Avatar::Avatar(int size, QWidget *parent) : QWidget{parent}, m_size{size}
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void Avatar::setLook(AvatarLook look)
{
    if (look == m_look)
        return;
    m_look = std::move(look);
    setAccessibleName(m_look.name);
    update();
}

QSize Avatar::sizeHint() const
{
    const int side = Theme::current().px(m_size) + 2 * overhang();
    return {side, side};
}

void Avatar::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const int side = Theme::current().px(m_size);
    const QRect circle{(width() - side) / 2, (height() - side) / 2, side, side};
    paintAvatar(painter, circle, m_look, palette().color(backgroundRole()));
}

} // namespace client::widgets
