#include "client/features/conversations/logic/timeline_model.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/features/conversations/logic/message_content.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/features/teams/logic/team_store.h"
#include "client/sync/session.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace client::conversations {

namespace {

constexpr int refreshAfterMs = 20;
constexpr std::size_t fewSingleReads = 20; // beyond that, and when they are many of all, all are read at once
constexpr std::size_t manyOfAll = 4;       // a fourth
constexpr qint64 groupedWithinMs = 3 * 60'000;

using State = TimelineEntry::State;
using Kind = TimelineEntry::Kind;

State stateOf(const std::string &delivery)
{
    if (delivery == "delivered")
        return State::Delivered;
    if (delivery == "read")
        return State::Read;
    if (delivery == "failed")
        return State::Undelivered;
    if (delivery == "uncertain")
        return State::Uncertain;
    return delivery == "pending" || delivery == "dispatching" ? State::Sending : State::Sent;
}

TimelineEntry line(Kind kind, const QString &id, const QString &text, qint64 at)
{
    TimelineEntry entry;
    entry.kind = kind;
    entry.id = id;
    entry.text = text;
    entry.at = at;
    return entry;
}

QString dayText(const QDate &day, const QDate &today)
{
    if (day == today)
        return TimelineModel::tr("Today");
    if (day == today.addDays(-1))
        return TimelineModel::tr("Yesterday");
    return QLocale{}.toString(day, day.year() == today.year() ? QStringLiteral("dddd, d MMMM")
                                                              : QStringLiteral("d MMMM yyyy"));
}

} // namespace

TimelineModel::TimelineModel(Stores stores, ConversationStore &conversations, QObject *parent)
    : QAbstractListModel{parent}
    , m_stores{stores}
    , m_conversations{conversations}
{
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshAfterMs);
    connect(&m_refresh, &QTimer::timeout, this, &TimelineModel::refresh);
    const auto soon = [this] {
        if (!m_id.isNull() && !m_refresh.isActive())
            m_refresh.start();
    };
    connect(&conversations, &ConversationStore::changed, this,
            [this, soon](const domain::ConversationId &id) {
                if (id == m_id)
                    soon();
            });
    connect(&conversations, &ConversationStore::reset, this, [this, soon] {
        m_made.clear(); // revisions of another cache say nothing
        soon();
    });
    connect(&stores.session, &sync::Session::intentsChanged, this, soon);
    const auto renamed = [this, soon] {
        m_made.clear();
        soon();
    };
    connect(&stores.users, &accounts::UserStore::changed, this, renamed);
    connect(&stores.contacts, &contacts::ContactStore::changed, this, renamed);
    connect(&stores.session, &sync::Session::connectionChanged, this, soon);
    connect(&stores.session, &sync::Session::warned, this, [this, soon](const storage::Intent &intent) {
        if (intent.op != protocol::CreateMessage::name)
            return;
        m_warnings[intent.mid] = warningOf(m_stores, intent);
        m_made.erase(intent.mid);
        soon();
    });
}

int TimelineModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant TimelineModel::data(const QModelIndex &at, int role) const
{
    if (!checkIndex(at, CheckIndexOption::IndexIsValid))
        return {};
    const auto &shown = entry(at.row());
    switch (role) {
    case IdRole:
        return shown.id;
    case KindRole:
        return static_cast<int>(shown.kind);
    case AuthorRole:
        return shown.author;
    case Qt::DisplayRole:
    case TextRole:
        return shown.text;
    case TimeRole:
        return shown.time;
    case StateRole:
        return static_cast<int>(shown.state);
    default:
        return {};
    }
}

void TimelineModel::open(const domain::ConversationId &id)
{
    beginResetModel();
    m_id = id;
    m_entries.clear();
    m_made.clear();
    m_newLineAfter = -1;
    m_newestN = 0;
    m_hasOlder = false;
    m_lowest = 0;
    m_askedBefore = -1;
    if (!id.isNull()) {
        if (const auto view = m_conversations.find(id); view && view->unread > 0 && view->readN > 0)
            m_newLineAfter = view->readN;
        m_entries = made();
    }
    endResetModel();
    m_stores.session.focus(id.isNull() ? std::vector<domain::ConversationId>{} : std::vector{id});
    Q_EMIT opened();
}

int TimelineModel::indexOf(const QString &id) const
{
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&id](const auto &shown) { return shown.id == id; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

void TimelineModel::loadOlder()
{
    if (!m_hasOlder || m_askedBefore == m_lowest)
        return;
    m_askedBefore = m_lowest;
    m_stores.session.loadOlder(m_id);
    m_refresh.start();
}

// What stands above the oldest message here while there are older ones elsewhere.
QString TimelineModel::olderText(std::int64_t lowest) const
{
    using Connection = sync::ConnectionState::Kind;
    const auto connection = m_stores.session.connection().kind;
    const bool up = connection == Connection::Live || connection == Connection::CatchingUp;
    if (!up)
        return tr("Older messages are not on this device. They come when you are online again.");
    return lowest == 0 || m_askedBefore == lowest ? tr("Loading older messages…") : QString{};
}

void TimelineModel::refresh()
{
    if (!m_id.isNull())
        apply(made());
}

// A pending one is made each time: what it waits for stands elsewhere.
void TimelineModel::makeMessages(const std::vector<storage::MessageStamp> &stamps, const Intents &intents)
{
    std::vector<domain::MessageId> missing;
    for (const auto &stamp : stamps) {
        const auto known = m_made.find(stamp.id.value);
        if (known == m_made.end() || known->second.stamp != stamp || stamp.pending)
            missing.push_back(stamp.id);
    }
    std::unordered_map<base::Uuid, storage::MessageStamp> of;
    for (const auto &stamp : stamps)
        of.emplace(stamp.id.value, stamp);
    const auto keep = [&](const storage::MessageView &view) {
        const auto stamp = of.find(view.message.id.value);
        if (stamp == of.end())
            return;
        auto entry = entryOf(view, intents);
        const auto day = QDateTime::fromMSecsSinceEpoch(entry.at).date();
        const auto n = view.pending ? 0 : view.message.n;
        m_made.insert_or_assign(view.message.id.value, Made{stamp->second, std::move(entry), n, day});
    };
    auto &reader = m_stores.session.reader();
    if (missing.size() > std::max(fewSingleReads, stamps.size() / manyOfAll)) {
        for (const auto &view : reader.messages(m_id))
            keep(view);
        return;
    }
    for (const auto &id : missing)
        if (const auto view = reader.message(id))
            keep(*view);
}

// Milliseconds; 0 for one that could not be read.
qint64 TimelineModel::atOf(const domain::MessageId &id) const
{
    const auto found = m_made.find(id.value);
    return found == m_made.end() ? 0 : found->second.entry.at;
}

std::vector<TimelineEntry> TimelineModel::made()
{
    std::vector<TimelineEntry> entries;
    const auto view = m_conversations.find(m_id);
    const auto stamps = m_stores.session.reader().messageStamps(m_id);
    const auto intents = m_stores.session.reader().intents();
    makeMessages(stamps, intents);
    const auto lowest = view && view->lowest ? *view->lowest : 0;
    m_hasOlder = view && view->conversation.lastN > 0 && lowest != 1;
    m_newestN = view ? view->conversation.lastN : 0;
    m_lowest = lowest;
    if (const auto text = m_hasOlder ? olderText(lowest) : QString{}; !text.isEmpty())
        entries.push_back(line(Kind::Activity, QStringLiteral("older"), text,
                               stamps.empty() ? 0 : atOf(stamps.front().id)));
    const auto today = QDateTime::fromMSecsSinceEpoch(base::toMs(m_stores.session.clock().now())).date();
    QDate day;
    const auto gone = takenBack(intents);
    bool lined = m_newLineAfter < 0;
    entries.reserve(stamps.size() + 16);
    for (const auto &stamp : stamps) {
        const auto found = m_made.find(stamp.id.value);
        if (found == m_made.end() || (!stamp.pending && found->second.n < lowest))
            continue; // a stray from before a gap: it comes back with what lies between
        if (gone.contains(stamp.id.value))
            continue;
        auto entry = found->second.entry;
        if (found->second.day != day) {
            day = found->second.day;
            entries.push_back(line(Kind::Day, QStringLiteral("day:") + day.toString(Qt::ISODate),
                                   dayText(day, today), entry.at));
        }
        if (!lined && entry.n > m_newLineAfter && entry.kind == Kind::Incoming) {
            lined = true;
            entries.push_back(line(Kind::NewLine, QStringLiteral("new"), tr("New"), entry.at));
        }
        if (!entries.empty()) {
            const auto &before = entries.back();
            entry.grouped = before.kind == entry.kind && entry.kind != Kind::Activity &&
                            before.author == entry.author && entry.at - before.at < groupedWithinMs;
        }
        const auto warning = m_warnings.find(stamp.id.value);
        entries.push_back(std::move(entry));
        if (warning != m_warnings.end())
            entries.push_back(line(Kind::Activity, QStringLiteral("warning:") + entries.back().id,
                                   warning->second, entries.back().at));
    }
    for (const auto &problem : problemsOf(m_stores))
        if (problem.conversation == m_id && problem.op == protocol::CreateMessage::name)
            entries.push_back(refusedEntry(problem));
    return entries;
}

// What was refused or is held stays where it was written, marked, until its author decides.
TimelineEntry TimelineModel::refusedEntry(const Problem &problem) const
{
    TimelineEntry entry;
    entry.id = QString::fromStdString(problem.mid.text());
    entry.kind = problem.isNote ? Kind::Note : Kind::Outgoing;
    entry.author = tr("You");
    entry.avatarName = m_stores.users.nameOf(m_stores.users.me());
    entry.state = problem.isHeld ? State::Held : State::Failed;
    entry.stateDetail = problem.reason;
    entry.text = problem.content;
    entry.at = base::toMs(problem.at);
    const auto when = QDateTime::fromMSecsSinceEpoch(entry.at);
    entry.time = QLocale{}.toString(when.time(), QLocale::ShortFormat);
    for (std::size_t i = 0; i < problem.uploads.size(); ++i) {
        domain::Attachment file;
        file.id = {problem.uploads[i]};
        file.name = problem.files[static_cast<qsizetype>(i)].toStdString();
        entry.attachments.push_back(std::move(file));
    }
    return entry;
}

TimelineEntry TimelineModel::entryOf(const storage::MessageView &view, const Intents &intents) const
{
    const auto &message = view.message;
    TimelineEntry entry;
    entry.id = QString::fromStdString(message.id.text());
    entry.n = view.pending ? 0 : message.n;
    entry.at = base::toMs(message.at);
    entry.text = MessageContentText::of(message);
    entry.attachments = message.attachments;
    const auto when = QDateTime::fromMSecsSinceEpoch(entry.at);
    entry.time = QLocale{}.toString(when.time(), QLocale::ShortFormat);
    if (message.author.contact)
        entry.avatarName = m_stores.contacts.nameOf({*message.author.contact});
    else if (message.author.user)
        entry.avatarName = m_stores.users.nameOf(*message.author.user);
    const bool mine = message.author.user == m_stores.users.me();
    entry.author = mine ? tr("You") : entry.avatarName;
    if (message.kind == domain::MessageKind::Activity) {
        entry.kind = Kind::Activity;
        entry.text = activityText(message);
        return entry;
    }
    if (message.direction == domain::MessageDirection::Incoming)
        return entry;
    entry.kind = message.kind == domain::MessageKind::Note ? Kind::Note : Kind::Outgoing;
    if (view.pending)
        showPending(entry, message, intents);
    else if (entry.kind == Kind::Outgoing)
        showDelivery(entry, view, mine);
    return entry;
}

void TimelineModel::showPending(TimelineEntry &entry, const domain::Message &message,
                                const Intents &intents) const
{
    entry.state = State::Sending;
    auto &reader = m_stores.session.reader();
    const auto intent = std::find_if(intents.begin(), intents.end(),
                                     [&message](const auto &order) { return order.mid == message.id.value; });
    if (intent == intents.end())
        return;
    const bool isQueued = intent->state == storage::IntentState::Queued;
    for (const auto &id : intent->uploads)
        if (const auto upload = reader.upload(id); upload && upload->state != storage::Upload::State::Sent) {
            const bool isRefused = upload->state == storage::Upload::State::Refused;
            entry.state = isRefused ? State::Failed : State::Uploading;
            entry.undoable = isQueued && !isRefused;
            if (isRefused)
                entry.stateDetail = tr("A file of this message was not accepted.");
            return;
        }
    const bool up = m_stores.session.connection().kind == sync::ConnectionState::Kind::Live ||
                    m_stores.session.connection().kind == sync::ConnectionState::Kind::CatchingUp;
    if (up || intent->state == storage::IntentState::Accepted)
        return;
    entry.state = State::Queued;
    entry.undoable = isQueued || entry.kind == Kind::Outgoing;
}

void TimelineModel::showDelivery(TimelineEntry &entry, const storage::MessageView &view, bool mine) const
{
    entry.state = stateOf(view.delivery);
    entry.undoable = mine && view.delivery == "pending" && view.undoUntil != base::Timestamp{};
    if (entry.state == State::Undelivered)
        entry.stateDetail = tr("The message could not be delivered.");
    if (entry.state == State::Uncertain)
        entry.stateDetail =
            tr("It is not known whether this message arrived. Check before you send it again.");
}

// Replies that are on their way back: nobody should see them go out for a moment.
std::set<base::Uuid> TimelineModel::takenBack(const Intents &intents)
{
    std::set<base::Uuid> ids;
    for (const auto &intent : intents)
        if (intent.op == protocol::DiscardMessage::name && !storage::needsAuthor(intent))
            if (const auto id = decidedMessage(intent))
                ids.insert(*id);
    return ids;
}

QString TimelineModel::activityText(const domain::Message &message) const
{
    const auto code = QString::fromStdString(message.body);
    const auto what = code.section(QLatin1Char{':'}, 0, 0);
    const auto argument = code.section(QLatin1Char{':'}, 1);
    const bool mine = message.author.user == m_stores.users.me();
    const auto who = mine                  ? tr("You")
                     : message.author.user ? m_stores.users.nameOf(*message.author.user)
                                           : tr("Deskbell");
    if (what == QStringLiteral("status")) {
        if (argument == QStringLiteral("resolved"))
            return mine ? tr("You resolved the conversation") : tr("%1 resolved the conversation").arg(who);
        if (argument == QStringLiteral("open"))
            return mine ? tr("You opened the conversation") : tr("%1 opened the conversation").arg(who);
        if (argument == QStringLiteral("pending"))
            return mine ? tr("You set the conversation to pending")
                        : tr("%1 set the conversation to pending").arg(who);
        return mine ? tr("You snoozed the conversation until the next reply")
                    : tr("%1 snoozed the conversation until the next reply").arg(who);
    }
    if (what == QStringLiteral("snooze")) {
        const auto until =
            QLocale{}.toString(QDateTime::fromMSecsSinceEpoch(argument.toLongLong()), QLocale::ShortFormat);
        return mine ? tr("You snoozed the conversation until %1").arg(until)
                    : tr("%1 snoozed the conversation until %2").arg(who, until);
    }
    if (what == QStringLiteral("assign")) {
        const auto to = base::Uuid::parse(argument.toStdString());
        if (!to)
            return mine ? tr("You unassigned the conversation")
                        : tr("%1 unassigned the conversation").arg(who);
        const domain::UserId agent{*to};
        if (agent == m_stores.users.me())
            return mine ? tr("You assigned yourself") : tr("%1 assigned you").arg(who);
        if (message.author.user == agent)
            return tr("%1 took the conversation").arg(who);
        const auto name = m_stores.users.nameOf(agent);
        return mine ? tr("You assigned %1").arg(name) : tr("%1 assigned %2").arg(who, name);
    }
    if (what == QStringLiteral("team")) {
        const auto id = base::Uuid::parse(argument.toStdString());
        const auto team = id ? m_stores.teams.nameOf({*id}) : QString{};
        if (!id)
            return mine ? tr("You took the conversation from its team")
                        : tr("%1 took the conversation from its team").arg(who);
        return mine ? tr("You gave the conversation to team %1").arg(team)
                    : tr("%1 gave the conversation to team %2").arg(who, team);
    }
    if (what == QStringLiteral("label") && argument.size() > 1) {
        const auto title = argument.mid(1);
        if (argument.startsWith(QLatin1Char{'+'}))
            return mine ? tr("You added the label %1").arg(title)
                        : tr("%1 added the label %2").arg(who, title);
        return mine ? tr("You removed the label %1").arg(title)
                    : tr("%1 removed the label %2").arg(who, title);
    }
    if (what == QStringLiteral("priority")) {
        const auto priority = domain::priorityFromText(argument.toStdString());
        const auto name = ConversationStore::priorityText(priority.value_or(domain::Priority::None));
        return mine ? tr("You set the priority to %1").arg(name)
                    : tr("%1 set the priority to %2").arg(who, name);
    }
    if (what == QStringLiteral("reopened"))
        return tr("The conversation was opened again");
    if (what == QStringLiteral("created"))
        return tr("The conversation began");
    return tr("%1 changed the conversation").arg(who);
}

// Tells what differs as one run in the middle: messages come at the end, older ones at the start.
void TimelineModel::apply(std::vector<TimelineEntry> fresh)
{
    std::size_t same = 0;
    while (same < m_entries.size() && same < fresh.size() && m_entries[same].id == fresh[same].id)
        ++same;
    std::size_t tail = 0;
    while (tail < m_entries.size() - same && tail < fresh.size() - same &&
           m_entries[m_entries.size() - 1 - tail].id == fresh[fresh.size() - 1 - tail].id)
        ++tail;
    const auto first = static_cast<int>(same);
    const auto removed = static_cast<int>(m_entries.size() - same - tail);
    const auto added = static_cast<int>(fresh.size() - same - tail);
    if (removed > 0) {
        beginRemoveRows({}, first, first + removed - 1);
        m_entries.erase(m_entries.begin() + first, m_entries.begin() + first + removed);
        endRemoveRows();
    }
    if (added > 0) {
        beginInsertRows({}, first, first + added - 1);
        m_entries.insert(m_entries.begin() + first, fresh.begin() + first, fresh.begin() + first + added);
        endInsertRows();
    }
    for (int at = 0; at < rowCount(); ++at) {
        auto &shown = m_entries[static_cast<std::size_t>(at)];
        if (shown == fresh[static_cast<std::size_t>(at)])
            continue;
        shown = fresh[static_cast<std::size_t>(at)];
        Q_EMIT dataChanged(index(at), index(at));
    }
}

} // namespace client::conversations
