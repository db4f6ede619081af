#pragma once

#include <QColor>
#include <QString>

#include <vector>

namespace client::widgets {

/// One entry of the sidebar.
struct NavItem {
    QString id;
    QString text;
    QString icon;
    QColor dot;          ///< valid: a coloured square instead of the icon (teams)
    int count = 0;       ///< 0 shows none
    bool urgent = false; ///< red icon and count (a breached view)
    QString hint;        ///< tool tip, e.g. the key
};

/// A titled group; the first group usually has no title.
struct NavSection {
    QString id;
    QString title;
    bool canAdd = false; ///< a "+" at the end of the title
    std::vector<NavItem> items;
};

} // namespace client::widgets
