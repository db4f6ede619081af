#pragma once

#include "client/shell/commands/command.h"

#include <QObject>

#include <vector>

class QAction;
class QMenu;
class QShortcut;
class QWidget;

namespace client::shell {

/// Every command of one window, and its keys.
///
/// A command that is not available neither runs nor shows as possible. Letters (KeyScope::Panes) are handed
/// to the focused widget while it takes text. GUI thread.
class CommandTable : public QObject {
    Q_OBJECT

public:
    /// The keys act while `window` is active; it owns nothing of the table.
    explicit CommandTable(QWidget &window, QObject *parent = nullptr);

    [[nodiscard]] const std::vector<Command> &all() const { return m_commands; }
    [[nodiscard]] const Command *find(const QString &id) const;
    [[nodiscard]] bool isAvailable(const QString &id) const;
    /// "Shift+A", in the system's own words; empty without a key.
    [[nodiscard]] QString keysText(const QString &id) const;

    /// Ids and key sequences must be new; a repeated one is a mistake of ours and stops the program in debug
    /// builds.
    void add(Command command);
    /// False when there is no such command or it is not available.
    bool run(const QString &id);
    /// Appends the command to `menu`, with its icon and its key; greyed out when it is not available. `title`
    /// replaces the command's own. The action is the menu's.
    QAction *addTo(QMenu &menu, const QString &id, const QString &title = {});

Q_SIGNALS:
    /// Just before it runs.
    void aboutToRun(const QString &id);

private:
    struct Key {
        QString command;
        KeyScope scope;
        QShortcut *shortcut;
    };

    void bind(const Command &command);
    void followFocus(QWidget *focus);

    QWidget &m_window;
    std::vector<Command> m_commands;
    std::vector<Key> m_keys;
};

/// Whether `focus` takes letters as text, or lies in a popover, so that letters are no commands.
[[nodiscard]] bool takesLetters(const QWidget *focus);

} // namespace client::shell
