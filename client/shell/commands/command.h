#pragma once

#include <QString>
#include <QStringList>

#include <functional>

namespace client::shell {

/// Where the keys of a command act.
enum class KeyScope {
    Anywhere, ///< also while somebody types
    Panes,    ///< letters: only while a list, a thread or a panel has the focus, never in a text field or a
              ///< popover
};

/// One thing the application can do. Palette, menus, keys and the shortcut sheet are all made from these.
struct Command {
    QString id;       ///< "conversation.resolve"; never shown, never changed
    QString group;    ///< title of its group, shown
    QString title;    ///< shown; begins with a verb
    QString icon;     ///< name of an icon, may be empty
    QStringList keys; ///< portable texts, "Ctrl+K" or "P, 0"; the first one is shown
    KeyScope scope = KeyScope::Anywhere;
    std::function<void()> run;
    std::function<bool()> isAvailable; ///< empty: always
    bool drills = false;               ///< the palette can go deeper ("Assign to…")
    bool inPalette = true;
};

} // namespace client::shell
