#include "server/features/conversations/conversation_store.h"

#include "shared/base/json.h"

namespace server::conversations {

namespace {

// Enumerators are stored by number.
static_assert(static_cast<int>(domain::ConversationStatus::Open) == 0 &&
              static_cast<int>(domain::ConversationStatus::Pending) == 1 &&
              static_cast<int>(domain::ConversationStatus::Snoozed) == 2 &&
              static_cast<int>(domain::ConversationStatus::Resolved) == 3);
static_assert(static_cast<int>(domain::Priority::None) == 0 &&
              static_cast<int>(domain::Priority::Urgent) == 4);
constexpr int statuses = 4;

#define CONVERSATION_COLUMNS                                                                                 \
    "id, uuid, account_id, display_id, inbox_id, inbox_uuid, contact_id, contact_uuid, contact_inbox_id, "   \
    "assignee_id, assignee_uuid, status, priority, snoozed_until, last_n, customer_n, agent_n, "             \
    "agent_read_n, "                                                                                         \
    "preview, preview_by, created_at, last_activity_at, waiting_since, first_reply_at, agent_seen_at, "      \
    "assignee_seen_at, contact_seen_at, additional_attributes, custom_attributes, updated_at, team_id, "     \
    "team_uuid, labels, customer_at, campaign_id"
#define SELECT_CONVERSATION "SELECT " CONVERSATION_COLUMNS " FROM conversations "

// +inbox_id keeps the planner on the index that has the rows in order.
#define LIST_FILTER                                                                                          \
    "account_id = ?1 AND +inbox_id IN (SELECT value FROM json_each(?2))"                                     \
    " AND (?4 = 0 OR (?4 = 1 AND assignee_id = ?5) OR (?4 = 2 AND assignee_id IS NULL)"                      \
    " OR (?4 = 3 AND assignee_id IS NOT NULL)) AND (?6 IS NULL OR contact_id = ?6)"                          \
    " AND (?7 IS NULL OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id"        \
    " AND m.body LIKE ?7 ESCAPE '\\')) AND (?8 IS NULL OR team_id = ?8)"                                     \
    " AND (?9 IS NULL OR EXISTS (SELECT 1 FROM conversation_labels l WHERE l.conversation_id ="              \
    " conversations.id AND l.title IN (SELECT value FROM json_each(?9))))"
#define LIST_ORDERED(order)                                                                                  \
    {                                                                                                        \
        SELECT_CONVERSATION "WHERE status = ?3 AND " LIST_FILTER " ORDER BY " order " LIMIT ?10 OFFSET ?11", \
            SELECT_CONVERSATION "WHERE ?3 IS NULL AND " LIST_FILTER " ORDER BY " order                       \
                                " LIMIT ?10 OFFSET ?11"                                                      \
    }

struct ListSql {
    const char *withStatus;
    const char *ofAny;
};

ListSql listSql(ConversationOrder order)
{
    switch (order) {
    case ConversationOrder::LastActivityDescending:
        return LIST_ORDERED("last_activity_at DESC, id DESC");
    case ConversationOrder::LastActivityAscending:
        return LIST_ORDERED("last_activity_at, id");
    case ConversationOrder::CreatedDescending:
        return LIST_ORDERED("created_at DESC, id DESC");
    case ConversationOrder::CreatedAscending:
        return LIST_ORDERED("created_at, id");
    case ConversationOrder::PriorityDescending:
        return LIST_ORDERED("priority DESC, last_activity_at DESC, id DESC");
    case ConversationOrder::PriorityAscending:
        return LIST_ORDERED("priority, last_activity_at DESC, id DESC");
    case ConversationOrder::WaitingSinceAscending:
        return LIST_ORDERED("waiting_since IS NULL, waiting_since, id");
    case ConversationOrder::WaitingSinceDescending:
        return LIST_ORDERED("waiting_since IS NULL, waiting_since DESC, id DESC");
    }
    return LIST_ORDERED("last_activity_at DESC, id DESC");
}

std::vector<std::string> titlesFrom(const std::string &text)
{
    const auto json = base::parseJson(text);
    return json && json->is_array() ? json->get<std::vector<std::string>>() : std::vector<std::string>{};
}

ConversationRow fromRow(const storage::Row &row)
{
    ConversationRow r;
    auto &c = r.conversation;
    r.number = row.integer(0);
    c.id = {row.uuid(1)};
    r.account = row.integer(2);
    c.number = row.integer(3);
    r.inbox = row.integer(4);
    c.inbox = {row.uuid(5)};
    r.contact = row.integer(6);
    c.contact = {row.uuid(7)};
    r.contactInbox = row.integer(8);
    r.assignee = row.maybeInteger(9);
    if (const auto assignee = row.maybeUuid(10))
        c.assignee = domain::UserId{*assignee};
    c.status = static_cast<domain::ConversationStatus>(row.integer(11));
    c.priority = static_cast<domain::Priority>(row.integer(12));
    c.snoozedUntil = row.maybeTime(13);
    c.lastN = row.integer(14);
    c.customerN = row.integer(15);
    c.agentN = row.integer(16);
    c.agentReadN = row.integer(17);
    c.preview = row.text(18);
    c.previewBy = row.text(19);
    c.createdAt = row.time(20);
    c.lastActivityAt = row.time(21);
    c.waitingSince = row.maybeTime(22);
    r.firstReplyAt = row.maybeTime(23);
    r.agentSeenAt = row.maybeTime(24);
    r.assigneeSeenAt = row.maybeTime(25);
    r.contactSeenAt = row.maybeTime(26);
    r.additionalAttributes = row.text(27);
    r.customAttributes = row.text(28);
    r.updatedAt = row.time(29);
    r.team = row.maybeInteger(30);
    if (const auto team = row.maybeUuid(31))
        c.team = domain::TeamId{*team};
    c.labels = titlesFrom(row.text(32));
    c.customerAt = row.maybeTime(33);
    r.campaign = row.maybeInteger(34);
    return r;
}

std::optional<ConversationRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<ConversationRow> several(const std::vector<storage::Row> &rows)
{
    std::vector<ConversationRow> found;
    found.reserve(rows.size());
    for (const auto &row : rows)
        found.push_back(fromRow(row));
    return found;
}

std::int64_t toLimit(std::size_t limit)
{
    return static_cast<std::int64_t>(limit);
}

template <class T>
std::string jsonList(const std::vector<T> &items)
{
    return base::toText(base::Json(items));
}

storage::Value titleList(const std::vector<std::string> &titles)
{
    return titles.empty() ? storage::Value{} : storage::Value{jsonList(titles)};
}

storage::Value likePattern(const std::string &text)
{
    if (text.empty())
        return {};
    std::string pattern{"%"};
    for (const auto c : text) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

storage::Value statusValue(const std::optional<domain::ConversationStatus> &status)
{
    return status ? storage::Value{static_cast<int>(*status)} : storage::Value{};
}

} // namespace

std::vector<storage::Migration> ConversationStore::migrations()
{
    return {{50, "conversations", R"(
        CREATE TABLE conversation_counters (
            account_id   INTEGER PRIMARY KEY REFERENCES accounts (id),
            last_display INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE conversations (
            id                    INTEGER PRIMARY KEY,
            uuid                  BLOB NOT NULL UNIQUE,
            account_id            INTEGER NOT NULL REFERENCES accounts (id),
            display_id            INTEGER NOT NULL,
            inbox_id              INTEGER NOT NULL REFERENCES inboxes (id),
            inbox_uuid            BLOB NOT NULL,
            contact_id            INTEGER NOT NULL REFERENCES contacts (id),
            contact_uuid          BLOB NOT NULL,
            contact_inbox_id      INTEGER NOT NULL REFERENCES contact_inboxes (id),
            assignee_id           INTEGER REFERENCES users (id),
            assignee_uuid         BLOB,
            status                INTEGER NOT NULL,
            priority              INTEGER NOT NULL,
            snoozed_until         INTEGER,
            last_n                INTEGER NOT NULL,
            customer_n            INTEGER NOT NULL,
            agent_n               INTEGER NOT NULL,
            agent_read_n          INTEGER NOT NULL,
            preview               TEXT NOT NULL,
            preview_by            TEXT NOT NULL,
            created_at            INTEGER NOT NULL,
            last_activity_at      INTEGER NOT NULL,
            waiting_since         INTEGER,
            first_reply_at        INTEGER,
            agent_seen_at         INTEGER,
            assignee_seen_at      INTEGER,
            contact_seen_at       INTEGER,
            additional_attributes TEXT NOT NULL,
            custom_attributes     TEXT NOT NULL,
            updated_at            INTEGER NOT NULL,
            UNIQUE (account_id, display_id)
        ) STRICT;
        CREATE INDEX conversations_inbox ON conversations (inbox_id, status, last_activity_at DESC, id DESC, uuid);
        CREATE INDEX conversations_account
            ON conversations (account_id, status, last_activity_at DESC, id DESC, inbox_id, assignee_id);
        CREATE INDEX conversations_assignee ON conversations (assignee_id, account_id) WHERE assignee_id IS NOT NULL;
        CREATE INDEX conversations_contact ON conversations (contact_id);
        CREATE INDEX conversations_contact_inbox ON conversations (contact_inbox_id);
        CREATE INDEX conversations_snoozed ON conversations (snoozed_until, account_id) WHERE snoozed_until IS NOT NULL;
    )"},
            {51, "read states", R"(
        CREATE TABLE creads (
            id                INTEGER PRIMARY KEY,
            uuid              BLOB NOT NULL UNIQUE,
            account_id        INTEGER NOT NULL,
            user_id           INTEGER NOT NULL REFERENCES users (id),
            conversation_id   INTEGER NOT NULL REFERENCES conversations (id),
            conversation_uuid BLOB NOT NULL,
            read_n            INTEGER NOT NULL,
            UNIQUE (user_id, conversation_id)
        ) STRICT;
        CREATE INDEX creads_conversation ON creads (conversation_id);
    )"},
            {57, "teams and labels of conversations", R"(
        ALTER TABLE conversations ADD COLUMN team_id INTEGER REFERENCES teams (id);
        ALTER TABLE conversations ADD COLUMN team_uuid BLOB;
        ALTER TABLE conversations ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
        CREATE INDEX conversations_team ON conversations (team_id, account_id) WHERE team_id IS NOT NULL;
        CREATE TABLE conversation_labels (
            account_id      INTEGER NOT NULL,
            title           TEXT NOT NULL,
            conversation_id INTEGER NOT NULL REFERENCES conversations (id),
            PRIMARY KEY (account_id, title, conversation_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX conversation_labels_conversation ON conversation_labels (conversation_id, title);
    )"},
            {58, "when customers wrote, and to which campaign", R"(
        ALTER TABLE conversations ADD COLUMN customer_at INTEGER;
        ALTER TABLE conversations ADD COLUMN campaign_id INTEGER;
        UPDATE conversations
           SET customer_at = (SELECT m.at FROM messages m
                               WHERE m.conversation_id = conversations.id AND m.n = conversations.customer_n)
         WHERE customer_n > 0;
    )"}};
}

std::optional<ConversationRow> ConversationStore::find(sync::AccountNumber account,
                                                       const base::Uuid &id) const
{
    return maybe(m_tx.one(SELECT_CONVERSATION "WHERE uuid = ? AND account_id = ?", {id, account}));
}

std::optional<ConversationRow> ConversationStore::anywhere(const base::Uuid &id) const
{
    return maybe(m_tx.one(SELECT_CONVERSATION "WHERE uuid = ?", {id}));
}

std::optional<ConversationRow> ConversationStore::byDisplay(sync::AccountNumber account,
                                                            std::int64_t display) const
{
    return maybe(m_tx.one(SELECT_CONVERSATION "WHERE account_id = ? AND display_id = ?", {account, display}));
}

std::vector<ConversationRow> ConversationStore::ofContact(sync::AccountNumber account, std::int64_t contact,
                                                          std::size_t limit) const
{
    return several(m_tx.all(SELECT_CONVERSATION
                            "WHERE contact_id = ? AND account_id = ? ORDER BY id DESC LIMIT ?",
                            {contact, account, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::ofContactInbox(std::int64_t contactInbox,
                                                               std::size_t limit) const
{
    return several(m_tx.all(SELECT_CONVERSATION "WHERE contact_inbox_id = ? ORDER BY id DESC LIMIT ?",
                            {contactInbox, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::list(sync::AccountNumber account,
                                                     const ConversationFilter &filter,
                                                     ConversationOrder order, std::int64_t offset,
                                                     std::int64_t limit) const
{
    const auto sql = listSql(order);
    return several(
        m_tx.all(filter.status ? sql.withStatus : sql.ofAny,
                 {account, jsonList(filter.inboxes), statusValue(filter.status),
                  static_cast<int>(filter.assignee), filter.assigneeNumber, filter.contact,
                  likePattern(filter.text), filter.team, titleList(filter.labels), limit, offset}));
}

ConversationCounts ConversationStore::counts(sync::AccountNumber account,
                                             const ConversationFilter &filter) const
{
    constexpr const char *withStatus =
        "SELECT count(*), count(assignee_id), coalesce(sum(assignee_id = ?5), 0) FROM conversations"
        " WHERE status = ?3 AND " LIST_FILTER;
    constexpr const char *ofAny =
        "SELECT count(*), count(assignee_id), coalesce(sum(assignee_id = ?5), 0) FROM conversations"
        " WHERE ?3 IS NULL AND " LIST_FILTER;
    const auto row =
        m_tx.one(filter.status ? withStatus : ofAny,
                 {account, jsonList(filter.inboxes), statusValue(filter.status), 0, filter.assigneeNumber,
                  filter.contact, likePattern(filter.text), filter.team, titleList(filter.labels)});
    ConversationCounts counts;
    counts.all = row->integer(0);
    counts.assigned = row->integer(1);
    counts.unassigned = counts.all - counts.assigned;
    counts.mine = row->integer(2);
    return counts;
}

std::vector<base::Uuid> ConversationStore::page(std::int64_t inbox, ConversationPlace &place,
                                                std::size_t limit) const
{
    std::vector<base::Uuid> ids;
    while (place.status < statuses && ids.size() < limit) {
        const auto rows =
            m_tx.all(R"(
            SELECT uuid, last_activity_at, id
              FROM conversations
             WHERE inbox_id = ? AND status = ? AND (last_activity_at, id) < (?, ?)
             ORDER BY last_activity_at DESC, id DESC
             LIMIT ?)",
                     {inbox, place.status, place.lastActivity, place.number, toLimit(limit - ids.size())});
        for (const auto &row : rows)
            ids.push_back(row.uuid(0));
        if (ids.size() == limit)
            place = {place.status, rows.back().integer(1), rows.back().integer(2)};
        else
            place = {place.status + 1, INT64_MAX, INT64_MAX};
    }
    return ids;
}

std::int64_t ConversationStore::countOf(std::int64_t inbox) const
{
    return m_tx.one("SELECT count(*) FROM conversations WHERE inbox_id = ?", {inbox})->integer(0);
}

std::vector<sync::AccountNumber> ConversationStore::accountsWithDueSnoozes(base::Timestamp now) const
{
    std::vector<sync::AccountNumber> accounts;
    for (const auto &row :
         m_tx.all("SELECT DISTINCT account_id FROM conversations WHERE snoozed_until <= ?", {now}))
        accounts.push_back(row.integer(0));
    return accounts;
}

std::vector<ConversationRow> ConversationStore::dueSnoozes(sync::AccountNumber account, base::Timestamp now,
                                                           std::size_t limit) const
{
    return several(m_tx.all(SELECT_CONVERSATION
                            "WHERE snoozed_until <= ? AND +account_id = ? ORDER BY snoozed_until LIMIT ?",
                            {now, account, toLimit(limit)}));
}

std::optional<base::Timestamp> ConversationStore::nextSnooze() const
{
    const auto row = m_tx.one("SELECT snoozed_until FROM conversations WHERE snoozed_until IS NOT NULL "
                              "ORDER BY snoozed_until LIMIT 1");
    return row ? row->maybeTime(0) : std::nullopt;
}

std::vector<ConversationRow> ConversationStore::assignedTo(sync::AccountNumber account, std::int64_t user,
                                                           std::size_t limit) const
{
    return several(m_tx.all(SELECT_CONVERSATION "WHERE assignee_id = ? AND account_id = ? LIMIT ?",
                            {user, account, toLimit(limit)}));
}

void ConversationStore::insert(ConversationRow &row)
{
    auto &c = row.conversation;
    c.number = m_tx.one(R"(
        INSERT INTO conversation_counters (account_id, last_display) VALUES (?, 1)
        ON CONFLICT (account_id) DO UPDATE SET last_display = last_display + 1
        RETURNING last_display)",
                        {row.account})
                   ->integer(0);
    m_tx.run(R"(
        INSERT INTO conversations (uuid, account_id, display_id, inbox_id, inbox_uuid, contact_id, contact_uuid,
                                   contact_inbox_id, assignee_id, assignee_uuid, status, priority, snoozed_until,
                                   last_n, customer_n, agent_n, agent_read_n, preview, preview_by, created_at,
                                   last_activity_at, waiting_since, first_reply_at, additional_attributes,
                                   custom_attributes, updated_at, team_id, team_uuid, customer_at, campaign_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {c.id,
              row.account,
              c.number,
              row.inbox,
              c.inbox,
              row.contact,
              c.contact,
              row.contactInbox,
              row.assignee,
              c.assignee,
              static_cast<int>(c.status),
              static_cast<int>(c.priority),
              c.snoozedUntil,
              c.lastN,
              c.customerN,
              c.agentN,
              c.agentReadN,
              c.preview,
              c.previewBy,
              c.createdAt,
              c.lastActivityAt,
              c.waitingSince,
              row.firstReplyAt,
              row.additionalAttributes,
              row.customAttributes,
              row.updatedAt,
              row.team,
              c.team,
              c.customerAt,
              row.campaign});
    row.number = m_tx.lastInsertId();
    if (!c.labels.empty())
        setLabels(row);
}

void ConversationStore::remove(std::int64_t conversation)
{
    m_tx.run("DELETE FROM creads WHERE conversation_id = ?", {conversation});
    m_tx.run("DELETE FROM conversation_labels WHERE conversation_id = ?", {conversation});
    m_tx.run("DELETE FROM conversations WHERE id = ?", {conversation});
}

void ConversationStore::update(const ConversationRow &row)
{
    const auto &c = row.conversation;
    m_tx.run(R"(
        UPDATE conversations
           SET assignee_id = ?, assignee_uuid = ?, status = ?, priority = ?, snoozed_until = ?, last_n = ?,
               customer_n = ?, agent_n = ?, agent_read_n = ?, preview = ?, preview_by = ?, last_activity_at = ?,
               waiting_since = ?, first_reply_at = ?, contact_seen_at = ?, additional_attributes = ?,
               custom_attributes = ?, updated_at = ?, team_id = ?, team_uuid = ?, customer_at = ?
         WHERE id = ?)",
             {row.assignee,
              c.assignee,
              static_cast<int>(c.status),
              static_cast<int>(c.priority),
              c.snoozedUntil,
              c.lastN,
              c.customerN,
              c.agentN,
              c.agentReadN,
              c.preview,
              c.previewBy,
              c.lastActivityAt,
              c.waitingSince,
              row.firstReplyAt,
              row.contactSeenAt,
              row.additionalAttributes,
              row.customAttributes,
              row.updatedAt,
              row.team,
              c.team,
              c.customerAt,
              row.number});
}

void ConversationStore::moveContact(std::int64_t conversation, std::int64_t contact, const base::Uuid &id,
                                    base::Timestamp now)
{
    m_tx.run("UPDATE conversations SET contact_id = ?, contact_uuid = ?, updated_at = ? WHERE id = ?",
             {contact, id, now, conversation});
}

void ConversationStore::setLabels(const ConversationRow &row)
{
    const auto titles = jsonList(row.conversation.labels);
    m_tx.run("UPDATE conversations SET labels = ?, updated_at = ? WHERE id = ?",
             {titles, row.updatedAt, row.number});
    m_tx.run("DELETE FROM conversation_labels WHERE conversation_id = ?", {row.number});
    m_tx.run("INSERT INTO conversation_labels (account_id, title, conversation_id)"
             " SELECT ?, value, ? FROM json_each(?)",
             {row.account, row.number, titles});
}

std::vector<ConversationRow> ConversationStore::labelled(sync::AccountNumber account,
                                                         const std::string &title, std::size_t limit) const
{
    return several(m_tx.all(SELECT_CONVERSATION "WHERE id IN (SELECT conversation_id FROM conversation_labels"
                                                " WHERE account_id = ? AND title = ? LIMIT ?)",
                            {account, title, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::ofTeam(sync::AccountNumber account, std::int64_t team,
                                                       std::size_t limit) const
{
    return several(m_tx.all(SELECT_CONVERSATION "WHERE team_id = ? AND account_id = ? LIMIT ?",
                            {team, account, toLimit(limit)}));
}

void ConversationStore::noteSeen(std::int64_t conversation, bool assignee, base::Timestamp now)
{
    m_tx.run(R"(
        UPDATE conversations
           SET agent_seen_at = ?2, assignee_seen_at = CASE WHEN ?3 THEN ?2 ELSE assignee_seen_at END
         WHERE id = ?1)",
             {conversation, now, assignee});
}

std::int64_t ConversationStore::readN(std::int64_t conversation, std::int64_t user) const
{
    const auto row =
        m_tx.one("SELECT read_n FROM creads WHERE user_id = ? AND conversation_id = ?", {user, conversation});
    return row ? row->integer(0) : 0;
}

base::Uuid ConversationStore::setReadN(const ConversationRow &row, std::int64_t user, std::int64_t readN,
                                       const base::Uuid &freshId)
{
    return m_tx
        .one(R"(
        INSERT INTO creads (uuid, account_id, user_id, conversation_id, conversation_uuid, read_n)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (user_id, conversation_id) DO UPDATE SET read_n = excluded.read_n
        RETURNING uuid)",
             {freshId, row.account, user, row.number, row.conversation.id, readN})
        ->uuid(0);
}

std::optional<domain::ReadState> ConversationStore::readState(sync::AccountNumber account,
                                                              const base::Uuid &id) const
{
    const auto row = m_tx.one(
        "SELECT conversation_uuid, read_n FROM creads WHERE uuid = ? AND account_id = ?", {id, account});
    if (!row)
        return std::nullopt;
    return domain::ReadState{{row->uuid(0)}, row->integer(1)};
}

} // namespace server::conversations
