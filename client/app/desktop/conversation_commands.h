#pragma once

#include "client/app/desktop/desk_stores.h"

#include <QObject>

#include <functional>

class QDateTime;
class QMenu;
class QWidget;

namespace client::conversations {
class ConversationListView;
class ConversationView;
class PropertiesView;
class SnoozePopover;
} // namespace client::conversations

namespace client::shell {
class CommandTable;
class PaletteController;
} // namespace client::shell

namespace client::desktop {

/// Everything that can be done to the open conversation, as commands, as menus and as deeper levels of the
/// palette. Each change can be taken back with one key.
class ConversationCommands : public QObject {
    Q_OBJECT

public:
    struct Parts {
        DeskStores &stores;
        shell::CommandTable &commands;
        shell::PaletteController &palette;
        conversations::ConversationListView &list;
        conversations::ConversationView &thread;
        conversations::PropertiesView &properties;
        QWidget &window;
    };

    explicit ConversationCommands(Parts parts, QObject *parent = nullptr);

    /// The menu of a row or of "More".
    void fill(QMenu &menu);
    void takeOldest();
    void undo();
    /// Nothing can be taken back any more (the toast went).
    void forgetUndo() { m_undo = nullptr; }

Q_SIGNALS:
    /// "Resolved", with a way back or without.
    void done(const QString &sentence, bool canUndo);

private:
    using Id = domain::ConversationId;

    void addWriting();
    void addFinishing();
    void addSnoozing();
    void addAssigning();
    void addPriorities();
    void addMoving();
    void makeMenus();

    [[nodiscard]] std::optional<domain::Conversation> current() const;
    /// Runs `change` on the open conversation and offers to put it back as it was.
    void change(const QString &sentence,
                const std::function<void(const Id &, conversations::ConversationActions::Answer)> &work,
                bool moveOn = false);
    void restore(const domain::Conversation &before);
    void refused(const base::Status &status);
    void setStatus(domain::ConversationStatus to, const QString &sentence, bool moveOn = false);
    void snooze(const QDateTime &until);
    void assign(std::optional<domain::UserId> to);
    void setPriority(domain::Priority to);
    [[nodiscard]] QDateTime now() const;

    Parts m_parts;
    std::function<void()> m_undo;
    conversations::SnoozePopover *m_snoozePopover;
    QMenu *m_assigneeMenu;
    QMenu *m_snoozeMenu;
};

} // namespace client::desktop
