#include "client/widgets/theme/shadow_cache.h"

#include <QImage>
#include <QPainter>

#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace {

// One pass of a box blur over the rows of an 8-bit image, written transposed: three passes each way look
// Gaussian.
void blurRows(const std::vector<int> &in, std::vector<int> &out, int width, int height, int radius)
{
    const int window = 2 * radius + 1;
    for (int y = 0; y < height; ++y) {
        const auto at = [&](int x) {
            return x < 0 || x >= width ? 0 : in[static_cast<std::size_t>(y * width + x)];
        };
        int sum = 0;
        for (int x = -radius; x <= radius; ++x)
            sum += at(x);
        for (int x = 0; x < width; ++x) {
            out[static_cast<std::size_t>(x * height + y)] = sum / window;
            sum += at(x + radius + 1) - at(x - radius);
        }
    }
}

QImage blurredShape(int side, int margin, int radius, int blurRadius)
{
    QImage shape{side, side, QImage::Format_Alpha8};
    shape.fill(0);
    {
        QPainter painter{&shape};
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(Qt::black);
        painter.drawRoundedRect(QRect{margin, margin, side - 2 * margin, side - 2 * margin}, radius, radius);
    }
    const auto size = static_cast<std::size_t>(side * side);
    std::vector<int> a(size);
    std::vector<int> b(size);
    // Sixteen times the alpha, so that integer division does not band.
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            a[static_cast<std::size_t>(y * side + x)] = shape.constScanLine(y)[x] * 16;
    for (int pass = 0; pass < 3; ++pass) {
        blurRows(a, b, side, side, blurRadius);
        blurRows(b, a, side, side, blurRadius);
    }
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            shape.scanLine(y)[x] = static_cast<uchar>(a[static_cast<std::size_t>(y * side + x)] / 16);
    return shape;
}

} // namespace

namespace client::widgets {

QPixmap ShadowCache::pixmap(int radius, int blur, const QColor &colour, qreal ratio) const
{
    const auto key = u"%1/%2/%3/%4"_s.arg(radius).arg(blur).arg(colour.rgba()).arg(ratio);
    const auto found = m_pixmaps.constFind(key);
    if (found != m_pixmaps.constEnd())
        return *found;
    const int reach = qRound(margin(blur) * ratio);
    const int corner = qRound((radius + margin(blur)) * ratio);
    // The straight part must be longer than the blur, or the middle would not be at full strength.
    const int side = 2 * (reach + corner) + 1;
    const auto shape = blurredShape(side, reach, qRound(radius * ratio), qMax(1, qRound(blur * ratio / 3)));
    QImage tinted{side, side, QImage::Format_ARGB32_Premultiplied};
    for (int y = 0; y < side; ++y) {
        auto *line = reinterpret_cast<QRgb *>(tinted.scanLine(y));
        for (int x = 0; x < side; ++x) {
            const int alpha = shape.constScanLine(y)[x] * colour.alpha() / 255;
            line[x] = qPremultiply(qRgba(colour.red(), colour.green(), colour.blue(), alpha));
        }
    }
    auto pixmap = QPixmap::fromImage(tinted);
    m_pixmaps.insert(key, pixmap);
    return pixmap;
}

} // namespace client::widgets
