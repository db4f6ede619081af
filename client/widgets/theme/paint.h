#pragma once

#include "client/widgets/theme/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QRect>
#include <QString>

class QWidget;

namespace client::widgets {

/// A rounded rectangle; an invalid `edge` draws none. The edge lies inside `rect`.
void fillRounded(QPainter &painter, const QRectF &rect, qreal radius, const QColor &fill,
                 const QColor &edge = {});
/// The same with one radius per corner: top left, top right, bottom right, bottom left.
QPainterPath roundedPath(const QRectF &rect, qreal topLeft, qreal topRight, qreal bottomRight,
                         qreal bottomLeft);
/// A 1-px line without antialiasing.
void paintHairline(QPainter &painter, const QRect &rect, const QColor &colour);
/// The 2-px accent ring of the keyboard focus, around `rect`.
void paintFocusRing(QPainter &painter, const QRect &rect, qreal radius);
/// True when `widget` has the focus and got there by keyboard.
bool showsFocus(const QWidget *widget);

/// One line, elided at its end when too long. `flags` are alignment flags, read left to right; mirror before.
void paintText(QPainter &painter, const QRect &rect, Qt::Alignment alignment, const QString &text,
               TextRole role, const QColor &colour, Qt::LayoutDirection direction = Qt::LeftToRight);
int textWidth(const QString &text, TextRole role);

/// Centred in `rect`; turned round in right-to-left layouts when the icon points somewhere. 100 % size given.
void paintIcon(QPainter &painter, const QRect &rect, const QString &icon, double size, const QColor &colour,
               Qt::LayoutDirection direction = Qt::LeftToRight);

/// Shadows of the design around `card`; the caller leaves room (shadowMargin).
enum class ShadowKind { Composer, Popover };
void paintShadow(QPainter &painter, const QRect &card, qreal radius, ShadowKind kind);
int shadowMargin(ShadowKind kind);

/// Key caps ("Ctrl", "K") ending at the trailing edge of `rect`; returns the width used.
int paintKeyCaps(QPainter &painter, const QRect &rect, const QStringList &keys,
                 Qt::LayoutDirection direction);
int keyCapsWidth(const QStringList &keys);

} // namespace client::widgets
