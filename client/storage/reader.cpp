#include "client/storage/reader.h"

#include "client/storage/cache_store.h"
#include "shared/base/json.h"
#include "shared/protocol/entity_type.h"
#include "shared/protocol/setting_rows.h"

#include <utility>

namespace client::storage {

namespace {

using base::Json;

Json parsed(const RowView &row, int column)
{
    return Json::parse(row.text(column), nullptr, false);
}

// Rows that cannot be read never get into the cache; a reader of an older shape skips what it does not know.
template <class T>
void keep(std::vector<T> &into, const base::Result<T> &value)
{
    if (value)
        into.push_back(*value);
}

struct Where {
    std::string sql = " WHERE 1 = 1";
    QVariantList values;

    void add(const char *condition, const QVariant &value)
    {
        sql += condition;
        values.push_back(value);
    }
};

Where whereOf(const ListQuery &query)
{
    Where where;
    if (query.owner == ListQuery::Owner::Mine)
        where.add(" AND assignee = ?", sqlValue(query.me ? query.me->value : base::Uuid{}));
    else if (query.owner == ListQuery::Owner::Unassigned)
        where.sql += " AND assignee IS NULL";
    if (query.status)
        where.add(" AND status = ?", sqlValue(std::string{domain::toText(*query.status)}));
    if (query.inbox)
        where.add(" AND inbox = ?", sqlValue(query.inbox->value));
    if (query.team)
        where.add(" AND team = ?", sqlValue(query.team->value));
    if (query.label)
        where.add(" AND EXISTS(SELECT 1 FROM json_each(CAST(row AS TEXT), '$.labels') WHERE value = ?)",
                  sqlValue(*query.label));
    if (query.contact)
        where.add(" AND contact = ?", sqlValue(query.contact->value));
    return where;
}

const char *orderOf(ListQuery::Order order)
{
    switch (order) {
    case ListQuery::Order::NewestActivity:
        return " ORDER BY last_at DESC, id DESC";
    case ListQuery::Order::OldestActivity:
        return " ORDER BY last_at, id";
    case ListQuery::Order::Priority:
        return " ORDER BY CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN "
               "'low' THEN 3"
               " ELSE 4 END, last_at DESC, id DESC";
    }
    return "";
}

// Numbers instead of words: many rows are read at once.
constexpr const char *factsSql =
    "SELECT c.id, CASE c.status WHEN 'open' THEN 0 WHEN 'pending' THEN 1 WHEN 'snoozed' THEN 2 ELSE 3 END,"
    " CASE c.priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 "
    "END,"
    " c.assignee, c.inbox, c.last_at, c.cust_n > coalesce(r.read_n, 0), c.team,"
    // Rows of a cache from before the column was there have it in their JSON only.
    " coalesce(c.labels, json_extract(CAST(c.row AS TEXT), '$.labels'), '')"
    " FROM conversation c LEFT JOIN cread r ON r.id = c.id";
static_assert(static_cast<int>(domain::ConversationStatus::Pending) == 1 &&
              static_cast<int>(domain::ConversationStatus::Resolved) == 3 &&
              static_cast<int>(domain::Priority::Urgent) == 4);

std::vector<std::string> textsIn(const std::string &json)
{
    std::vector<std::string> texts;
    const auto parsed = base::parseJson(json);
    if (!parsed || !parsed->is_array())
        return texts;
    for (const auto &text : *parsed)
        if (text.is_string())
            texts.push_back(text.get<std::string>());
    return texts;
}

ConversationFacts factsOf(const RowView &row)
{
    ConversationFacts facts;
    facts.id = {row.uuid(0)};
    facts.status = static_cast<domain::ConversationStatus>(row.integer(1));
    facts.priority = static_cast<domain::Priority>(row.integer(2));
    if (const auto assignee = row.maybeUuid(3))
        facts.assignee = domain::UserId{*assignee};
    facts.inbox = {row.uuid(4)};
    facts.lastActivityAt = row.integer(5);
    facts.isUnread = row.integer(6) != 0;
    if (const auto team = row.maybeUuid(7))
        facts.team = domain::TeamId{*team};
    if (const auto titles = row.text(8); titles.size() > 2)
        facts.labels = textsIn(titles);
    return facts;
}

constexpr const char *messageColumns = "SELECT m.id, m.parent, m.row, m.pending, s.row FROM message m"
                                       " LEFT JOIN mstate s ON s.id = m.id";

// Oldest first; what the server has not got yet last.
constexpr const char *threadOrder = " WHERE m.parent = ? ORDER BY m.pending AND m.q = 0, m.n, m.at, m.id";

std::optional<MessageView> messageOf(const RowView &row)
{
    auto message = protocol::messageFromRow(row.uuid(0), row.uuid(1), parsed(row, 2));
    if (!message)
        return std::nullopt;
    MessageView view;
    view.message = *std::move(message);
    view.pending = row.integer(3) != 0;
    if (!row.isNull(4))
        if (const auto state = protocol::messageStateFromRow(row.uuid(0), parsed(row, 4))) {
            view.delivery = state->state;
            view.deliveryCode = state->code;
            view.undoUntil = state->until;
        }
    return view;
}

} // namespace

struct Reader::Impl {
    Impl(const QString &outboxFile, QString cacheFile, std::shared_ptr<const Vault> cacheVault)
        : cachePath{std::move(cacheFile)}
        , vault{std::move(cacheVault)}
        , outbox{outboxFile, Connection::Mode::ReadOnly}
    {
        openCache();
    }

    void openCache() { cache = std::make_unique<Connection>(cachePath, Connection::Mode::ReadOnly, vault); }

    template <class T, class Read>
    std::optional<T> one(const char *sql, const base::Uuid &id, Read read)
    {
        std::optional<T> found;
        cache->each(sql, {sqlValue(id)}, [&](const RowView &row) {
            if (auto value = read(id, parsed(row, 0)))
                found = *std::move(value);
        });
        return found;
    }

    std::vector<Intent> intents(const char *condition);
    const std::vector<Intent> &allIntents();

    QString cachePath;
    std::shared_ptr<const Vault> vault;
    Connection outbox;
    std::unique_ptr<Connection> cache;
    bool hidden = false;

private:
    std::vector<Intent> m_intents; // as they were at m_version
    std::optional<std::int64_t> m_version;
};

Reader::Reader(const QString &outboxFile, const QString &cacheFile, std::shared_ptr<const Vault> vault)
    : m_impl{std::make_unique<Impl>(outboxFile, cacheFile, std::move(vault))}
{
}

Reader::~Reader() = default;

void Reader::reopenCache()
{
    if (!m_impl->hidden)
        m_impl->openCache();
}

void Reader::hideCache(bool hidden)
{
    if (std::exchange(m_impl->hidden, hidden) == hidden)
        return;
    if (!hidden)
        return reopenCache();
    m_impl->cache = std::make_unique<Connection>(QStringLiteral(":memory:"), Connection::Mode::Relaxed);
    createCacheTables(*m_impl->cache);
}

std::optional<domain::Account> Reader::account()
{
    std::optional<domain::Account> found;
    m_impl->cache->each("SELECT id, row FROM account LIMIT 1", {}, [&found](const RowView &row) {
        if (auto account = protocol::accountFromRow(row.uuid(0), parsed(row, 1)))
            found = *account;
    });
    return found;
}

std::optional<domain::User> Reader::user(const domain::UserId &id)
{
    return m_impl->one<domain::User>("SELECT row FROM user WHERE id = ?", id.value, protocol::userFromRow);
}

std::vector<domain::User> Reader::users()
{
    std::vector<domain::User> all;
    m_impl->cache->each(
        "SELECT id, row FROM user ORDER BY name COLLATE NOCASE", {},
        [&all](const RowView &row) { keep(all, protocol::userFromRow(row.uuid(0), parsed(row, 1))); });
    return all;
}

std::optional<domain::Inbox> Reader::inbox(const domain::InboxId &id)
{
    return m_impl->one<domain::Inbox>("SELECT row FROM inbox WHERE id = ?", id.value, protocol::inboxFromRow);
}

std::vector<domain::Inbox> Reader::inboxes()
{
    std::vector<domain::Inbox> all;
    m_impl->cache->each(
        "SELECT id, row FROM inbox ORDER BY name COLLATE NOCASE", {},
        [&all](const RowView &row) { keep(all, protocol::inboxFromRow(row.uuid(0), parsed(row, 1))); });
    return all;
}

std::vector<domain::Label> Reader::labels()
{
    std::vector<domain::Label> all;
    m_impl->cache->each("SELECT id, row FROM label ORDER BY title", {}, [&all](const RowView &row) {
        keep(all, protocol::labelFromRow(row.uuid(0), parsed(row, 1)));
    });
    return all;
}

std::vector<domain::Team> Reader::teams()
{
    std::vector<domain::Team> all;
    m_impl->cache->each(
        "SELECT id, row FROM team ORDER BY name COLLATE NOCASE", {},
        [&all](const RowView &row) { keep(all, protocol::teamFromRow(row.uuid(0), parsed(row, 1))); });
    return all;
}

std::vector<domain::CannedResponse> Reader::cannedResponses()
{
    std::vector<domain::CannedResponse> all;
    m_impl->cache->each("SELECT id, row FROM canned ORDER BY short_code COLLATE NOCASE", {},
                        [&all](const RowView &row) {
                            keep(all, protocol::cannedResponseFromRow(row.uuid(0), parsed(row, 1)));
                        });
    return all;
}

std::vector<domain::Macro> Reader::macros()
{
    std::vector<domain::Macro> all;
    m_impl->cache->each(
        "SELECT id, row FROM macro ORDER BY name COLLATE NOCASE, id", {},
        [&all](const RowView &row) { keep(all, protocol::macroFromRow(row.uuid(0), parsed(row, 1))); });
    return all;
}

std::optional<domain::Contact> Reader::contact(const domain::ContactId &id)
{
    return m_impl->one<domain::Contact>("SELECT row FROM contact WHERE id = ?", id.value,
                                        protocol::contactFromRow);
}

std::optional<protocol::Access> Reader::access(const domain::UserId &id)
{
    return m_impl->one<protocol::Access>("SELECT row FROM access WHERE id = ?", id.value,
                                         protocol::accessFromRow);
}

std::optional<ConversationView> Reader::conversation(const domain::ConversationId &id)
{
    std::optional<ConversationView> found;
    m_impl->cache->each(
        "SELECT c.row, c.q, c.pending, c.lo, coalesce(r.read_n, 0), (SELECT count(*) FROM message m"
        " WHERE m.parent = c.id AND m.n > coalesce(r.read_n, 0) AND m.dir = 'in' AND m.kind = 'public')"
        " FROM conversation c LEFT JOIN cread r ON r.id = c.id WHERE c.id = ?",
        {sqlValue(id.value)}, [&](const RowView &row) {
            const auto conversation = protocol::conversationFromRow(id.value, parsed(row, 0));
            if (!conversation)
                return;
            ConversationView view;
            view.conversation = *conversation;
            view.q = row.integer(1);
            view.pending = row.integer(2) != 0;
            if (!row.isNull(3))
                view.lowest = row.integer(3);
            view.readN = row.integer(4);
            view.unread = row.integer(5);
            if (view.unread == 0 && conversation->customerN > view.readN)
                view.unread = 1; // its messages are not here yet
            found = view;
        });
    return found;
}

std::optional<domain::ConversationId> Reader::conversationByNumber(std::int64_t number)
{
    std::optional<domain::ConversationId> found;
    m_impl->cache->each("SELECT id FROM conversation WHERE num = ? LIMIT 1", {sqlValue(number)},
                        [&found](const RowView &row) { found = domain::ConversationId{row.uuid(0)}; });
    return found;
}

std::vector<ConversationFacts> Reader::conversationFacts()
{
    std::vector<ConversationFacts> all;
    m_impl->cache->each(factsSql, {}, [&all](const RowView &row) { all.push_back(factsOf(row)); });
    return all;
}

std::optional<ConversationFacts> Reader::conversationFacts(const domain::ConversationId &id)
{
    std::optional<ConversationFacts> found;
    const auto sql = std::string{factsSql} + " WHERE c.id = ?";
    m_impl->cache->each(sql.c_str(), {sqlValue(id.value)},
                        [&found](const RowView &row) { found = factsOf(row); });
    return found;
}

std::vector<domain::ConversationId> Reader::conversations(const ListQuery &query)
{
    std::vector<domain::ConversationId> all;
    const auto where = whereOf(query);
    const auto sql = "SELECT id FROM conversation" + where.sql + orderOf(query.order);
    m_impl->cache->each(sql.c_str(), where.values,
                        [&all](const RowView &row) { all.push_back({row.uuid(0)}); });
    return all;
}

std::int64_t Reader::count(const ListQuery &query)
{
    const auto where = whereOf(query);
    const auto sql = "SELECT count(*) FROM conversation" + where.sql;
    return m_impl->cache->number(sql.c_str(), where.values).value_or(0);
}

std::vector<MessageStamp> Reader::messageStamps(const domain::ConversationId &id)
{
    std::vector<MessageStamp> all;
    const auto sql = std::string{"SELECT m.id, m.q, s.q, m.pending OR coalesce(s.pending, 0) FROM message m "
                                 "LEFT JOIN mstate s ON s.id = m.id"} +
                     threadOrder;
    m_impl->cache->each(sql.c_str(), {sqlValue(id.value)}, [&all](const RowView &row) {
        all.push_back({{row.uuid(0)}, row.integer(1), row.integer(2), row.integer(3) != 0});
    });
    return all;
}

std::vector<MessageView> Reader::messages(const domain::ConversationId &id)
{
    std::vector<MessageView> all;
    const auto sql = std::string{messageColumns} + threadOrder;
    m_impl->cache->each(sql.c_str(), {sqlValue(id.value)}, [&all](const RowView &row) {
        if (auto view = messageOf(row))
            all.push_back(*std::move(view));
    });
    return all;
}

std::optional<MessageView> Reader::message(const domain::MessageId &id)
{
    std::optional<MessageView> found;
    const auto sql = std::string{messageColumns} + " WHERE m.id = ?";
    m_impl->cache->each(sql.c_str(), {sqlValue(id.value)},
                        [&found](const RowView &row) { found = messageOf(row); });
    return found;
}

std::optional<MessageView> Reader::messageAt(const domain::ConversationId &id, std::int64_t n)
{
    std::optional<MessageView> found;
    const auto sql = std::string{messageColumns} + " WHERE m.parent = ? AND m.n = ? AND m.pending = 0";
    m_impl->cache->each(sql.c_str(), {sqlValue(id.value), sqlValue(n)},
                        [&found](const RowView &row) { found = messageOf(row); });
    return found;
}

std::vector<domain::ConversationId> Reader::find(const std::string &words, int limit)
{
    std::vector<domain::ConversationId> all;
    for (const auto &hit :
         searchConversations(*m_impl->cache, parseSearch(words), limit, std::nullopt, false))
        all.push_back(hit.conversation);
    return all;
}

std::vector<SearchHit> Reader::search(const std::string &text, int limit,
                                      const std::optional<domain::UserId> &me)
{
    return searchConversations(*m_impl->cache, parseSearch(text), limit, me, true);
}

std::int64_t Reader::unindexedMessages()
{
    return m_impl->cache
        ->number("SELECT count(*) FROM message WHERE search_key IS NULL AND kind <> 'activity'")
        .value_or(0);
}

std::vector<Intent> Reader::Impl::intents(const char *condition)
{
    std::vector<Intent> all;
    const auto sql = "SELECT " + std::string{intentColumns} + " FROM intent " + condition;
    outbox.each(sql.c_str(), {}, [&all](const RowView &row) { all.push_back(intentOf(row)); });
    return all;
}

// A shift offline leaves hundreds, and every screen asks for them at each change: read again only when
// another connection wrote (https://www.sqlite.org/pragma.html#pragma_data_version).
const std::vector<Intent> &Reader::Impl::allIntents()
{
    const auto version = outbox.number("PRAGMA data_version");
    if (!version || version != m_version) {
        m_version.reset();
        m_intents = intents("ORDER BY n");
        m_version = version;
    }
    return m_intents;
}

std::vector<Intent> Reader::intents()
{
    return m_impl->allIntents();
}

std::vector<Intent> Reader::problems()
{
    return m_impl->intents("WHERE state IN (3, 4) ORDER BY n");
}

std::vector<protocol::HeldReply> Reader::heldReplies()
{
    std::vector<protocol::HeldReply> all;
    m_impl->cache->each("SELECT id, row FROM held ORDER BY id", {}, [&all](const RowView &row) {
        keep(all, protocol::heldReplyFromRow(row.uuid(0), parsed(row, 1)));
    });
    return all;
}

std::optional<protocol::Draft> Reader::syncedDraft(const domain::ConversationId &id)
{
    std::optional<protocol::Draft> found;
    m_impl->cache->each("SELECT row FROM draft WHERE id = ?", {sqlValue(id.value)}, [&](const RowView &row) {
        if (const auto draft = protocol::draftFromRow(id.value, parsed(row, 0)))
            found = *draft;
    });
    return found;
}

std::int64_t Reader::confirmedN(const domain::ConversationId &id)
{
    std::int64_t n = 0;
    m_impl->cache->each(
        "SELECT coalesce((SELECT row FROM shadow WHERE etype = ? AND eid = ? AND present = 1), row)"
        " FROM conversation WHERE id = ?",
        {static_cast<int>(protocol::EntityType::Conversation), sqlValue(id.value), sqlValue(id.value)},
        [&n](const RowView &row) { n = base::integerField(parsed(row, 0), "last_n").value_or(0); });
    return n;
}

std::optional<Intent> Reader::intent(const base::Uuid &mid)
{
    std::optional<Intent> found;
    const auto sql = "SELECT " + std::string{intentColumns} + " FROM intent WHERE mid = ?";
    m_impl->outbox.each(sql.c_str(), {sqlValue(mid)},
                        [&found](const RowView &row) { found = intentOf(row); });
    return found;
}

std::optional<LocalDraft> Reader::draft(const std::string &key)
{
    std::optional<LocalDraft> found;
    m_impl->outbox.each("SELECT body, at FROM localdraft WHERE key = ?", {sqlValue(key)},
                        [&found](const RowView &row) {
                            found = LocalDraft{row.text(0), base::fromMs(row.integer(1))};
                        });
    return found;
}

std::vector<std::string> Reader::draftKeys()
{
    std::vector<std::string> keys;
    m_impl->outbox.each("SELECT key FROM localdraft ORDER BY at DESC", {},
                        [&keys](const RowView &row) { keys.push_back(row.text(0)); });
    return keys;
}

std::optional<Upload> Reader::upload(const base::Uuid &id)
{
    std::optional<Upload> found;
    const auto sql = "SELECT " + std::string{uploadColumns} + " FROM upload WHERE id = ?";
    m_impl->outbox.each(sql.c_str(), {sqlValue(id)}, [&found](const RowView &row) { found = uploadOf(row); });
    return found;
}

} // namespace client::storage
