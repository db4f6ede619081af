#include "client/shell/commands/command_table.h"

#include "client/shell/frame/overlay.h"
#include "client/widgets/basic/popover.h"
#include "client/widgets/palette/command_palette.h"
#include "client/widgets/theme/theme.h"

#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QTextEdit>

#include <algorithm>

namespace client::shell {

bool takesLetters(const QWidget *focus)
{
    for (const auto *at = focus; at; at = at->parentWidget()) {
        if (const auto *text = qobject_cast<const QTextEdit *>(at); text && !text->isReadOnly())
            return true;
        if (qobject_cast<const QLineEdit *>(at) || qobject_cast<const QAbstractSpinBox *>(at) ||
            qobject_cast<const QComboBox *>(at))
            return true;
        if (qobject_cast<const widgets::Popover *>(at) || qobject_cast<const widgets::CommandPalette *>(at) ||
            qobject_cast<const Overlay *>(at))
            return true;
        if (at->isWindow())
            break;
    }
    return false;
}

CommandTable::CommandTable(QWidget &window, QObject *parent) : QObject{parent}, m_window{window}
{
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) { followFocus(now); });
}

const Command *CommandTable::find(const QString &id) const
{
    const auto found = std::find_if(m_commands.begin(), m_commands.end(),
                                    [&id](const Command &command) { return command.id == id; });
    return found == m_commands.end() ? nullptr : &*found;
}

bool CommandTable::isAvailable(const QString &id) const
{
    const auto *command = find(id);
    return command && (!command->isAvailable || command->isAvailable());
}

QString CommandTable::keysText(const QString &id) const
{
    const auto *command = find(id);
    if (!command || command->keys.isEmpty())
        return {};
    return QKeySequence{command->keys.first(), QKeySequence::PortableText}.toString(QKeySequence::NativeText);
}

void CommandTable::add(Command command)
{
    Q_ASSERT_X(!find(command.id), "CommandTable::add", qPrintable(command.id));
    bind(command);
    m_commands.push_back(std::move(command));
    followFocus(QApplication::focusWidget());
}

void CommandTable::bind(const Command &command)
{
    for (const auto &keys : command.keys) {
        const QKeySequence sequence{keys, QKeySequence::PortableText};
        for (const auto &known : m_keys)
            Q_ASSERT_X(known.shortcut->key() != sequence, "CommandTable::add", qPrintable(command.id + keys));
        auto *shortcut = new QShortcut{sequence, &m_window};
        connect(shortcut, &QShortcut::activated, this, [this, id = command.id] { run(id); });
        connect(this, &QObject::destroyed, shortcut, &QObject::deleteLater);
        m_keys.push_back({command.id, command.scope, shortcut});
    }
}

void CommandTable::followFocus(QWidget *focus)
{
    const bool letters = !takesLetters(focus);
    for (const auto &key : m_keys)
        key.shortcut->setEnabled(key.scope == KeyScope::Anywhere || letters);
}

bool CommandTable::run(const QString &id)
{
    if (!isAvailable(id))
        return false;
    const auto work = find(id)->run; // a copy: a command may rebuild the window that holds this table
    Q_EMIT aboutToRun(id);
    work();
    return true;
}

QAction *CommandTable::addTo(QMenu &menu, const QString &id, const QString &title)
{
    const auto *command = find(id);
    Q_ASSERT_X(command, "CommandTable::addTo", qPrintable(id));
    auto text = title.isEmpty() ? command->title : title;
    if (const auto keys = keysText(id); !keys.isEmpty())
        text += QLatin1Char{'\t'} + keys;
    auto *action = menu.addAction(text, this, [this, id] { run(id); });
    if (!command->icon.isEmpty())
        action->setIcon(widgets::Theme::current().themedIcon(command->icon));
    connect(&menu, &QMenu::aboutToShow, action, [this, id, action] { action->setEnabled(isAvailable(id)); });
    action->setEnabled(isAvailable(id));
    return action;
}

} // namespace client::shell
