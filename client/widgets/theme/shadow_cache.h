#pragma once

#include <QColor>
#include <QHash>
#include <QPixmap>

namespace client::widgets {

/// Soft shadows of rounded rectangles, blurred once and kept for 9-slice drawing.
class ShadowCache {
public:
    /// A pixmap whose corners are `margin(blur) + radius + 1` long and whose middle is one pixel.
    QPixmap pixmap(int radius, int blur, const QColor &colour, qreal ratio) const;
    /// How far a shadow reaches beyond its rectangle.
    static int margin(int blur) { return blur; }

private:
    mutable QHash<QString, QPixmap> m_pixmaps;
};

} // namespace client::widgets
