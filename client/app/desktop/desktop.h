#pragma once

#include "client/app/desktop/account_list.h"
#include "client/app/desktop/deep_link.h"
#include "client/app/desktop/language.h"
#include "client/platform/profile.h"
#include "client/platform/system_clock.h"
#include "client/shell/settings.h"
#include "shared/base/result.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

class QApplication;

namespace client::shell {
class DesktopNotices;
class NotificationCenter;
class Tray;
} // namespace client::shell

namespace client::desktop {

class AccountDesk;
class MainWindow;
class Workbench;

/// What the command line says.
struct Options {
    QString server;
    QString profile; ///< directory; empty: the standard one
    std::optional<widgets::ThemeMode> theme;
    QString language;
    bool useKeychain = true;
    bool offline = false;
};

/// The running application: theme, language, window, tray, and the accounts, one of which is on screen while
/// all are connected.
class Desktop : public QObject {
    Q_OBJECT

public:
    /// Fails when the profile cannot be used (Busy: another program has it). `theme` is the program's only
    /// one.
    static base::Result<std::unique_ptr<Desktop>> start(QApplication &application, widgets::Theme &theme,
                                                        const Options &options);
    ~Desktop() override;

    [[nodiscard]] MainWindow &window() { return *m_window; }
    /// Of the account on screen; null while that shows something else.
    [[nodiscard]] Workbench *workbench() const;
    void show();

    /// In the order of the switcher, beginning with 0.
    [[nodiscard]] int accountCount() const { return static_cast<int>(m_desks.size()); }
    [[nodiscard]] AccountDesk &account(int index) { return *m_desks[static_cast<std::size_t>(index)]; }
    void chooseAccount(int index);
    void addAccount();
    /// Brings the window to the front and, for a link of ours, shows what it names.
    void openLink(const QString &link);

private:
    Desktop(QApplication &application, widgets::Theme &theme, Options options,
            std::shared_ptr<platform::Profile> profile);

    void connectShell();
    void applySetting(shell::Settings::Key key);
    AccountDesk &makeDesk(const AccountList::Entry &entry, bool isNew);
    AccountDesk *find(const QString &folder) const;
    void look(AccountDesk &desk);
    void showPage();
    /// The account that was looked at before this one; null when it is alone.
    [[nodiscard]] AccountDesk *before(const AccountDesk &desk) const;
    void goBack(AccountDesk &desk);
    void remove(AccountDesk &desk);
    void askRemove(AccountDesk &desk);
    void openNext();
    void tellAccounts();
    void tellTitle();
    void openFromNotice(const QString &key, bool reply);
    void followPending();
    void follow(const DeepLink &link);

    QApplication &m_application;
    widgets::Theme &m_theme;
    Options m_options;
    std::shared_ptr<platform::Profile> m_profile; ///< of the first account; its lock is the program's
    Language m_language;
    shell::Settings m_settings;
    AccountList m_list;
    platform::SystemClock m_clock;
    std::unique_ptr<shell::Tray> m_tray;
    std::unique_ptr<shell::DesktopNotices> m_notices;
    std::unique_ptr<shell::NotificationCenter> m_notifications;
    std::unique_ptr<MainWindow> m_window;
    std::vector<std::unique_ptr<AccountDesk>> m_desks;
    std::vector<AccountDesk *> m_looked;   ///< the one on screen first
    std::optional<DeepLink> m_pendingLink; ///< its account may not be open yet
    int m_unread = 0;
};

} // namespace client::desktop
