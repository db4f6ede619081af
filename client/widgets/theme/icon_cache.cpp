#include "client/widgets/theme/icon_cache.h"

#include <QFile>
#include <QLoggingCategory>
#include <QPainter>
#include <QSvgRenderer>
#include <QTransform>

using namespace Qt::Literals::StringLiterals;

namespace {

// Colours come from a closed set of tokens, so this is only a guard against endless resizing.
constexpr qsizetype maxPixmaps = 2000;

QByteArray coloured(QByteArray svg, const QColor &colour, int size)
{
    svg.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    svg.replace("stroke-width=\"2\"", size < 14 ? "stroke-width=\"2.2\"" : "stroke-width=\"1.75\"");
    return svg;
}

} // namespace

namespace client::widgets {

bool isDirectional(const QString &icon)
{
    static const QSet<QString> names{
        u"send"_s,   u"chevron-left"_s, u"chevron-right"_s,    u"reply"_s,      u"forward"_s,
        u"undo-2"_s, u"log-out"_s,      u"corner-down-left"_s, u"panel-left"_s, u"panel-right"_s};
    return names.contains(icon);
}

QByteArray IconCache::source(const QString &name)
{
    const auto found = m_sources.constFind(name);
    if (found != m_sources.constEnd())
        return *found;
    QFile file{u":/deskbell/icons/%1.svg"_s.arg(name)};
    QByteArray svg;
    if (file.open(QIODevice::ReadOnly))
        svg = file.readAll();
    else
        qWarning("no icon %s", qPrintable(name));
    m_sources.insert(name, svg);
    return svg;
}

QPixmap IconCache::pixmap(const QString &name, int size, const QColor &colour, qreal ratio, bool mirrored)
{
    if (name.isEmpty() || size <= 0)
        return {};
    const auto key = u"%1/%2/%3/%4/%5"_s.arg(name).arg(size).arg(colour.rgba()).arg(ratio).arg(mirrored);
    const auto found = m_pixmaps.constFind(key);
    if (found != m_pixmaps.constEnd())
        return *found;
    const auto svg = source(name);
    if (svg.isEmpty())
        return {};
    QSvgRenderer renderer{coloured(svg, colour, size)};
    QPixmap pixmap{QSize{size, size} * ratio};
    pixmap.fill(Qt::transparent);
    {
        QPainter painter{&pixmap};
        painter.setOpacity(colour.alphaF());
        renderer.render(&painter, QRectF{QPointF{}, QSizeF{pixmap.size()}});
    }
    if (mirrored)
        pixmap = pixmap.transformed(QTransform::fromScale(-1, 1));
    pixmap.setDevicePixelRatio(ratio);
    if (m_pixmaps.size() >= maxPixmaps)
        m_pixmaps.clear();
    m_pixmaps.insert(key, pixmap);
    return pixmap;
}

} // namespace client::widgets
