#include "client/app/desktop/navigation.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/logic/conversation_store.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/features/conversations/ui/conversation_view.h"
#include "client/features/conversations/ui/outbox_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/shell/frame/overlay.h"
#include "client/shell/frame/workspace.h"
#include "client/shell/notify/notification_center.h"
#include "client/shell/pages/page_frame.h"
#include "client/shell/pages/settings_page.h"
#include "client/shell/pages/shortcut_sheet.h"
#include "client/shell/settings.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/palette/palette_source.h"

#include <QApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>

namespace client::desktop {

using shell::KeyScope;

namespace {

/// "conversation.status" and friends, told to a person.
QString orderText(const storage::Intent &intent, const QString &who)
{
    const auto op = QString::fromStdString(intent.op);
    if (op == QStringLiteral("message.create"))
        return Workbench::tr("Message to %1").arg(who);
    if (op == QStringLiteral("conversation.status"))
        return Workbench::tr("Status of the conversation with %1").arg(who);
    if (op == QStringLiteral("conversation.snooze"))
        return Workbench::tr("Snooze of the conversation with %1").arg(who);
    if (op == QStringLiteral("conversation.assign"))
        return Workbench::tr("Assignee of the conversation with %1").arg(who);
    if (op == QStringLiteral("conversation.priority"))
        return Workbench::tr("Priority of the conversation with %1").arg(who);
    return Workbench::tr("A change");
}

} // namespace

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
        [this] { openSettings(); });
    add("window.shortcuts", window, tr("Keyboard shortcuts"), "keyboard", {QStringLiteral("?")},
        KeyScope::Panes, [this] { openShortcuts(); });
    add("window.syncNow", window, tr("Sync now"), "refresh-cw", {QStringLiteral("Ctrl+R")},
        KeyScope::Anywhere, [this] { m_parts.session.wake(); });
    add("window.doNotDisturb", window, tr("Do not disturb on or off"), "bell-off",
        {QStringLiteral("Ctrl+Shift+D")}, KeyScope::Anywhere, [this] {
            auto &center = m_parts.notifications;
            center.setPaused(!center.isPaused());
            say(center.isPaused() ? tr("Notifications are paused") : tr("Notifications are on"));
        });
    add("window.signOut", window, tr("Sign out…"), "log-out", {}, KeyScope::Anywhere,
        [this] { askSignOut(); });
    add("window.quit", window, tr("Quit"), "x", {QStringLiteral("Ctrl+Q")}, KeyScope::Anywhere,
        [this] { Q_EMIT quitRequested(); });

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

void Workbench::showWorkspaceMenu(QWidget *anchor)
{
    auto *menu = new QMenu{this};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(tr("Workspace"));
    for (const auto *id :
         {"window.settings", "window.shortcuts", "window.syncNow", "window.doNotDisturb", "", "theme.light",
          "theme.dark", "theme.system", "", "window.signOut", "window.quit"}) {
        if (*id)
            m_commands->addTo(*menu, QString::fromLatin1(id));
        else
            menu->addSeparator();
    }
    menu->popup(anchor->mapToGlobal(QPoint{0, anchor->height() + 4}));
}

void Workbench::openSettings()
{
    if (!m_settingsPage) {
        m_settingsPage = new shell::SettingsPage{m_parts.settings, m_workspace};
        connect(m_settingsPage, &shell::PageFrame::closed, this, &Workbench::closePage);
        connect(m_settingsPage, &shell::SettingsPage::shortcutsRequested, this, &Workbench::openShortcuts);
        connect(m_settingsPage, &shell::SettingsPage::signOutRequested, this, &Workbench::askSignOut);
    }
    const auto &identity = m_parts.session.identity();
    m_settingsPage->setFacts(
        {{tr("Signed in as"), QString::fromStdString(identity.user.email)},
         {tr("Server"), QString::fromStdString(identity.server)},
         {tr("Your sign-in is kept in"),
          m_secretsInFile ? tr("a file that only you can read, because this system offers no keychain")
                          : tr("the keychain of this system")},
         {tr("Version"), QStringLiteral(DESKBELL_VERSION)}});
    m_workspace->showPage(m_settingsPage);
}

void Workbench::openOutbox()
{
    if (!m_outboxPage) {
        m_outboxPage = new shell::PageFrame{tr("Outbox"), m_workspace};
        m_outbox = new conversations::OutboxView{m_stores->problems, m_outboxPage};
        m_outboxPage->column()->addWidget(m_outbox);
        m_outboxPage->column()->addStretch(1);
        connect(m_outboxPage, &shell::PageFrame::closed, this,
                [this] { m_navigation->choose(QStringLiteral("inbox")); });
        connect(m_outbox, &conversations::OutboxView::said, this, [this](const QString &text) { say(text); });
        connect(m_outbox, &conversations::OutboxView::conversationChosen, this, [this](const auto &id) {
            m_navigation->choose(QStringLiteral("inbox"));
            openConversation(id, false);
        });
        connect(m_outbox, &conversations::OutboxView::editRequested, this,
                [this](const auto &id, const auto &message) {
                    m_navigation->choose(QStringLiteral("inbox"));
                    openConversation(id, true);
                    m_stores->composer.takeBack(message);
                });
    }
    listQueued();
    m_workspace->showPage(m_outboxPage);
}

// What can simply be tried again is; everything else is a decision.
void Workbench::reviewProblem(const domain::MessageId &id)
{
    using Action = conversations::Problem::Action;
    const auto &all = m_stores->problems.entries();
    const auto found =
        std::find_if(all.begin(), all.end(), [&id](const auto &one) { return one.mid == id.value; });
    if (found != all.end() && found->can(Action::TryAgain))
        m_stores->problems.act(id.value, Action::TryAgain);
    else
        openOutbox();
}

void Workbench::listQueued()
{
    if (!m_outbox)
        return;
    QStringList lines;
    for (const auto &intent : m_parts.session.reader().intents()) {
        if (intent.op == "cread.set" || intent.op == "draft.set" || needsAuthor(intent))
            continue; // a read mark or a draft is nothing to wait for; the others are listed apart
        QString who;
        if (const auto at = intent.lane.find(':'); at != std::string::npos)
            if (const auto id = base::Uuid::parse(std::string_view{intent.lane}.substr(at + 1)))
                if (const auto view = m_stores->conversations.find(domain::ConversationId{*id}))
                    who = m_stores->contacts.nameOf(view->conversation.contact);
        lines << orderText(intent, who);
    }
    m_outbox->setQueued(lines);
}

void Workbench::openShortcuts()
{
    auto *sheet = new shell::ShortcutSheet{*m_commands, this};
    connect(sheet, &shell::Overlay::dismissed, sheet, &QObject::deleteLater);
    sheet->open();
}

void Workbench::closePage()
{
    m_workspace->showPanes();
    m_list->focusRows();
}

void Workbench::setSecretsInFile(bool inFile)
{
    m_secretsInFile = inFile;
    const auto told = QStringLiteral("secretsTold");
    if (!inFile || !m_parts.settings.state(told).isEmpty())
        return;
    m_parts.settings.setState(told, "yes");
    say(tr("This system has no keychain: your sign-in is kept in a file that only you can read."));
}

void Workbench::askSignOut()
{
    auto *sheet = new shell::Overlay{tr("Sign out?"), 460, this};
    sheet->setObjectName(QStringLiteral("signOutSheet"));
    connect(sheet, &shell::Overlay::dismissed, sheet, &QObject::deleteLater);
    auto *text = new widgets::TextLabel{widgets::TextRole::Panel, &widgets::Tokens::text2, sheet};
    text->setWrapping(true);
    const auto queued = static_cast<int>(m_parts.session.connection().queued);
    text->setText(
        queued > 0
            ? tr("%n change(s) have not been sent yet. They stay on this computer and are sent when you "
                 "sign in again.",
                 nullptr, queued)
            : tr("Conversations stay on this computer until you remove them."));
    sheet->content()->addWidget(text);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    const auto add = [&](widgets::ButtonKind kind, const QString &title, auto action) {
        auto *button = new widgets::Button{kind, title, sheet};
        connect(button, &QAbstractButton::clicked, this, action);
        row->addWidget(button);
        return button;
    };
    row->addStretch(1);
    add(widgets::ButtonKind::Quiet, tr("Cancel"), [sheet] { sheet->dismiss(); });
    if (queued == 0)
        add(widgets::ButtonKind::Danger, tr("Sign out and remove data"),
            [this] { Q_EMIT signOutConfirmed(true); });
    auto *keep =
        add(widgets::ButtonKind::Primary, tr("Sign out"), [this] { Q_EMIT signOutConfirmed(false); });
    sheet->content()->addSpacing(8);
    sheet->content()->addLayout(row);
    sheet->open(keep);
}

} // namespace client::desktop
