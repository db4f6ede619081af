#pragma once

#include "client/app/desktop/desk_stores.h"

#include <QObject>

class QWidget;

namespace client::conversations {
class OutboxView;
}

namespace client::shell {
class CommandTable;
class PageFrame;
class Settings;
class SettingsPage;
class Workspace;
} // namespace client::shell

namespace client::sync {
class OwnAccess;
}

namespace client::accounts {
class DevicesPresenter;
}

namespace client::desktop {

/// What stands in place of the panes, or over them: settings, outbox, devices, macros, shortcuts, signing
/// out, the password. Each is made when it is first asked for.
class Pages : public QObject {
    Q_OBJECT

public:
    struct Parts {
        DeskStores &stores;
        sync::OwnAccess &access;
        shell::CommandTable &commands;
        shell::Settings &settings;
        shell::Workspace &workspace;
        QWidget &window; ///< what sheets lie over
    };

    explicit Pages(Parts parts, QObject *parent = nullptr);
    ~Pages() override;

    void openSettings();
    void openOutbox();
    void openDevices();
    void openMacros();
    void openShortcuts();
    void askSignOut();
    void askPassword();
    /// What can simply be tried again is; everything else is a decision for the outbox.
    void reviewProblem(const domain::MessageId &id);
    /// Where the tokens are, for the settings page.
    void setSecretsInFile(bool inFile);

Q_SIGNALS:
    /// Back to the panes.
    void closed();
    void conversationChosen(const domain::ConversationId &id, bool reply);
    void said(const QString &sentence);
    void signOutConfirmed(bool wipe);

private:
    void listQueued();
    void editMacro(const domain::Macro &macro);

    Parts m_parts;
    shell::SettingsPage *m_settingsPage = nullptr;
    shell::PageFrame *m_outboxPage = nullptr;
    conversations::OutboxView *m_outbox = nullptr;
    shell::PageFrame *m_devicesPage = nullptr;
    accounts::DevicesPresenter *m_devices = nullptr;
    shell::PageFrame *m_macrosPage = nullptr;
    bool m_secretsInFile = false;
};

} // namespace client::desktop
