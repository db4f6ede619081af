#pragma once

#include <QColor>
#include <QHash>
#include <QPixmap>
#include <QString>

namespace client::widgets {

/// Bundled SVG icons rasterised once per name, size, colour, pixel ratio and direction.
class IconCache {
public:
    QPixmap pixmap(const QString &name, int size, const QColor &colour, qreal ratio, bool mirrored);

private:
    QByteArray source(const QString &name);

    QHash<QString, QByteArray> m_sources;
    QHash<QString, QPixmap> m_pixmaps;
};

/// Icons that point somewhere and turn round in right-to-left layouts.
bool isDirectional(const QString &icon);

} // namespace client::widgets
