#include "client/app/desktop/desktop.h"

#include "client/app/desktop/account_desk.h"
#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/shell/frame/confirmation.h"
#include "client/shell/frame/list_accessible.h"
#include "client/shell/notify/desktop_notices.h"
#include "client/shell/notify/notification_center.h"
#include "client/shell/notify/tray.h"

#include <QApplication>
#include <QSystemTrayIcon>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <utility>

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
                 std::shared_ptr<platform::Profile> profile)
    : m_application{application}
    , m_theme{theme}
    , m_options{std::move(options)}
    , m_profile{std::move(profile)}
    , m_settings{m_profile->directory() + QStringLiteral("/settings.ini")}
    , m_list{m_profile->directory()}
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
    connectShell();
    for (const auto &entry : m_list.entries())
        makeDesk(entry, false);
    auto *last = find(m_list.last());
    look(last ? *last : *m_desks.front());
}

Desktop::~Desktop()
{
    m_window->disconnect(this);
    m_looked.clear();
    m_desks.clear();
}

void Desktop::connectShell()
{
    connect(&m_settings, &shell::Settings::changed, this, &Desktop::applySetting);
    connect(m_window.get(), &MainWindow::frontChanged, this,
            [this](bool inFront) { m_looked.front()->setInFront(inFront); });
    connect(m_window.get(), &MainWindow::closed, &m_application, &QApplication::quit);
    // The others when the first one is on screen.
    connect(m_window.get(), &MainWindow::painted, this, &Desktop::openNext, Qt::QueuedConnection);
    connect(m_notifications.get(), &shell::NotificationCenter::openRequested, this,
            [this](const QString &key) { openFromNotice(key, false); });
    connect(m_notifications.get(), &shell::NotificationCenter::replyRequested, this,
            [this](const QString &key) { openFromNotice(key, true); });
    connect(m_tray.get(), &shell::Tray::openRequested, m_window.get(), &MainWindow::bringToFront);
    connect(m_tray.get(), &shell::Tray::pauseToggled, m_notifications.get(),
            &shell::NotificationCenter::setPaused);
    connect(m_tray.get(), &shell::Tray::quitRequested, &m_application, &QApplication::quit);
    m_window->setCloseHides(m_settings.closeToTray() && m_tray->icon());
}

Workbench *Desktop::workbench() const
{
    return m_looked.front()->workbench();
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
            for (const auto &desk : m_desks)
                desk->dropPage();
            showPage();
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

AccountDesk &Desktop::makeDesk(const AccountList::Entry &entry, bool isNew)
{
    const auto app =
        QStringLiteral("deskbell/%1 %2").arg(QStringLiteral(DESKBELL_VERSION), QSysInfo::kernelType());
    auto session = std::make_unique<AccountSession>(
        m_list.directoryOf(entry.folder), entry.folder.isEmpty() ? m_profile : nullptr,
        sync::Client::Setup{app, m_options.offline, m_options.useKeychain});
    const auto isTaken = [this](const AccountDesk &asking, const storage::Identity &who) {
        return std::any_of(m_desks.begin(), m_desks.end(), [&](const auto &desk) {
            return desk.get() != &asking && desk->entry().server.toStdString() == who.server &&
                   desk->entry().email.toStdString() == who.user.email;
        });
    };
    m_desks.push_back(std::make_unique<AccountDesk>(
        entry, std::move(session),
        AccountDesk::Parts{m_settings, *m_notifications, isNew ? QString{} : m_options.server, isTaken},
        isNew));
    auto &desk = *m_desks.back();
    connect(&desk, &AccountDesk::pageChanged, this, [this, &desk] {
        if (!m_looked.empty() && m_looked.front() == &desk)
            showPage();
        QTimer::singleShot(0, this, &Desktop::followPending);
    });
    connect(&desk, &AccountDesk::titleChanged, this, &Desktop::tellTitle);
    connect(&desk, &AccountDesk::summaryChanged, this, &Desktop::tellAccounts);
    connect(&desk, &AccountDesk::entryChanged, this, [this, &desk] {
        m_list.put(desk.entry());
        if (!m_looked.empty() && m_looked.front() == &desk)
            m_list.setLast(desk.entry().folder);
    });
    connect(&desk, &AccountDesk::chosen, this, &Desktop::chooseAccount);
    connect(&desk, &AccountDesk::addRequested, this, &Desktop::addAccount);
    connect(&desk, &AccountDesk::backRequested, this, [this, &desk] { goBack(desk); });
    connect(&desk, &AccountDesk::removeRequested, this, [this, &desk] { askRemove(desk); });
    connect(&desk, &AccountDesk::quitRequested, &m_application, &QApplication::quit);
    return desk;
}

AccountDesk *Desktop::find(const QString &folder) const
{
    for (const auto &desk : m_desks)
        if (desk->entry().folder == folder)
            return desk.get();
    return nullptr;
}

void Desktop::look(AccountDesk &desk)
{
    if (!m_looked.empty())
        m_looked.front()->setInFront(false);
    std::erase(m_looked, &desk);
    m_looked.insert(m_looked.begin(), &desk);
    if (desk.state() == AccountSession::State::Closed || desk.state() == AccountSession::State::Failed)
        desk.open();
    showPage();
    if (!desk.isNew())
        m_list.setLast(desk.entry().folder);
}

void Desktop::showPage()
{
    auto &desk = *m_looked.front();
    tellAccounts(); // a page is made with them
    m_window->setContent(desk.page());
    desk.focusPage(); // the page before took the focus with it
    desk.setInFront(m_window->isActiveWindow());
    tellTitle();
}

AccountDesk *Desktop::before(const AccountDesk &desk) const
{
    for (auto *one : m_looked)
        if (one != &desk)
            return one;
    for (const auto &one : m_desks)
        if (one.get() != &desk)
            return one.get();
    return nullptr;
}

void Desktop::chooseAccount(int index)
{
    if (index < 0 || index >= accountCount() || &account(index) == m_looked.front())
        return;
    auto &left = *m_looked.front();
    look(account(index));
    if (left.isNew())
        remove(left);
}

void Desktop::addAccount()
{
    const auto folder = m_list.freeFolder();
    if (!folder) {
        if (auto *desk = workbench())
            desk->say(tr("There are as many accounts as this program takes."));
        return;
    }
    look(makeDesk({*folder, {}, {}, {}}, true));
}

void Desktop::goBack(AccountDesk &desk)
{
    auto *other = before(desk);
    if (!other)
        return;
    look(*other);
    if (desk.isNew())
        remove(desk);
}

void Desktop::askRemove(AccountDesk &desk)
{
    shell::ask(
        &desk.page(),
        {.title = tr("Remove %1 from this computer?").arg(desk.summary().name),
         .text = tr("Everything of this account on this computer is deleted, drafts and changes that were "
                    "not sent included. On the server nothing changes."),
         .action = tr("Remove"),
         .name = QStringLiteral("removeSheet")},
        [this, &desk] {
            QTimer::singleShot(0, this, [this, &desk] { remove(desk); }); // the sheet is on its page
        });
}

void Desktop::remove(AccountDesk &desk)
{
    const bool wasShown = m_looked.front() == &desk;
    auto *next = before(desk);
    const auto folder = desk.entry().folder;
    const auto at =
        std::find_if(m_desks.begin(), m_desks.end(), [&desk](const auto &one) { return one.get() == &desk; });
    auto *gone = at->release();
    m_desks.erase(at);
    std::erase(m_looked, &desk);
    gone->disconnect(this);
    gone->destroy();
    gone->deleteLater(); // it may be the one that asked
    m_list.remove(folder);
    if (!next)
        next = &makeDesk({}, false);
    if (wasShown)
        look(*next);
    else
        tellAccounts();
}

void Desktop::openNext()
{
    for (const auto &desk : m_desks) {
        if (desk->state() != AccountSession::State::Closed)
            continue;
        desk->open();
        QTimer::singleShot(0, this, &Desktop::openNext); // one at a time: keys go between
        return;
    }
    followPending();
}

void Desktop::tellAccounts()
{
    if (m_looked.empty())
        return;
    std::vector<shell::AccountEntry> accounts;
    m_unread = 0;
    for (const auto &desk : m_desks) {
        accounts.push_back(desk->summary());
        accounts.back().isCurrent = desk.get() == m_looked.front();
        m_unread += accounts.back().unread;
    }
    for (const auto &desk : m_desks) {
        const auto *other = before(*desk);
        desk->setAccounts(accounts, other ? other->summary().name : QString{});
    }
    m_tray->setCount(m_unread);
    tellTitle();
}

void Desktop::tellTitle()
{
    auto title = m_looked.front()->title();
    if (m_desks.size() > 1 && !title.isEmpty())
        title = QStringLiteral("%1 · %2").arg(title, m_looked.front()->summary().name);
    m_window->setTitle(title, m_unread);
}

void Desktop::openFromNotice(const QString &key, bool reply)
{
    m_window->bringToFront();
    const auto subject = AccountNotices::subjectOf(key);
    auto *desk = subject ? find(subject->account) : nullptr;
    if (!desk)
        return;
    if (desk != m_looked.front())
        look(*desk);
    if (auto *shown = desk->workbench())
        shown->openConversation(subject->conversation, reply);
}

void Desktop::openLink(const QString &link)
{
    m_window->bringToFront();
    if (link.isEmpty())
        return;
    const auto parsed = DeepLink::parse(link);
    if (!parsed) {
        if (auto *desk = workbench())
            desk->say(tr("This link is none that Deskbell understands."));
        return;
    }
    m_pendingLink = parsed;
    followPending();
}

// Not before every account is open: one that is not may be the one.
void Desktop::followPending()
{
    const bool settled =
        std::all_of(m_desks.begin(), m_desks.end(), [](const auto &desk) { return desk->isSettled(); });
    if (m_pendingLink && settled)
        follow(*std::exchange(m_pendingLink, std::nullopt));
}

// The account on screen goes first: a link without a server is most likely about that.
void Desktop::follow(const DeepLink &link)
{
    std::vector<AccountDesk *> fitting;
    for (auto *desk : m_looked)
        fitting.push_back(desk);
    for (const auto &desk : m_desks)
        if (std::find(fitting.begin(), fitting.end(), desk.get()) == fitting.end())
            fitting.push_back(desk.get());
    std::erase_if(fitting, [&link](const auto *desk) { return !link.isFor(QUrl{desk->entry().server}); });
    const auto found = std::find_if(fitting.begin(), fitting.end(), [&link](const auto *desk) {
        return desk->byNumber(link.conversation).has_value();
    });
    if (found != fitting.end()) {
        if (*found != m_looked.front())
            look(**found);
        if (auto *shown = (*found)->workbench())
            shown->openConversation(*(*found)->byNumber(link.conversation), false);
        return;
    }
    if (auto *shown = workbench())
        shown->say(fitting.empty()
                       ? tr("This link leads to %1, where you are not signed in.").arg(link.server)
                       : tr("Conversation #%1 is not on this computer.").arg(link.conversation));
}

} // namespace client::desktop
