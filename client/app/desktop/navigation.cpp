#include "client/app/desktop/navigation.h"

#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/features/conversations/ui/row_model.h"
#include "client/widgets/navigation/sidebar_view.h"

#include <algorithm>

namespace client::desktop {

using domain::ConversationStatus;
using Owner = storage::ListQuery::Owner;

namespace {

const QString inboxItem = QStringLiteral("inbox");
const QString draftsItem = QStringLiteral("drafts");
const QString snoozedItem = QStringLiteral("snoozed");
const QString pendingItem = QStringLiteral("pending");
const QString resolvedItem = QStringLiteral("resolved");
const QString outboxItem = QStringLiteral("outbox");

const QString teamPrefix = QStringLiteral("team:");
const QString labelPrefix = QStringLiteral("label:");

std::optional<domain::TeamId> teamIn(const QString &id)
{
    const auto uuid =
        id.startsWith(teamPrefix) ? base::Uuid::parse(id.mid(teamPrefix.size()).toStdString()) : std::nullopt;
    return uuid ? std::optional{domain::TeamId{*uuid}} : std::nullopt;
}

/// The conversation of a draft's key; keys hold its id in text form.
std::optional<domain::ConversationId> conversationOf(const std::string &key)
{
    constexpr std::size_t length = 36;
    for (std::size_t at = 0; at + length <= key.size(); ++at)
        if (const auto id = base::Uuid::parse(std::string_view{key}.substr(at, length)))
            return domain::ConversationId{*id};
    return std::nullopt;
}

} // namespace

Navigation::Navigation(DeskStores &stores, widgets::SidebarView &view,
                       conversations::ConversationListView &list, QObject *parent)
    : QObject{parent}
    , m_stores{stores}
    , m_view{view}
    , m_list{list}
    , m_current{inboxItem}
{
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(250);
    connect(&m_refresh, &QTimer::timeout, this, &Navigation::refresh);
    const auto later = [this] {
        if (!m_refresh.isActive())
            m_refresh.start();
    };
    connect(&stores.conversations, &conversations::ConversationStore::changed, this, later);
    connect(&stores.conversations, &conversations::ConversationStore::reset, this, later);
    connect(&stores.inboxes, &inboxes::InboxStore::changed, this, later);
    connect(&stores.teams, &teams::TeamStore::changed, this, later);
    connect(&stores.labels, &labels::LabelStore::changed, this, later);
    connect(&stores.session, &sync::Session::draftChanged, this, later);
    connect(&stores.session, &sync::Session::intentsChanged, this, later);
    connect(&stores.connection, &accounts::ConnectionPresenter::stateChanged, this, later);
    connect(&view, &widgets::SidebarView::chosen, this, &Navigation::choose);
    refresh();
    choose(inboxItem);
}

int Navigation::count(std::optional<ConversationStatus> status, Owner owner) const
{
    storage::ListQuery query;
    query.owner = owner;
    query.me = m_stores.users.me();
    query.status = status;
    return m_stores.conversations.index().count(query);
}

std::vector<domain::ConversationId> Navigation::drafts() const
{
    std::vector<domain::ConversationId> found;
    for (const auto &key : m_stores.session.reader().draftKeys())
        if (const auto id = conversationOf(key);
            id && std::find(found.begin(), found.end(), *id) == found.end())
            found.push_back(*id);
    return found;
}

void Navigation::refresh()
{
    using widgets::NavItem;
    std::vector<NavItem> first{
        {.id = inboxItem,
         .text = tr("Inbox"),
         .icon = QStringLiteral("inbox"),
         .count = count(ConversationStatus::Open, Owner::Mine),
         .hint = tr("G then I")},
        {.id = draftsItem,
         .text = tr("Drafts"),
         .icon = QStringLiteral("file-pen"),
         .count = static_cast<int>(drafts().size()),
         .hint = tr("G then D")},
        {.id = snoozedItem,
         .text = tr("Snoozed"),
         .icon = QStringLiteral("alarm-clock"),
         .count = count(ConversationStatus::Snoozed, Owner::All),
         .hint = tr("G then S")},
        {.id = pendingItem,
         .text = tr("Pending"),
         .icon = QStringLiteral("hourglass"),
         .count = count(ConversationStatus::Pending, Owner::All)},
        {.id = resolvedItem, .text = tr("Resolved"), .icon = QStringLiteral("circle-check")},
    };
    const auto &connection = m_stores.connection.state();
    if (connection.queued > 0 || connection.problems > 0 || m_current == outboxItem)
        first.push_back(
            {.id = outboxItem,
             .text = tr("Outbox"),
             .icon = connection.problems > 0 ? QStringLiteral("triangle-alert") : QStringLiteral("send"),
             .count = static_cast<int>(connection.problems > 0 ? connection.problems : connection.queued),
             .urgent = connection.problems > 0});
    std::vector<widgets::NavSection> sections{{.id = QStringLiteral("work"), .items = std::move(first)}};
    for (auto &more : {channels(), teams(), labels()})
        if (!more.items.empty())
            sections.push_back(more);
    m_view.setSections(sections);
    m_view.setCurrent(m_current);
}

widgets::NavSection Navigation::channels() const
{
    widgets::NavSection section{.id = QStringLiteral("channels"), .title = tr("Channels")};
    for (const auto &inbox : m_stores.inboxes.all()) {
        storage::ListQuery open;
        open.inbox = inbox.id;
        section.items.push_back({.id = QString::fromStdString(inbox.id.text()),
                                 .text = QString::fromStdString(inbox.name),
                                 .icon = conversations::channelIcon(inbox.channel),
                                 .count = m_stores.conversations.index().count(open)});
    }
    return section;
}

widgets::NavSection Navigation::teams() const
{
    widgets::NavSection section{.id = QStringLiteral("teams"), .title = tr("Teams")};
    for (const auto &team : m_stores.teams.all()) {
        storage::ListQuery open;
        open.team = team.id;
        section.items.push_back({.id = teamPrefix + QString::fromStdString(team.id.text()),
                                 .text = QString::fromStdString(team.name),
                                 .icon = QStringLiteral("users"),
                                 .count = m_stores.conversations.index().count(open)});
    }
    return section;
}

widgets::NavSection Navigation::labels() const
{
    widgets::NavSection section{.id = QStringLiteral("labels"), .title = tr("Labels")};
    for (const auto &label : m_stores.labels.all()) {
        if (!label.showOnSidebar)
            continue;
        storage::ListQuery open;
        open.label = label.title;
        section.items.push_back({.id = labelPrefix + QString::fromStdString(label.title),
                                 .text = QString::fromStdString(label.title),
                                 .dot = QColor{QString::fromStdString(label.color)},
                                 .count = m_stores.conversations.index().count(open)});
    }
    return section;
}

QString Navigation::titleOf(const QString &id) const
{
    if (id == draftsItem)
        return tr("Drafts");
    if (id == snoozedItem)
        return tr("Snoozed");
    if (id == pendingItem)
        return tr("Pending");
    if (id == resolvedItem)
        return tr("Resolved");
    if (id == outboxItem)
        return tr("Outbox");
    if (id.startsWith(labelPrefix))
        return id.mid(labelPrefix.size());
    if (const auto team = teamIn(id))
        return m_stores.teams.nameOf(*team);
    if (const auto uuid = base::Uuid::parse(id.toStdString()))
        return m_stores.inboxes.nameOf(domain::InboxId{*uuid});
    return tr("Inbox");
}

void Navigation::choose(const QString &id)
{
    m_current = id;
    if (id == outboxItem) {
        refresh();
        Q_EMIT outboxRequested();
        return;
    }
    const auto title = titleOf(id);
    if (id == draftsItem)
        m_list.showFixed(title, drafts());
    else if (id == snoozedItem)
        m_list.showView({.title = title, .status = ConversationStatus::Snoozed});
    else if (id == pendingItem)
        m_list.showView({.title = title, .status = ConversationStatus::Pending});
    else if (id == resolvedItem)
        m_list.showView({.title = title, .status = ConversationStatus::Resolved});
    else if (id.startsWith(labelPrefix))
        m_list.showView({.title = title, .label = id.mid(labelPrefix.size()).toStdString()});
    else if (const auto team = teamIn(id))
        m_list.showView({.title = title, .team = team});
    else if (const auto uuid = base::Uuid::parse(id.toStdString()))
        m_list.showView({.title = title, .inbox = domain::InboxId{*uuid}});
    else
        m_list.showView({.title = title});
    m_view.setCurrent(id);
    Q_EMIT listChosen();
}

} // namespace client::desktop
