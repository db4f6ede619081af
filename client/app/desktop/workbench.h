#pragma once

#include "client/app/desktop/account_notices.h"
#include "client/app/desktop/desk_stores.h"
#include "client/shell/frame/account_switcher.h"

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
class PreviousView;
class PropertiesView;
} // namespace client::conversations

namespace client::shell {
class CommandTable;
class PaletteController;
class Settings;
class Sidebar;
class Workspace;
} // namespace client::shell

namespace client::sync {
class OwnAccess;
}

namespace client::widgets {
class Banner;
class Toast;
} // namespace client::widgets

namespace client::desktop {

class ConversationCommands;
class Navigation;
class Pages;
class MacroCommands;
class SortingCommands;

/// The main window's content for one signed-in account: panes, commands, palette, pages, and what is told to
/// others while somebody looks. Everything shown comes from the local cache.
class Workbench : public QWidget {
    Q_OBJECT

public:
    struct Parts {
        AccountStores &account;
        sync::OwnAccess &access;
        shell::Settings &settings;
        AccountNotices &notices;
        QString place; ///< what it remembers of its screen goes by this name; empty for the first account
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
    /// The tokens are in a file, for want of a keychain.
    void setSecretsInFile();
    /// All accounts of the program, this one among them, in the order of their keys.
    void setAccounts(const std::vector<shell::AccountEntry> &accounts);
    /// A sentence at the foot of the window, with one thing to do about it.
    void say(const QString &sentence, const QString &action = {}, std::function<void()> work = {});

Q_SIGNALS:
    void titleChanged();
    void accountChosen(int index);
    void addAccountRequested();
    void signInRequested();
    void signOutConfirmed(bool wipe);
    void quitRequested();

private:
    void buildPanes();
    void connectPanes();
    void addWindowCommands();
    void addAccountCommands();
    void addAccountKeys();
    void addPaletteProviders();
    void showConnection(const accounts::ConnectionPresenter::State &state);
    void showWorkspaceMenu(QWidget *anchor);
    void showSwitcher();
    void copyLink();
    [[nodiscard]] QString placeKey(const char *name) const;
    void openCurrent(std::optional<domain::ConversationId> id);
    void updateLooking();
    void restoreTab();
    void closePage();
    void applySettings();

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
    SortingCommands *m_sorting;
    MacroCommands *m_macros;
    Navigation *m_navigation;
    Pages *m_pages;
    std::vector<shell::AccountEntry> m_accounts;
    QTimer m_viewingAgain; // others forget after a minute that I look
    std::optional<domain::ConversationId> m_lookedAt;
    bool m_inFront = false;
    std::function<void()> m_toastWork;
};

} // namespace client::desktop
