#include "client/features/conversations/logic/conversation_list_model.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/sync/session.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace client::conversations {

namespace {

constexpr int keptRows = 600;
constexpr int refreshAfterMs = 30;
constexpr int typingLifeMs = 8000;

QByteArray keyOf(const domain::ConversationId &id)
{
    return QByteArray::fromStdString(id.bytes());
}

// What was found in place of the preview; the marks go, their places stay.
void showSnippet(const std::string &snippet, ConversationRow &row)
{
    row.previewPrefix.clear();
    row.preview.clear();
    qsizetype open = -1;
    for (const auto letter : QString::fromStdString(snippet)) {
        if (letter == QLatin1Char{storage::snippetOpen}) {
            open = row.preview.size();
        } else if (letter == QLatin1Char{storage::snippetClose} && open >= 0) {
            row.marks << static_cast<int>(open) << static_cast<int>(row.preview.size() - open);
            open = -1;
        } else {
            row.preview += letter;
        }
    }
}

} // namespace

ConversationListModel::ConversationListModel(Stores stores, ConversationStore &conversations, QObject *parent)
    : QAbstractListModel{parent}
    , m_stores{stores}
    , m_conversations{conversations}
    , m_rows{keptRows}
{
    m_query.me = stores.users.me();
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshAfterMs);
    connect(&m_refresh, &QTimer::timeout, this, &ConversationListModel::refresh);
    m_minute.setInterval(60'000);
    connect(&m_minute, &QTimer::timeout, this, [this] {
        m_rows.clear();
        if (!m_ids.empty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1), {TimeRole, SnoozedRole});
    });
    m_minute.start();

    const auto touch = [this](const domain::ConversationId &id) {
        m_touched.insert(id);
        refreshSoon();
    };
    const auto looks = [this] {
        m_looksChanged = true;
        refreshSoon();
    };
    const auto troubles = [this, looks] {
        m_trouble.reset();
        looks();
    };
    connect(&conversations, &ConversationStore::changed, this, touch);
    connect(&conversations, &ConversationStore::reset, this, [this, troubles] {
        m_allTouched = true;
        troubles();
    });
    connect(&stores.session, &sync::Session::intentsChanged, this, troubles);
    connect(&stores.session, &sync::Session::changed, this, [troubles](const sync::Changes &changes) {
        if (std::any_of(changes->begin(), changes->end(), [](const storage::Changed &change) {
                return change.type == protocol::EntityType::HeldReply;
            }))
            troubles();
    });
    connect(&stores.users, &accounts::UserStore::changed, this, looks);
    connect(&stores.inboxes, &inboxes::InboxStore::changed, this, looks);
    connect(&stores.contacts, &contacts::ContactStore::changed, this, looks);
    connect(&stores.contacts, &contacts::ContactStore::presenceChanged, this, looks);
    connect(&stores.session, &sync::Session::draftChanged, this, [touch](const QString &key) {
        if (const auto id = base::Uuid::parse(key.section(QLatin1Char{':'}, 1).toStdString()))
            touch({*id});
    });
    connect(&stores.session, &sync::Session::ephemeral, this, [this](const sync::Ephemeral &news) {
        if (news.kind != sync::Ephemeral::Kind::Composing || news.isPrivate)
            return;
        const auto name = news.contact ? m_stores.contacts.nameOf({*news.contact})
                          : news.user  ? m_stores.users.nameOf({*news.user})
                                       : QString{};
        setTyping({news.conversation}, news.on ? name : QString{});
    });
    m_allTouched = true;
    refresh();
}

ConversationListModel::~ConversationListModel() = default;

int ConversationListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

QHash<int, QByteArray> ConversationListModel::roleNames() const
{
    return {{IdRole, "id"},         {NameRole, "name"},      {PreviewRole, "preview"}, {UnreadRole, "unread"},
            {StatusRole, "status"}, {TimeRole, "time"},      {TypingRole, "typing"},   {NumberRole, "number"},
            {DraftRole, "draft"},   {SnoozedRole, "snoozed"}};
}

QVariant ConversationListModel::data(const QModelIndex &at, int role) const
{
    if (!checkIndex(at, CheckIndexOption::IndexIsValid))
        return {};
    const auto &id = m_ids[static_cast<std::size_t>(at.row())];
    if (role == IdRole)
        return QString::fromStdString(id.text());
    const auto &row = rowFor(id);
    const auto &conversation = row.view.conversation;
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return row.contactName;
    case PreviewRole:
        return row.preview;
    case PreviewPrefixRole:
        return row.previewPrefix;
    case DraftRole:
        return row.draft;
    case TimeRole:
        return row.time;
    case UnreadRole:
        return static_cast<int>(row.view.unread);
    case StatusRole:
        return static_cast<int>(conversation.status);
    case PriorityRole:
        return static_cast<int>(conversation.priority);
    case AssigneeRole:
        return row.assignee;
    case SnoozedRole:
        return row.snoozed;
    case InboxRole:
        return row.inboxName;
    case ChannelTextRole:
        return row.channelText;
    case TypingRole:
        return row.typing;
    case OnlineRole:
        return row.contactOnline;
    case SendingRole:
        return row.sending;
    case FailedRole:
        return row.failed;
    case NumberRole:
        return static_cast<qlonglong>(conversation.number);
    default:
        return {};
    }
}

void ConversationListModel::setQuery(storage::ListQuery query)
{
    query.me = m_stores.users.me();
    if (query == m_query && !m_found)
        return;
    m_query = query;
    m_found = false;
    beginResetModel();
    forgetSnippets();
    m_ids = m_conversations.index().list(m_query);
    endResetModel();
    Q_EMIT countsChanged();
}

void ConversationListModel::showFound(std::vector<domain::ConversationId> ids)
{
    beginResetModel();
    forgetSnippets();
    m_found = true;
    m_ids = std::move(ids);
    endResetModel();
}

void ConversationListModel::showFound(const std::vector<storage::SearchHit> &hits)
{
    beginResetModel();
    forgetSnippets();
    m_found = true;
    m_ids.clear();
    for (const auto &hit : hits) {
        m_ids.push_back(hit.conversation);
        m_rows.remove(keyOf(hit.conversation));
        if (!hit.snippet.empty())
            m_snippets.emplace(hit.conversation, hit.snippet);
    }
    endResetModel();
}

void ConversationListModel::forgetSnippets()
{
    for (const auto &[id, snippet] : std::exchange(m_snippets, {}))
        m_rows.remove(keyOf(id));
}

const ConversationRow &ConversationListModel::row(int at) const
{
    return rowFor(m_ids[static_cast<std::size_t>(at)]);
}

domain::ConversationId ConversationListModel::idAt(int at) const
{
    return at < 0 || at >= rowCount() ? domain::ConversationId{} : m_ids[static_cast<std::size_t>(at)];
}

int ConversationListModel::indexOf(const domain::ConversationId &id) const
{
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
}

int ConversationListModel::count(storage::ListQuery::Owner owner) const
{
    auto query = m_query;
    query.owner = owner;
    return m_conversations.index().count(query);
}

const ConversationRow &ConversationListModel::rowFor(const domain::ConversationId &id) const
{
    const auto key = keyOf(id);
    if (const auto *kept = m_rows.object(key))
        return *kept;
    auto *fresh = new ConversationRow{made(id)};
    m_rows.insert(key, fresh);
    return *fresh;
}

ConversationRow ConversationListModel::made(const domain::ConversationId &id) const
{
    ConversationRow row;
    const auto view = m_conversations.find(id);
    if (!view)
        return row;
    auto &session = m_stores.session;
    const auto now = session.clock().now();
    row.view = *view;
    const auto &conversation = row.view.conversation;
    row.contactName = m_stores.contacts.nameOf(conversation.contact);
    row.contactOnline = m_stores.contacts.isOnline(conversation.contact);
    row.preview = QString::fromStdString(conversation.preview);
    if (conversation.previewBy == "note")
        row.previewPrefix = tr("Note:");
    else if (conversation.previewBy == "out")
        row.previewPrefix = tr("You:");
    if (const auto found = m_snippets.find(id); found != m_snippets.end())
        showSnippet(found->second, row);
    if (const auto draft = session.reader().draft("reply:" + id.text()))
        row.draft = QString::fromStdString(draft->body).simplified();
    row.time = ConversationStore::ageText(conversation.lastActivityAt, now);
    if (conversation.assignee && *conversation.assignee != m_stores.users.me())
        row.assignee = m_stores.users.nameOf(*conversation.assignee);
    row.snoozed = ConversationStore::snoozeText(conversation, now);
    row.inboxName = m_stores.inboxes.nameOf(conversation.inbox);
    row.channelText = m_stores.inboxes.channelText(conversation.inbox);
    if (const auto typing = m_typing.find(id); typing != m_typing.end())
        row.typing = tr("%1 is typing…").arg(typing->second);
    row.sending = row.view.pending;
    row.failed = isTrouble(id);
    return row;
}

bool ConversationListModel::isTrouble(const domain::ConversationId &id) const
{
    if (!m_trouble) {
        m_trouble.emplace();
        auto &reader = m_stores.session.reader();
        for (const auto &problem : reader.problems())
            if (problem.lane.starts_with("cv:"))
                if (const auto lane = base::Uuid::parse(problem.lane.substr(3)))
                    m_trouble->insert({*lane});
        for (const auto &held : reader.heldReplies())
            m_trouble->insert(held.conversation);
    }
    return m_trouble->contains(id);
}

void ConversationListModel::forget(const domain::ConversationId &id)
{
    m_rows.remove(keyOf(id));
    if (const int at = indexOf(id); at >= 0)
        Q_EMIT dataChanged(index(at), index(at));
}

void ConversationListModel::refreshSoon()
{
    if (!m_refresh.isActive())
        m_refresh.start();
}

void ConversationListModel::refresh()
{
    const auto touched = std::exchange(m_touched, {});
    const bool all = std::exchange(m_allTouched, false);
    const bool looks = std::exchange(m_looksChanged, false);
    for (const auto &id : touched)
        m_rows.remove(keyOf(id));
    if (all || looks)
        m_rows.clear();
    if (all && !m_found) {
        beginResetModel();
        m_ids = m_conversations.index().list(m_query);
        endResetModel();
    } else if (!m_found) {
        arrange(touched);
    }
    if ((all || looks) && !m_ids.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    else
        tellRows(touched);
    Q_EMIT countsChanged();
}

void ConversationListModel::tellRows(const std::set<domain::ConversationId> &touched)
{
    if (touched.size() > mostSingleMoves) {
        if (!m_ids.empty())
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    } else {
        for (const auto &id : touched)
            forget(id);
    }
}

void ConversationListModel::setTyping(const domain::ConversationId &id, const QString &name)
{
    auto &timer = m_typingEnds[id];
    if (!timer) {
        timer = new QTimer{this};
        timer->setSingleShot(true);
        connect(timer, &QTimer::timeout, this, [this, id] { setTyping(id, {}); });
    }
    if (name.isEmpty()) {
        m_typing.erase(id);
        timer->deleteLater();
        m_typingEnds.erase(id);
    } else {
        m_typing[id] = name;
        timer->start(typingLifeMs);
    }
    forget(id);
}

} // namespace client::conversations
