#pragma once

#include "client/widgets/basic/text_label.h"

class QMenu;

namespace client::widgets {
class IconButton;
class Pill;
class SplitButton;
} // namespace client::widgets

namespace client::conversations {

class AssigneeButton;

/// The head of a thread: who, where, who else looks; assignee, snooze, more, and the one thing to do next.
class ConversationHeaderView : public widgets::Surface {
    Q_OBJECT

public:
    struct State {
        QString title;
        QString channelIcon;
        QString channelText; ///< "Website · #12"
        QString viewers;     ///< "Priya is viewing"; empty: nobody
        bool viewersWrite = false;
        QString assignee; ///< name; empty: nobody
        bool isMine = false;
        QString snoozed; ///< "until tomorrow 08:00"
        QString status;  ///< "Pending", "Resolved"; empty while open
        bool resolved = false;
        bool operator==(const State &) const = default;
    };
    /// None is owned; null hides the button or its arrow.
    struct Menus {
        QMenu *assignee = nullptr;
        QMenu *snooze = nullptr;
        QMenu *more = nullptr;
        QMenu *resolve = nullptr;
    };

    explicit ConversationHeaderView(QWidget *parent = nullptr);

    void show(const State &state);
    void setMenus(const Menus &menus);
    [[nodiscard]] QWidget *snoozeButton() const;
    void openSnoozeMenu();
    void openAssigneeMenu();

Q_SIGNALS:
    /// "Resolve", or "Reopen" when it is resolved.
    void mainRequested();

private:
    State m_state;
    Menus m_menus;
    widgets::TextLabel *m_title;
    widgets::TextLabel *m_channel;
    widgets::TextLabel *m_viewers;
    widgets::Pill *m_status;
    AssigneeButton *m_assignee;
    widgets::IconButton *m_snooze;
    widgets::IconButton *m_more;
    widgets::SplitButton *m_main;
};

} // namespace client::conversations
