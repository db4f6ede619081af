#pragma once

#include <QIcon>
#include <QPixmap>

class QPainter;

namespace client::shell {

/// The mark of the application: waves on a rounded accent tile.
void paintAppMark(QPainter &painter, const QRect &rect);
/// The mark as the window's and the tray's icon, with a count in its corner when there is one.
QIcon appIcon(int badge = 0);

} // namespace client::shell
