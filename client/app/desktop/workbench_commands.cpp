#include "client/app/desktop/deep_link.h"
#include "client/app/desktop/navigation.h"
#include "client/app/desktop/pages.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/shell/frame/account_switcher.h"
#include "client/shell/frame/sidebar.h"
#include "client/shell/frame/workspace.h"
#include "client/shell/notify/notification_center.h"
#include "client/shell/settings.h"
#include "client/widgets/palette/palette_source.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QUrl>

namespace client::desktop {

using shell::KeyScope;

void Workbench::addWindowCommands()
{
    auto &commands = *m_commands;
    auto &settings = m_parts.settings;
    const auto window = tr("Window");
    const auto go = tr("Go to");
    const auto add = [&commands](const char *id, const QString &group, const QString &title, const char *icon,
                                 QStringList keys, KeyScope scope, std::function<void()> run) {
        commands.add({QString::fromLatin1(id), group, title, QString::fromLatin1(icon), std::move(keys),
                      scope, std::move(run)});
    };
    commands.add({.id = QStringLiteral("palette.open"),
                  .group = window,
                  .title = tr("Search or jump to…"),
                  .icon = QStringLiteral("search"),
                  .keys = {QStringLiteral("Ctrl+K")},
                  .run = [this] { m_palette->open(); },
                  .inPalette = false});
    add("pane.next", window, tr("Next pane"), "panel-right", {QStringLiteral("F6")}, KeyScope::Anywhere,
        [this] { m_workspace->focusNextPane(false); });
    add("pane.previous", window, tr("Previous pane"), "panel-left", {QStringLiteral("Shift+F6")},
        KeyScope::Anywhere, [this] { m_workspace->focusNextPane(true); });
    add("window.sidebar", window, tr("Fold or unfold the sidebar"), "panel-left", {QStringLiteral("Ctrl+B")},
        KeyScope::Anywhere, [this] { m_workspace->toggleSidebar(); });
    add("window.contact", window, tr("Show or hide the contact"), "panel-right", {QStringLiteral("Ctrl+\\")},
        KeyScope::Anywhere, [this] { m_workspace->toggleContact(); });
    add("window.settings", window, tr("Settings"), "settings", {QStringLiteral("Ctrl+,")}, KeyScope::Anywhere,
        [this] { m_pages->openSettings(); });
    add("window.shortcuts", window, tr("Keyboard shortcuts"), "keyboard", {QStringLiteral("?")},
        KeyScope::Panes, [this] { m_pages->openShortcuts(); });
    add("window.syncNow", window, tr("Sync now"), "refresh-cw", {QStringLiteral("Ctrl+R")},
        KeyScope::Anywhere, [this] { m_parts.account.session.wake(); });
    add("window.doNotDisturb", window, tr("Do not disturb on or off"), "bell-off",
        {QStringLiteral("Ctrl+Shift+D")}, KeyScope::Anywhere, [this] {
            auto &center = m_parts.notices.center();
            center.setPaused(!center.isPaused());
            say(center.isPaused() ? tr("Notifications are paused") : tr("Notifications are on"));
        });
    add("window.signOut", window, tr("Sign out…"), "log-out", {}, KeyScope::Anywhere,
        [this] { m_pages->askSignOut(); });
    add("window.quit", window, tr("Quit"), "x", {QStringLiteral("Ctrl+Q")}, KeyScope::Anywhere,
        [this] { Q_EMIT quitRequested(); });

    addAccountCommands();

    const auto theme = tr("Appearance");
    using Mode = widgets::ThemeMode;
    add("theme.light", theme, tr("Light theme"), "sun", {}, KeyScope::Anywhere,
        [&settings] { settings.setTheme(Mode::Light); });
    add("theme.dark", theme, tr("Dark theme"), "moon", {}, KeyScope::Anywhere,
        [&settings] { settings.setTheme(Mode::Dark); });
    add("theme.system", theme, tr("Theme of the system"), "monitor", {}, KeyScope::Anywhere,
        [&settings] { settings.setTheme(Mode::System); });
    add("theme.compact", theme, tr("Compact rows on or off"), "list", {}, KeyScope::Anywhere,
        [&settings] { settings.setCompactRows(!settings.compactRows()); });

    const std::tuple<const char *, QString, const char *, const char *> places[]{
        {"inbox", tr("Inbox"), "inbox", "G, I"},
        {"drafts", tr("Drafts"), "file-pen", "G, D"},
        {"snoozed", tr("Snoozed"), "alarm-clock", "G, S"},
        {"pending", tr("Pending"), "hourglass", "G, P"},
        {"resolved", tr("Resolved"), "circle-check", "G, R"},
        {"outbox", tr("Outbox"), "send", "G, O"}};
    for (const auto &[id, title, icon, keys] : places)
        add((std::string{"go."} + id).c_str(), go, title, icon, {QString::fromLatin1(keys)}, KeyScope::Panes,
            [this, place = QString::fromLatin1(id)] { m_navigation->choose(place); });
    using Owner = storage::ListQuery::Owner;
    const std::tuple<const char *, QString, const char *, Owner> tabs[]{
        {"go.mine", tr("Mine"), "Ctrl+1", Owner::Mine},
        {"go.unassigned", tr("Unassigned"), "Ctrl+2", Owner::Unassigned},
        {"go.all", tr("All"), "Ctrl+3", Owner::All}};
    for (const auto &[id, title, keys, owner] : tabs)
        add(id, go, title, "users", {QString::fromLatin1(keys)}, KeyScope::Anywhere,
            [this, owner = owner] { m_list->setTab(owner); });
}

void Workbench::addPaletteProviders()
{
    m_palette->setContext([this]() -> QString {
        const auto id = m_list->open();
        const auto view = id ? m_stores->conversations.find(*id) : std::nullopt;
        return view ? m_stores->contacts.nameOf(view->conversation.contact) : QString{};
    });
    const auto conversationEntries = [this](const QString &query) {
        std::vector<widgets::PaletteEntry> entries;
        constexpr int most = 8;
        std::vector<domain::ConversationId> found;
        bool isNumber = false;
        if (const auto number = query.toLongLong(&isNumber); isNumber)
            if (const auto id = m_stores->conversations.byNumber(number))
                found.push_back(*id);
        if (!query.isEmpty())
            for (const auto &id : m_stores->conversations.search(query, most))
                if (std::find(found.begin(), found.end(), id) == found.end())
                    found.push_back(id);
        for (const auto &id : found) {
            const auto view = m_stores->conversations.find(id);
            if (!view)
                continue;
            const auto &conversation = view->conversation;
            entries.push_back({.id = QString::fromStdString(id.text()),
                               .group = tr("Conversations"),
                               .title = m_stores->contacts.nameOf(conversation.contact),
                               .subtitle = tr("#%1 · %2")
                                               .arg(conversation.number)
                                               .arg(QString::fromStdString(conversation.preview)),
                               .icon = QStringLiteral("message-circle"),
                               .alwaysShown = true});
        }
        return entries;
    };
    m_palette->addProvider(QLatin1Char{'#'}, conversationEntries, [this](const QString &id) {
        if (const auto uuid = base::Uuid::parse(id.toStdString()))
            openConversation(domain::ConversationId{*uuid}, false);
    });
    m_palette->addProvider(
        QLatin1Char{'>'},
        [this](const QString &) {
            std::vector<widgets::PaletteEntry> entries;
            for (const auto &inbox : m_stores->inboxes.all())
                entries.push_back({.id = QString::fromStdString(inbox.id.text()),
                                   .group = tr("Go to"),
                                   .title = QString::fromStdString(inbox.name),
                                   .subtitle = m_stores->inboxes.channelText(inbox.id),
                                   .icon = QStringLiteral("inbox")});
            return entries;
        },
        [this](const QString &id) { m_navigation->choose(id); });
}

void Workbench::addAccountCommands()
{
    const auto group = tr("Account");
    auto &commands = *m_commands;
    commands.add({.id = QStringLiteral("account.devices"),
                  .group = group,
                  .title = tr("Devices"),
                  .icon = QStringLiteral("monitor"),
                  .run = [this] { m_pages->openDevices(); }});
    commands.add({.id = QStringLiteral("account.macros"),
                  .group = group,
                  .title = tr("Macros"),
                  .icon = QStringLiteral("zap"),
                  .run = [this] { m_pages->openMacros(); }});
    commands.add({.id = QStringLiteral("account.password"),
                  .group = group,
                  .title = tr("Change password…"),
                  .icon = QStringLiteral("key-round"),
                  .run = [this] { m_pages->askPassword(); }});
    commands.add({.id = QStringLiteral("account.add"),
                  .group = group,
                  .title = tr("Add account…"),
                  .icon = QStringLiteral("plus"),
                  .run = [this] { Q_EMIT addAccountRequested(); }});
    commands.add({.id = QStringLiteral("account.switch"),
                  .group = group,
                  .title = tr("Switch account"),
                  .icon = QStringLiteral("chevrons-up-down"),
                  .run = [this] { showSwitcher(); }});
    // In the palette by their names.
    m_palette->addProvider(
        QLatin1Char{'>'},
        [this](const QString &) {
            std::vector<widgets::PaletteEntry> entries;
            for (std::size_t i = 0; m_accounts.size() > 1 && i < m_accounts.size(); ++i)
                if (!m_accounts[i].isCurrent)
                    entries.push_back({.id = QString::number(i),
                                       .group = tr("Accounts"),
                                       .title = m_accounts[i].name,
                                       .subtitle = m_accounts[i].detail,
                                       .icon = QStringLiteral("building")});
            return entries;
        },
        [this](const QString &id) { Q_EMIT accountChosen(id.toInt()); });
    commands.add({.id = QStringLiteral("conversation.copyLink"),
                  .group = tr("This conversation"),
                  .title = tr("Copy link"),
                  .icon = QStringLiteral("link"),
                  .keys = {QStringLiteral("Ctrl+Shift+C")},
                  .run = [this] { copyLink(); },
                  .isAvailable = [this] { return m_list->open().has_value(); }});
}

// A key for each account there is, so that the sheet of shortcuts lists no others.
void Workbench::addAccountKeys()
{
    constexpr std::size_t keys = 9;
    if (m_accounts.size() < 2)
        return;
    for (std::size_t i = 0; i < qMin(keys, m_accounts.size()); ++i) {
        const auto id = QStringLiteral("account.%1").arg(i + 1);
        if (!m_commands->find(id))
            m_commands->add({.id = id,
                             .group = tr("Account"),
                             .title = tr("Account %1").arg(i + 1),
                             .icon = QStringLiteral("building"),
                             .keys = {QStringLiteral("Ctrl+Shift+%1").arg(i + 1)},
                             .run = [this, i] { Q_EMIT accountChosen(static_cast<int>(i)); },
                             .isAvailable = [this, i] { return i < m_accounts.size(); },
                             .inPalette = false});
    }
}

void Workbench::copyLink()
{
    const auto id = m_list->open();
    const auto view = id ? m_stores->conversations.find(*id) : std::nullopt;
    if (!view)
        return;
    const QUrl server{QString::fromStdString(m_parts.account.session.identity().server)};
    QGuiApplication::clipboard()->setText(DeepLink::to(view->conversation.number, server).text());
    say(tr("Link copied"));
}

void Workbench::showSwitcher()
{
    auto *switcher = new shell::AccountSwitcher{m_accounts, this};
    connect(switcher, &shell::AccountSwitcher::chosen, this, &Workbench::accountChosen);
    connect(switcher, &shell::AccountSwitcher::addRequested, this, &Workbench::addAccountRequested);
    connect(switcher, &shell::AccountSwitcher::signOutRequested, m_pages, &Pages::askSignOut);
    switcher->open(m_sidebar->workspaceButton());
}

void Workbench::showWorkspaceMenu(QWidget *anchor)
{
    auto *menu = new QMenu{this};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(tr("Workspace"));
    for (const auto *id : {"window.settings", "window.shortcuts", "window.syncNow", "window.doNotDisturb", "",
                           "theme.light", "theme.dark", "theme.system", "", "account.devices",
                           "account.password", "account.add", "window.signOut", "", "window.quit"}) {
        if (*id)
            m_commands->addTo(*menu, QString::fromLatin1(id));
        else
            menu->addSeparator();
    }
    menu->popup(anchor->mapToGlobal(QPoint{0, anchor->height() + 4}));
}

} // namespace client::desktop
