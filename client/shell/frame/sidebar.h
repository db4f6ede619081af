#pragma once

#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/text_label.h"

namespace client::widgets {
class IconButton;
class SidebarView;
} // namespace client::widgets

namespace client::shell {

class JumpButton;
class SidebarButton;

/// The sidebar of the main window: workspace, jump field, navigation, and who I am with the state of the
/// connection. Becomes a rail of icons when told so.
class Sidebar : public widgets::Surface {
    Q_OBJECT

public:
    explicit Sidebar(QWidget *parent = nullptr);

    [[nodiscard]] widgets::SidebarView *navigation() const { return m_navigation; }
    [[nodiscard]] QWidget *workspaceButton() const;
    [[nodiscard]] QWidget *personButton() const;
    [[nodiscard]] bool isRail() const { return m_rail; }

    void setWorkspace(const QString &name, const QString &server);
    /// How much waits in the other accounts; 0 shows nothing.
    void setWaitingElsewhere(int unread);
    void setPerson(const QString &name);
    /// "Online · synced"; read aloud when it changes.
    void setConnection(const QString &text, widgets::Presence presence);
    void setRail(bool rail);

Q_SIGNALS:
    void jumpRequested();
    void settingsRequested();
    void workspaceClicked();
    void personClicked();

private:
    SidebarButton *m_workspace;
    JumpButton *m_jump;
    widgets::SidebarView *m_navigation;
    SidebarButton *m_person;
    widgets::IconButton *m_settings;
    bool m_rail = false;
};

} // namespace client::shell
