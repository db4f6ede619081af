#include "client/app/desktop/workbench.h"

#include "client/app/desktop/conversation_commands.h"
#include "client/app/desktop/macro_commands.h"
#include "client/app/desktop/navigation.h"
#include "client/app/desktop/pages.h"
#include "client/app/desktop/sorting_commands.h"
#include "client/features/contacts/ui/contact_view.h"
#include "client/features/conversations/ui/composer_view.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/features/conversations/ui/conversation_view.h"
#include "client/features/conversations/ui/properties_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/shell/frame/sidebar.h"
#include "client/shell/frame/workspace.h"
#include "client/shell/settings.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/navigation/sidebar_view.h"

#include <QMenu>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

namespace client::desktop {

using conversations::ConversationListView;
using conversations::ConversationView;
using ConnectionState = accounts::ConnectionPresenter::State;

Workbench::Workbench(Parts parts, QWidget *parent)
    : QWidget{parent}
    , m_parts{parts}
    , m_stores{std::make_unique<DeskStores>(parts.account)}
    , m_commands{std::make_unique<shell::CommandTable>(*this)}
{
    setObjectName(QStringLiteral("workbench"));
    buildPanes();
    m_palette = new shell::PaletteController{*m_commands, this};
    m_toast = new widgets::Toast{m_workspace->content()}; // beside the sidebar: its foot stays in view
    m_sorting = new SortingCommands{
        {*m_stores, *m_commands, *m_palette, *m_list, *m_thread->composer(), *m_properties}, this};
    m_macros = new MacroCommands{{*m_stores, *m_commands, *m_palette, *m_list}, this};
    m_conversation = new ConversationCommands{
        {*m_stores, *m_commands, *m_palette, *m_list, *m_thread, *m_properties, *this}, this};
    m_navigation = new Navigation{*m_stores, *m_sidebar->navigation(), *m_list, this};
    m_pages =
        new Pages{{*m_stores, m_parts.access, *m_commands, m_parts.settings, *m_workspace, *this}, this};
    addWindowCommands();
    addPaletteProviders();
    connectPanes();
    applySettings();
    restoreTab();
    showConnection(m_stores->connection.state());

    const auto last = QString::fromUtf8(m_parts.settings.state(placeKey("conversation")));
    if (const auto id = base::Uuid::parse(last.toStdString());
        id && m_stores->conversations.find(domain::ConversationId{*id}))
        m_list->select(domain::ConversationId{*id});
    else
        openCurrent(std::nullopt);
}

Workbench::~Workbench()
{
    // Views go before the stores they point into.
    delete m_workspace;
    delete m_palette;
}

void Workbench::buildPanes()
{
    auto &stores = *m_stores;
    auto &clock = m_parts.account.session.clock();
    m_banner = new widgets::Banner{widgets::Tone::Bad, this};
    m_banner->setObjectName(QStringLiteral("banner"));
    m_banner->hide();
    m_sidebar = new shell::Sidebar{this};
    m_list = new ConversationListView{stores.list, stores.conversations, stores.inboxes, this};
    const conversations::FileAccess files{
        [this](const domain::AttachmentId &id, bool thumbnail) {
            return m_parts.account.session.blob(id, thumbnail);
        },
        [this](const QString &path) { return m_parts.account.session.openBlob(path); }};
    m_thread = new ConversationView{{stores.all, stores.conversations, stores.timeline, stores.composer,
                                     stores.presence, stores.actions, clock, files},
                                    this};
    m_contact = new contacts::ContactView{stores.contacts, clock, this};
    m_properties = new conversations::PropertiesView{stores.all, stores.conversations, clock};
    m_previous = new conversations::PreviousView{stores.conversations, clock};
    m_contact->addSection(m_properties);
    m_contact->addSection(m_previous);
    m_workspace = new shell::Workspace{{m_sidebar, m_list, m_thread, m_contact}, m_parts.settings, this};

    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_workspace, 1);

    const auto &identity = m_parts.account.session.identity();
    const auto showNames = [this, &identity] {
        const auto account = m_stores->users.accountName();
        const auto me = m_stores->users.nameOf(m_stores->users.me());
        m_sidebar->setWorkspace(account.isEmpty() ? QString::fromStdString(identity.account.name) : account,
                                QUrl{QString::fromStdString(identity.server)}.authority());
        m_sidebar->setPerson(me.isEmpty() ? QString::fromStdString(identity.user.name) : me);
    };
    showNames();
    connect(&stores.users, &accounts::UserStore::changed, this, showNames);
}

void Workbench::connectPanes()
{
    auto &session = m_parts.account.session;
    connect(m_list, &ConversationListView::currentChanged, this, [this](const auto &id) { openCurrent(id); });
    connect(m_list, &ConversationListView::entered, m_thread, &ConversationView::focusThread);
    connect(m_list, &ConversationListView::takeOldestRequested, m_conversation,
            &ConversationCommands::takeOldest);
    connect(m_list, &ConversationListView::menuRequested, this, [this](const auto &id, const QPoint &at) {
        m_list->select(id);
        auto *menu = new QMenu{this};
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->setAccessibleName(tr("Conversation"));
        m_conversation->fill(*menu);
        menu->popup(at);
    });
    connect(m_thread, &ConversationView::retryRequested, this,
            [this](const domain::MessageId &id) { m_pages->reviewProblem(id); });
    connect(m_thread, &ConversationView::said, this, [this](const QString &text) { say(text); });
    connect(m_thread->composer(), &conversations::ComposerView::recipientClicked, this, [this] {
        if (!m_workspace->isContactShown())
            m_workspace->toggleContact();
    });
    connect(m_thread->composer(), &conversations::ComposerView::stripClicked, m_pages, &Pages::openOutbox);
    connect(m_previous, &conversations::PreviousView::chosen, m_list, &ConversationListView::select);
    connect(m_sidebar, &shell::Sidebar::jumpRequested, this, [this] { m_palette->open(); });
    connect(m_sidebar, &shell::Sidebar::settingsRequested, m_pages, &Pages::openSettings);
    connect(m_sidebar, &shell::Sidebar::workspaceClicked, this, &Workbench::showSwitcher);
    connect(m_sidebar, &shell::Sidebar::personClicked, this,
            [this] { showWorkspaceMenu(m_sidebar->personButton()); });
    connect(m_navigation, &Navigation::outboxRequested, m_pages, &Pages::openOutbox);
    connect(m_navigation, &Navigation::listChosen, this, &Workbench::closePage);
    connect(m_pages, &Pages::closed, this, [this] {
        if (m_navigation->current() == QStringLiteral("outbox"))
            m_navigation->choose(QStringLiteral("inbox"));
        closePage();
    });
    connect(m_pages, &Pages::conversationChosen, this, &Workbench::openConversation);
    connect(m_pages, &Pages::said, this, [this](const QString &text) { say(text); });
    connect(m_pages, &Pages::signOutConfirmed, this, &Workbench::signOutConfirmed);
    connect(m_workspace, &shell::Workspace::pageChanged, this, [this] {
        updateLooking();
        Q_EMIT titleChanged();
    });
    connect(m_conversation, &ConversationCommands::done, this, [this](const QString &sentence, bool canUndo) {
        if (canUndo)
            say(sentence, tr("Undo"), [this] { m_conversation->undo(); });
        else
            say(sentence);
    });
    connect(m_macros, &MacroCommands::said, this, [this](const QString &text) { say(text); });
    connect(m_sorting, &SortingCommands::done, this,
            [this](const QString &sentence, const std::function<void()> &takeBack) {
                say(sentence, takeBack ? tr("Undo") : QString{}, takeBack);
            });
    connect(m_toast, &widgets::Toast::actionTriggered, this, [this] {
        if (const auto work = std::exchange(m_toastWork, nullptr))
            work();
    });
    connect(m_toast, &widgets::Toast::expired, m_conversation, &ConversationCommands::forgetUndo);

    connect(&session, &sync::Session::blobReady, m_thread, &ConversationView::fileArrived);
    connect(&session, &sync::Session::blobFailed, m_thread, &ConversationView::fileFailed);
    connect(&session, &sync::Session::problemAppeared, this, [this](const storage::Intent &problem) {
        say(problem.state == storage::IntentState::Held ? tr("Your reply was held back. Nothing is lost.")
                                                        : tr("The server refused a change. Nothing is lost."),
            tr("Open outbox"), [this] { m_pages->openOutbox(); });
    });
    connect(m_banner, &widgets::Banner::actionTriggered, this, [this] {
        if (m_parts.account.session.connection().kind == sync::ConnectionState::Kind::Replaced)
            m_parts.account.session.wake();
        else
            Q_EMIT signInRequested();
    });
    connect(&m_stores->connection, &accounts::ConnectionPresenter::stateChanged, this,
            &Workbench::showConnection);
    connect(&m_parts.settings, &shell::Settings::changed, this, &Workbench::applySettings);
    m_viewingAgain.setInterval(45'000);
    connect(&m_viewingAgain, &QTimer::timeout, this, [this] {
        if (m_lookedAt)
            m_parts.account.session.viewing(*m_lookedAt, true);
    });
}

QString Workbench::title() const
{
    if (const auto *page = m_workspace->page())
        return page->accessibleName();
    return m_navigation->titleOf(m_navigation->current());
}

void Workbench::openCurrent(std::optional<domain::ConversationId> id)
{
    m_thread->open(id);
    m_properties->open(id);
    m_previous->open(id);
    const auto view = id ? m_stores->conversations.find(*id) : std::nullopt;
    m_contact->open(view ? std::optional{view->conversation.contact} : std::nullopt);
    m_parts.account.session.focus(id ? std::vector{*id} : std::vector<domain::ConversationId>{});
    m_parts.settings.setState(placeKey("conversation"),
                              id ? QByteArray::fromStdString(id->text()) : QByteArray{});
    if (id)
        m_workspace->showPanes();
    updateLooking();
}

void Workbench::updateLooking()
{
    const auto now = m_inFront && !m_workspace->page() ? m_thread->current() : std::nullopt;
    m_thread->setLookedAt(now.has_value());
    m_parts.notices.setInView(now);
    if (now == m_lookedAt)
        return;
    if (m_lookedAt)
        m_parts.account.session.viewing(*m_lookedAt, false);
    m_lookedAt = now;
    if (now) {
        m_parts.account.session.viewing(*now, true);
        m_viewingAgain.start();
    } else {
        m_viewingAgain.stop();
    }
}

void Workbench::focusList()
{
    m_list->focusRows();
}

void Workbench::restoreTab()
{
    using Owner = storage::ListQuery::Owner;
    const auto key = placeKey("tab");
    const auto kept = m_parts.settings.state(key);
    m_list->setTab(kept == "mine" ? Owner::Mine : kept == "unassigned" ? Owner::Unassigned : Owner::All);
    connect(m_list, &ConversationListView::tabChanged, this, [this, key](Owner owner) {
        m_parts.settings.setState(key, owner == Owner::Mine         ? "mine"
                                       : owner == Owner::Unassigned ? "unassigned"
                                                                    : "all");
    });
}

void Workbench::setInFront(bool inFront)
{
    if (m_inFront == inFront)
        return;
    m_inFront = inFront;
    if (inFront)
        m_parts.account.session.wake();
    updateLooking();
}

void Workbench::openConversation(const domain::ConversationId &id, bool reply)
{
    m_list->select(id);
    m_workspace->showPanes();
    if (reply)
        m_thread->composer()->focusReply();
    else
        m_thread->focusThread();
}

void Workbench::showConnection(const ConnectionState &state)
{
    using Tone = accounts::ConnectionPresenter::Tone;
    const auto presence = state.tone == Tone::Good   ? widgets::Presence::Online
                          : state.tone == Tone::Warn ? widgets::Presence::Busy
                                                     : widgets::Presence::Alert;
    m_sidebar->setConnection(state.age.isEmpty() ? state.footer : tr("%1 · %2").arg(state.footer, state.age),
                             presence);
    m_thread->composer()->setStrip(state.strip, state.queued > 0 ? tr("Queue") : QString{});
    m_list->setFirstSync(state.firstSync, state.done, state.total);
    m_banner->setVisible(!state.banner.isEmpty());
    if (!state.banner.isEmpty())
        m_banner->setMessage(QStringLiteral("circle-alert"), state.banner, state.bannerAction);
}

void Workbench::setSecretsInFile()
{
    m_pages->setSecretsInFile(true);
}

void Workbench::setAccounts(const std::vector<shell::AccountEntry> &accounts)
{
    if (accounts == m_accounts)
        return;
    m_accounts = accounts;
    addAccountKeys();
    int elsewhere = 0;
    for (const auto &account : accounts)
        if (!account.isCurrent)
            elsewhere += account.unread;
    m_sidebar->setWaitingElsewhere(elsewhere);
}

QString Workbench::placeKey(const char *name) const
{
    const auto key = QString::fromLatin1(name);
    return m_parts.place.isEmpty()
               ? key
               : key + QLatin1Char{'-'} + QString{m_parts.place}.replace(QLatin1Char{'/'}, QLatin1Char{'-'});
}

void Workbench::closePage()
{
    m_workspace->showPanes();
    m_list->focusRows();
}

void Workbench::say(const QString &sentence, const QString &action, std::function<void()> work)
{
    m_toast->showMessage(sentence, action);
    m_toastWork = std::move(work);
}

void Workbench::applySettings()
{
    m_list->setCompact(m_parts.settings.compactRows());
    m_thread->composer()->box()->setEnterSends(m_parts.settings.enterSends());
    m_parts.notices.center().setPreview(m_parts.settings.notificationPreview());
}

} // namespace client::desktop
