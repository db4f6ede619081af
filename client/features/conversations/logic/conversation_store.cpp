#include "client/features/conversations/logic/conversation_store.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/sync/session.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <set>

namespace client::conversations {

namespace {

constexpr std::size_t changesAtOnce = 100;
constexpr std::chrono::milliseconds turnPause{1}; // a zero timer would leave input and painting waiting
constexpr qint64 minute = 60'000;
constexpr qint64 hour = 60 * minute;

QDateTime localTime(base::Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(base::toMs(at));
}

} // namespace

QString authorName(const Stores &stores, const domain::Message &message)
{
    if (message.author.contact)
        return stores.contacts.nameOf(*message.author.contact);
    return message.author.user ? stores.users.nameOf(*message.author.user) : QString{};
}

ConversationStore::ConversationStore(Stores stores, QObject *parent)
    : QObject{parent}
    , m_stores{stores}
    , m_index{stores.session.reader()}
    , m_search{stores.session.readerMaker()}
{
    connect(&stores.session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        if (m_waiting.empty() && changes->size() <= changesAtOnce)
            return apply(*changes);
        m_waiting.insert(m_waiting.end(), changes->begin(), changes->end());
        m_turn.start(turnPause);
    });
    m_turn.setSingleShot(true);
    connect(&m_turn, &QTimer::timeout, this, &ConversationStore::applyNext);
    connect(&m_search, &sync::BackgroundSearch::found, this, &ConversationStore::searched);
    connect(&stores.session, &sync::Session::reset, this, [this] {
        m_turn.stop();
        m_waiting.clear(); // all is read anew
        m_index.forget();
        m_search.reopen();
        Q_EMIT reset();
    });
}

// After a while away thousands come at once, and everybody who is told looks each of them up.
void ConversationStore::applyNext()
{
    const auto end =
        m_waiting.begin() + static_cast<std::ptrdiff_t>(std::min(m_waiting.size(), changesAtOnce));
    const std::vector<storage::Changed> next{m_waiting.begin(), end};
    m_waiting.erase(m_waiting.begin(), end);
    if (!m_waiting.empty())
        m_turn.start(turnPause);
    apply(next);
}

void ConversationStore::apply(const std::vector<storage::Changed> &changes)
{
    using protocol::EntityType;
    std::set<domain::ConversationId> touched;
    std::vector<domain::MessageId> fresh;
    const bool live = m_stores.session.connection().kind == sync::ConnectionState::Kind::Live;
    for (const auto &change : changes) {
        if (change.type == EntityType::Conversation || change.type == EntityType::ReadState)
            touched.insert({change.id});
        else if ((change.type == EntityType::Message || change.type == EntityType::MessageState) &&
                 change.parent)
            touched.insert({*change.parent});
        if (live && change.type == EntityType::Message)
            fresh.push_back({change.id});
    }
    m_index.update(touched);
    for (const auto &id : touched)
        Q_EMIT changed(id);
    for (const auto &id : fresh) {
        const auto view = m_stores.session.reader().message(id);
        if (!view || view->message.direction != domain::MessageDirection::Incoming ||
            view->message.kind != domain::MessageKind::Public)
            continue;
        const auto age = m_stores.session.clock().now() - view->message.at;
        const auto conversation = find(view->message.conversation);
        const bool newest = conversation && conversation->conversation.customerN == view->message.n;
        if (newest && view->message.n > conversation->readN && age < std::chrono::minutes{5})
            Q_EMIT arrived(view->message.conversation, id);
    }
}

std::optional<storage::ConversationView> ConversationStore::find(const domain::ConversationId &id) const
{
    return m_stores.session.reader().conversation(id);
}

std::optional<domain::ConversationId> ConversationStore::byNumber(std::int64_t number) const
{
    return m_stores.session.reader().conversationByNumber(number);
}

std::vector<storage::ConversationView> ConversationStore::previous(const domain::ConversationId &id,
                                                                   int limit) const
{
    std::vector<storage::ConversationView> found;
    const auto current = find(id);
    if (!current)
        return found;
    storage::ListQuery query;
    query.status.reset();
    query.contact = current->conversation.contact;
    for (const auto &other : m_stores.session.reader().conversations(query)) {
        if (other == id || static_cast<int>(found.size()) >= limit)
            continue;
        if (auto view = find(other))
            found.push_back(*std::move(view));
    }
    return found;
}

int ConversationStore::unreadCount() const
{
    storage::ListQuery query;
    query.me = m_stores.session.identity().user.id;
    query.owner = storage::ListQuery::Owner::Mine;
    const auto mine = m_index.unread(query);
    query.owner = storage::ListQuery::Owner::Unassigned;
    return mine + m_index.unread(query);
}

void ConversationStore::look(const QString &words, int limit)
{
    if (m_stores.session.connection().leaseOver)
        return Q_EMIT searched(words, {});
    m_search.look(words.trimmed(), limit, m_stores.session.identity().user.id);
}

std::vector<domain::ConversationId> ConversationStore::search(const QString &words, int limit) const
{
    const auto text = words.trimmed();
    if (text.isEmpty())
        return {};
    return m_stores.session.reader().find(text.toStdString(), limit);
}

std::vector<storage::SearchHit> ConversationStore::found(const QString &text, int limit) const
{
    if (text.trimmed().isEmpty())
        return {};
    return m_stores.session.reader().search(text.toStdString(), limit, m_stores.session.identity().user.id);
}

bool ConversationStore::isIndexing() const
{
    return m_stores.session.reader().unindexedMessages() > 0;
}

QString ConversationStore::statusText(domain::ConversationStatus status)
{
    switch (status) {
    case domain::ConversationStatus::Open:
        return tr("Open");
    case domain::ConversationStatus::Pending:
        return tr("Pending");
    case domain::ConversationStatus::Snoozed:
        return tr("Snoozed");
    case domain::ConversationStatus::Resolved:
        return tr("Resolved");
    }
    return {};
}

QString ConversationStore::priorityText(domain::Priority priority)
{
    switch (priority) {
    case domain::Priority::None:
        return tr("None");
    case domain::Priority::Low:
        return tr("Low");
    case domain::Priority::Medium:
        return tr("Medium");
    case domain::Priority::High:
        return tr("High");
    case domain::Priority::Urgent:
        return tr("Urgent");
    }
    return {};
}

QString ConversationStore::ageText(base::Timestamp at, base::Timestamp now)
{
    if (at == base::Timestamp{})
        return {};
    const auto age = (now - at).count();
    if (age < minute)
        return tr("now");
    if (age < hour)
        return tr("%1m").arg(age / minute);
    const auto then = localTime(at);
    const auto today = localTime(now).date();
    if (then.date() == today)
        return tr("%1h").arg(age / hour);
    if (then.date() == today.addDays(-1))
        return tr("Yesterday");
    if (then.date() > today.addDays(-7))
        return QLocale{}.toString(then.date(), QStringLiteral("ddd"));
    return QLocale{}.toString(then.date(), then.date().year() == today.year() ? QStringLiteral("d MMM")
                                                                              : QStringLiteral("d MMM yyyy"));
}

QString ConversationStore::snoozeText(const domain::Conversation &conversation, base::Timestamp now)
{
    if (conversation.status != domain::ConversationStatus::Snoozed)
        return {};
    if (!conversation.snoozedUntil)
        return tr("until the next reply");
    if (*conversation.snoozedUntil <= now)
        return tr("due"); // the server opens it; without a connection nobody does
    const auto until = localTime(*conversation.snoozedUntil);
    const auto time = QLocale{}.toString(until.time(), QLocale::ShortFormat);
    const auto today = localTime(now).date();
    if (until.date() == today)
        return tr("until %1").arg(time);
    if (until.date() == today.addDays(1))
        return tr("until tomorrow %1").arg(time);
    return tr("until %1")
        .arg(QLocale{}.toString(until.date(), QStringLiteral("ddd d MMM")) + QLatin1Char{' '} + time);
}

} // namespace client::conversations
