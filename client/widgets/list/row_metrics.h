#pragma once

#include <QRect>
#include <Qt>

namespace client::widgets {

/// Where the parts of one row go, in left-to-right coordinates relative to the row's top left corner.
struct RowMetrics {
    int height = 0;
    int avatar = 0;
    int pill = 0;
    int gap = 0;
    int corner = 0;
    int marginX = 0;
    int marginY = 0;
    int textX = 0;
    int avatarY = 0;
    int lineHeight = 0;
    int firstLine = 0;
    int secondLine = 0;
    int thirdLine = 0; ///< 0 in compact rows: there is none

    static RowMetrics make(bool compact);
};

} // namespace client::widgets
