#pragma once

#include "client/app/desktop/desk_stores.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <memory>

namespace client::contacts {
class ContactView;
}

namespace client::conversations {
class ConversationListView;
class ConversationView;
class OutboxView;
class PreviousView;
class PropertiesView;
} // namespace client::conversations

namespace client::shell {
class CommandTable;
class NotificationCenter;
class PageFrame;
class PaletteController;
class Settings;
class SettingsPage;
class Sidebar;
class Workspace;
} // namespace client::shell

namespace client::widgets {
class Banner;
class Toast;
} // namespace client::widgets

namespace client::desktop {

class ConversationCommands;
class Navigation;

/// The main window's content for one signed-in session: panes, commands, palette, pages, and what is told to
/// others while somebody looks. Everything shown comes from the local cache.
class Workbench : public QWidget {
    Q_OBJECT

public:
    struct Parts {
        sync::Session &session;
        shell::Settings &settings;
        shell::NotificationCenter &notifications;
    };

    /// All must outlive it.
    explicit Workbench(Parts parts, QWidget *parent = nullptr);
    ~Workbench() override;

    [[nodiscard]] DeskStores &stores() { return *m_stores; }
    [[nodiscard]] shell::CommandTable &commands() { return *m_commands; }
    [[nodiscard]] shell::PaletteController &palette() { return *m_palette; }
    [[nodiscard]] shell::Workspace &workspace() { return *m_workspace; }
    [[nodiscard]] conversations::ConversationListView &list() { return *m_list; }
    [[nodiscard]] conversations::ConversationView &thread() { return *m_thread; }
    /// "Inbox", "Settings", …
    [[nodiscard]] QString title() const;

    /// Opens a conversation from elsewhere (a notification); `reply` puts the cursor into the box.
    void openConversation(const domain::ConversationId &id, bool reply);
    void focusList();
    /// The window came to the front or left it.
    void setInFront(bool inFront);
    /// Where the tokens are, for the settings page.
    void setSecretsInFile(bool inFile);

Q_SIGNALS:
    void titleChanged();
    void unreadChanged(int count);
    void signInRequested();
    void signOutConfirmed(bool wipe);
    void quitRequested();

private:
    void buildPanes();
    void connectPanes();
    void addWindowCommands();
    void addPaletteProviders();
    void showConnection(const accounts::ConnectionPresenter::State &state);
    void showWorkspaceMenu(QWidget *anchor);
    void openCurrent(std::optional<domain::ConversationId> id);
    void updateLooking();
    void restoreTab();
    void openSettings();
    void openOutbox();
    void openShortcuts();
    void closePage();
    void askSignOut();
    void reviewProblem(const domain::MessageId &id);
    void listQueued();
    void applySettings();
    void say(const QString &sentence, const QString &action = {}, std::function<void()> work = {});
    void notify(const domain::ConversationId &id);

    Parts m_parts;
    std::unique_ptr<DeskStores> m_stores;
    std::unique_ptr<shell::CommandTable> m_commands;
    widgets::Banner *m_banner;
    shell::Sidebar *m_sidebar;
    conversations::ConversationListView *m_list;
    conversations::ConversationView *m_thread;
    contacts::ContactView *m_contact;
    conversations::PropertiesView *m_properties;
    conversations::PreviousView *m_previous;
    shell::Workspace *m_workspace;
    shell::PaletteController *m_palette;
    widgets::Toast *m_toast;
    ConversationCommands *m_conversation;
    Navigation *m_navigation;
    shell::SettingsPage *m_settingsPage = nullptr;
    shell::PageFrame *m_outboxPage = nullptr;
    conversations::OutboxView *m_outbox = nullptr;
    QTimer m_viewingAgain; // others forget after a minute that I look
    std::optional<domain::ConversationId> m_lookedAt;
    bool m_inFront = false;
    bool m_secretsInFile = false;
    std::function<void()> m_toastWork;
    int m_unread = -1;
};

} // namespace client::desktop
