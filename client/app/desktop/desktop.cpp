#include "client/app/desktop/desktop.h"

#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/accounts/logic/sign_in_presenter.h"
#include "client/features/accounts/ui/sign_in_view.h"
#include "client/features/canned_responses/logic/canned_response_overlay.h"
#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/shell/frame/list_accessible.h"
#include "client/shell/notify/desktop_notices.h"
#include "client/shell/notify/notification_center.h"
#include "client/shell/notify/tray.h"
#include "client/sync/client.h"
#include "client/sync/vault_keeper.h"
#include "client/widgets/basic/banner.h"

#include <QApplication>
#include <QSystemTrayIcon>
#include <QTimer>

namespace client::desktop {

base::Result<std::unique_ptr<Desktop>> Desktop::start(QApplication &application, widgets::Theme &theme,
                                                      const Options &options)
{
    const auto directory =
        options.profile.isEmpty() ? platform::Profile::standardDirectory() : options.profile;
    auto profile = platform::Profile::open(directory);
    if (!profile)
        return profile.error();
    return std::unique_ptr<Desktop>{new Desktop{application, theme, options, std::move(*profile)}};
}

Desktop::Desktop(QApplication &application, widgets::Theme &theme, Options options,
                 std::unique_ptr<platform::Profile> profile)
    : m_application{application}
    , m_theme{theme}
    , m_options{std::move(options)}
    , m_profile{std::move(profile)}
    , m_settings{m_profile->directory() + QStringLiteral("/settings.ini")}
    , m_keychain{sync::Client::makeKeychain(*m_profile, m_options.useKeychain, nullptr)}
{
    shell::installListAccessibility();
    m_theme.setMode(m_options.theme.value_or(m_settings.theme()));
    m_theme.setTextScale(m_settings.textScale());
    m_theme.setReducedMotion(m_settings.reducedMotion());
    m_language.use(m_options.language.isEmpty() ? m_settings.language() : m_options.language, application);
    m_tray = std::make_unique<shell::Tray>();
    m_notices = std::make_unique<shell::DesktopNotices>(m_tray->icon());
    m_notifications = std::make_unique<shell::NotificationCenter>(*m_notices, m_clock);
    m_window = std::make_unique<MainWindow>(m_settings);

    connect(&m_settings, &shell::Settings::changed, this, &Desktop::applySetting);
    connect(m_window.get(), &MainWindow::frontChanged, this, [this](bool inFront) {
        if (m_workbench)
            m_workbench->setInFront(inFront);
    });
    connect(m_window.get(), &MainWindow::closed, &application, &QApplication::quit);
    connect(m_notifications.get(), &shell::NotificationCenter::openRequested, this,
            [this](const QString &key) { openFromNotice(key, false); });
    connect(m_notifications.get(), &shell::NotificationCenter::replyRequested, this,
            [this](const QString &key) { openFromNotice(key, true); });
    connect(m_tray.get(), &shell::Tray::openRequested, m_window.get(), &MainWindow::bringToFront);
    connect(m_tray.get(), &shell::Tray::pauseToggled, m_notifications.get(),
            &shell::NotificationCenter::setPaused);
    connect(m_tray.get(), &shell::Tray::quitRequested, &application, &QApplication::quit);
    m_window->setCloseHides(m_settings.closeToTray() && m_tray->icon());
    openSession();
}

Desktop::~Desktop()
{
    closeSession();
}

void Desktop::show()
{
    m_window->show();
}

void Desktop::applySetting(shell::Settings::Key key)
{
    using Key = shell::Settings::Key;
    switch (key) {
    case Key::Theme:
        m_theme.setMode(m_settings.theme());
        break;
    case Key::TextScale:
        m_theme.setTextScale(m_settings.textScale());
        break;
    case Key::ReducedMotion:
        m_theme.setReducedMotion(m_settings.reducedMotion());
        break;
    case Key::Language:
        m_language.use(m_settings.language(), m_application);
        // Texts were made with the widgets. Later: the page that holds the switch is one of them.
        QTimer::singleShot(0, this, [this] {
            if (m_client)
                showWorkbench();
        });
        break;
    case Key::CloseToTray:
        m_window->setCloseHides(m_settings.closeToTray() && m_tray->icon());
        break;
    case Key::CompactRows:
    case Key::EnterSends:
    case Key::Notifications:
    case Key::NotificationPreview:
        break; // the workbench's own
    }
}

void Desktop::openSession()
{
    const auto who = sync::Client::signedInAs(*m_profile);
    if (!who) {
        showFailure(tr("Your local data cannot be opened"), QString::fromStdString(who.error().detail));
        return;
    }
    if (!*who) {
        showSignIn({});
        return;
    }
    // The system may ask the person to unlock its keychain; until then nothing can be shown.
    constexpr int quick = 1500;
    auto *slow = new QTimer{this};
    connect(slow, &QTimer::timeout, this, [this] {
        if (!m_signInView)
            showFailure(tr("Waiting for the keychain"),
                        tr("It holds the key to your conversations on this computer. Unlock it to go on."));
    });
    slow->setSingleShot(true);
    slow->start(quick);
    sync::openVault(*m_keychain, [this,
                                  slow](const base::Result<std::shared_ptr<const storage::Vault>> &vault) {
        delete slow;
        if (vault)
            startClient(*vault);
        else
            showFailure(tr("Your local data cannot be opened"), QString::fromStdString(vault.error().detail));
    });
}

void Desktop::startClient(std::shared_ptr<const storage::Vault> vault)
{
    sync::OverlayRegistry overlays;
    conversations::registerConversationOverlays(overlays);
    canned_responses::registerCannedResponseOverlays(overlays);
    const auto app =
        QStringLiteral("deskbell/%1 %2").arg(QStringLiteral(DESKBELL_VERSION), QSysInfo::kernelType());
    auto client = sync::Client::open(*m_profile, std::move(overlays),
                                     {app, m_options.offline, m_options.useKeychain, std::move(vault)});
    if (!client) {
        showFailure(tr("Your local data cannot be opened"), QString::fromStdString(client.error().detail));
        return;
    }
    m_client = std::move(*client);
    showWorkbench();
}

void Desktop::closeSession()
{
    dropWorkbench();
    m_client.reset();
}

void Desktop::dropWorkbench()
{
    if (m_workbench)
        m_window->setContent(new QWidget);
    m_workbench = nullptr;
}

void Desktop::showWorkbench()
{
    dropWorkbench(); // it saves the drafts
    m_signInView = nullptr;
    m_window->setContent(new QWidget);
    m_signIn.reset();
    m_workbench = new Workbench{{*m_client, m_settings, *m_notifications}, m_window.get()};
    m_window->setContent(m_workbench);
    connect(m_workbench, &Workbench::titleChanged, this, &Desktop::updateTitle);
    connect(m_workbench, &Workbench::unreadChanged, this, [this](int count) {
        m_unread = count;
        m_tray->setCount(count);
        updateTitle();
    });
    connect(m_workbench, &Workbench::quitRequested, &m_application, &QApplication::quit);
    connect(m_workbench, &Workbench::signInRequested, this, [this] {
        QTimer::singleShot(0, this, [this] {
            closeSession();
            showSignIn(tr("Sign in again to go on. Your conversations are still on this computer."));
        });
    });
    connect(m_workbench, &Workbench::signOutConfirmed, this, [this](bool wipe) {
        m_client->signOut(wipe);
        QTimer::singleShot(0, this, [this] {
            showSignIn(tr("You are signed out."));
            // The session lives on for a moment: it tells the server and empties the keychain.
            constexpr int farewell = 5000;
            QTimer::singleShot(farewell, this, [this] {
                if (!m_workbench)
                    m_client.reset();
            });
        });
    });
    m_workbench->focusList(); // the page before took the focus with it
    m_workbench->setInFront(m_window->isActiveWindow());
    m_unread = m_workbench->stores().conversations.unreadCount();
    m_tray->setCount(m_unread);
    updateTitle();
}

void Desktop::showSignIn(const QString &notice)
{
    const auto device = sync::Client::deviceOf(*m_profile);
    if (!device) {
        showFailure(tr("Your local data cannot be opened"), QString::fromStdString(device.error().detail));
        return;
    }
    dropWorkbench();
    m_signIn = std::make_unique<accounts::SignInPresenter>(
        m_auth, *device, [this](const sync::SignedIn &result) { signedIn(result); });
    m_signInView = new accounts::SignInView{*m_signIn};
    m_window->setContent(m_signInView);
    m_signInView->setServer(m_options.server.isEmpty() ? m_settings.lastServer() : m_options.server);
    m_signInView->setEmail(m_settings.lastEmail());
    m_signInView->setNotice(notice);
    m_signInView->focusFirstEmpty();
    m_unread = 0;
    m_tray->setCount(0);
    updateTitle();
}

void Desktop::signedIn(const sync::SignedIn &result)
{
    m_settings.rememberSignIn(m_signInView->server(), m_signInView->email());
    m_client.reset(); // one at a time has the files
    sync::Client::adopt(*m_profile, *m_keychain, result, [this](const base::Status &status) {
        if (status) {
            QTimer::singleShot(0, this, &Desktop::openSession);
            return;
        }
        if (m_signInView)
            m_signInView->setNotice(status.error().code == base::ErrorCode::Conflict
                                        ? tr("Changes of the person who used this computer before have not "
                                             "been sent yet. That person must sign "
                                             "in first.")
                                        : tr("The sign-in could not be stored on this computer."));
    });
}

void Desktop::showFailure(const QString &title, const QString &sentence)
{
    auto *page = new widgets::EmptyState;
    page->setMessage(QStringLiteral("triangle-alert"), title, sentence, tr("Quit"));
    connect(page, &widgets::EmptyState::actionTriggered, &m_application, &QApplication::quit);
    m_window->setContent(page);
}

void Desktop::openFromNotice(const QString &key, bool reply)
{
    m_window->bringToFront();
    if (const auto id = base::Uuid::parse(key.toStdString()); id && m_workbench)
        m_workbench->openConversation(domain::ConversationId{*id}, reply);
}

void Desktop::updateTitle()
{
    m_window->setTitle(m_workbench ? m_workbench->title() : QString{}, m_unread);
}

} // namespace client::desktop
