#pragma once

#include "client/app/desktop/language.h"
#include "client/platform/keychain.h"
#include "client/platform/profile.h"
#include "client/platform/system_clock.h"
#include "client/shell/settings.h"
#include "client/sync/http_auth.h"
#include "shared/base/result.h"

#include <QObject>

#include <memory>
#include <optional>

class QApplication;

namespace client::accounts {
class SignInPresenter;
class SignInView;
} // namespace client::accounts

namespace client::shell {
class DesktopNotices;
class NotificationCenter;
class Tray;
} // namespace client::shell

namespace client::storage {
class Vault;
} // namespace client::storage

namespace client::sync {
class Client;
struct SignedIn;
} // namespace client::sync

namespace client::desktop {

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

/// The running application: profile, theme, language, window; sign-in page or workbench.
class Desktop : public QObject {
    Q_OBJECT

public:
    /// Fails when the profile cannot be used (Busy: another program has it). `theme` is the program's only
    /// one.
    static base::Result<std::unique_ptr<Desktop>> start(QApplication &application, widgets::Theme &theme,
                                                        const Options &options);
    ~Desktop() override;

    [[nodiscard]] MainWindow &window() { return *m_window; }
    /// Null while the sign-in page is shown.
    [[nodiscard]] Workbench *workbench() const { return m_workbench; }
    void show();

private:
    Desktop(QApplication &application, widgets::Theme &theme, Options options,
            std::unique_ptr<platform::Profile> profile);

    void applySetting(shell::Settings::Key key);
    void openSession();
    void startClient(std::shared_ptr<const storage::Vault> vault);
    void closeSession();
    void dropWorkbench();
    void showWorkbench();
    void showSignIn(const QString &notice);
    void signedIn(const sync::SignedIn &signedIn);
    void showFailure(const QString &title, const QString &sentence);
    void openFromNotice(const QString &key, bool reply);
    void updateTitle();

    QApplication &m_application;
    widgets::Theme &m_theme;
    Options m_options;
    std::unique_ptr<platform::Profile> m_profile;
    Language m_language;
    shell::Settings m_settings;
    platform::SystemClock m_clock;
    std::unique_ptr<platform::Keychain> m_keychain; // the one the sync client reads
    sync::HttpAuth m_auth;
    std::unique_ptr<shell::Tray> m_tray;
    std::unique_ptr<shell::DesktopNotices> m_notices;
    std::unique_ptr<shell::NotificationCenter> m_notifications;
    std::unique_ptr<sync::Client> m_client;
    std::unique_ptr<accounts::SignInPresenter> m_signIn;
    std::unique_ptr<MainWindow> m_window;
    accounts::SignInView *m_signInView = nullptr;
    Workbench *m_workbench = nullptr;
    int m_unread = 0;
};

} // namespace client::desktop
