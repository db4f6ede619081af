#pragma once

#include <QString>

namespace client::widgets {

/// One tab of a track: an id that never shows, a text and a count (negative: none).
struct Tab {
    QString id;
    QString text;
    int count = -1;
};

} // namespace client::widgets
