#include "server/features/conversations/message_store.h"

#include "server/features/attachments/attachment_store.h"

#include <algorithm>

namespace server::conversations {

namespace {

// Enumerators are stored by number.
static_assert(static_cast<int>(domain::MessageKind::Public) == 0 &&
              static_cast<int>(domain::MessageKind::Note) == 1 &&
              static_cast<int>(domain::MessageKind::Activity) == 2);
static_assert(static_cast<int>(domain::MessageDirection::Incoming) == 0 &&
              static_cast<int>(domain::MessageDirection::Outgoing) == 1);

#define SELECT_MESSAGE                                                                                       \
    "SELECT id, uuid, account_id, inbox_id, conversation_id, conversation_uuid, n, kind, direction, "        \
    "user_id, "                                                                                              \
    "contact_id, author, body, files, at, echo_id, source_id, content_type, content_attributes, updated_at " \
    "FROM messages "

// It does not wait in the outgoing queue, so the customer may see it.
#define WENT_OUT "uuid NOT IN (SELECT message FROM out_queue) "

constexpr std::size_t filesColumn = 13;

MessageRow fromRow(const storage::Row &row)
{
    MessageRow r;
    auto &m = r.message;
    r.number = row.integer(0);
    m.id = {row.uuid(1)};
    r.account = row.integer(2);
    r.inbox = row.integer(3);
    r.conversation = row.integer(4);
    m.conversation = {row.uuid(5)};
    m.n = row.integer(6);
    m.kind = static_cast<domain::MessageKind>(row.integer(7));
    m.direction = static_cast<domain::MessageDirection>(row.integer(8));
    r.userNumber = row.maybeInteger(9);
    r.contactNumber = row.maybeInteger(10);
    if (const auto author = row.maybeUuid(11)) {
        if (r.userNumber)
            m.author.user = domain::UserId{*author};
        else
            m.author.contact = domain::ContactId{*author};
    }
    m.body = row.text(12);
    m.at = row.time(14);
    r.echoId = row.maybeText(15).value_or("");
    r.sourceId = row.maybeText(16).value_or("");
    r.contentType = row.maybeText(17).value_or("text");
    r.contentAttributes = row.maybeText(18).value_or("{}");
    r.updatedAt = row.time(19);
    return r;
}

storage::Value unless(const std::string &text, std::string_view usual)
{
    return text == usual ? storage::Value{} : storage::Value{text};
}

constexpr std::int64_t noBound = INT64_MAX;

// Where the message with that id stands in conversation ?1, or would stand: ids tell when a message was
// written, numbers its place, and a reply that went out late stands further down.
#define PLACE_OF(id)                                                                                         \
    "coalesce((SELECT n FROM messages WHERE id = " id " AND conversation_id = ?1),"                          \
    " (SELECT max(n) FROM messages WHERE conversation_id = ?1 AND id < " id ") + 0.5, 0.5) "
#define BEFORE_2 "(?2 = 9223372036854775807 OR n < " PLACE_OF("?2") ") "

} // namespace

std::vector<storage::Migration> MessageStore::migrations()
{
    return {{52, "messages", R"(
        CREATE TABLE messages (
            id                 INTEGER PRIMARY KEY,
            uuid               BLOB NOT NULL UNIQUE,
            account_id         INTEGER NOT NULL,
            inbox_id           INTEGER NOT NULL,
            conversation_id    INTEGER NOT NULL REFERENCES conversations (id),
            conversation_uuid  BLOB NOT NULL,
            n                  INTEGER NOT NULL,
            kind               INTEGER NOT NULL,
            direction          INTEGER NOT NULL,
            user_id            INTEGER REFERENCES users (id),
            contact_id         INTEGER REFERENCES contacts (id),
            author             BLOB,
            body               TEXT NOT NULL,
            files              INTEGER NOT NULL,
            at                 INTEGER NOT NULL,
            echo_id            TEXT,
            source_id          TEXT,
            content_type       TEXT,
            content_attributes TEXT,
            updated_at         INTEGER NOT NULL,
            UNIQUE (conversation_id, n)
        ) STRICT;
        CREATE TABLE message_states (
            message         BLOB PRIMARY KEY,
            conversation_id INTEGER NOT NULL REFERENCES conversations (id),
            n               INTEGER NOT NULL,
            state           TEXT NOT NULL,
            at              INTEGER NOT NULL,
            code            TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX message_states_conversation ON message_states (conversation_id, n);
    )"}};
}

MessageRow MessageStore::complete(MessageRow row, bool hasFiles) const
{
    if (hasFiles)
        for (auto &stored : attachments::AttachmentStore{m_tx}.ofMessage(row.message.id.value))
            row.message.attachments.push_back(std::move(stored.file));
    return row;
}

std::optional<MessageRow> MessageStore::one(const std::optional<storage::Row> &row) const
{
    return row ? std::optional{complete(fromRow(*row), row->flag(filesColumn))} : std::nullopt;
}

std::vector<MessageRow> MessageStore::oldestFirst(const std::vector<storage::Row> &newestFirst) const
{
    std::vector<MessageRow> found;
    found.reserve(newestFirst.size());
    for (auto row = newestFirst.rbegin(); row != newestFirst.rend(); ++row)
        found.push_back(complete(fromRow(*row), row->flag(filesColumn)));
    return found;
}

std::optional<MessageRow> MessageStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE uuid = ? AND account_id = ?", {id, account}));
}

std::optional<MessageRow> MessageStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE id = ? AND account_id = ?", {number, account}));
}

std::vector<MessageRow> MessageStore::range(std::int64_t conversation, const MessageRange &range) const
{
    const auto limit = static_cast<std::int64_t>(range.limit);
    const auto before = range.before.value_or(noBound);
    if (!range.after)
        return oldestFirst(m_tx.all(SELECT_MESSAGE "WHERE conversation_id = ?1 AND " BEFORE_2
                                                   "ORDER BY n DESC LIMIT ?3",
                                    {conversation, before, limit}));
    auto rows = m_tx.all(SELECT_MESSAGE "WHERE conversation_id = ?1 AND " BEFORE_2
                                        "AND n > " PLACE_OF("?4") "ORDER BY n LIMIT ?3",
                         {conversation, before, limit, *range.after});
    std::reverse(rows.begin(), rows.end());
    return oldestFirst(rows);
}

std::vector<MessageRow> MessageStore::newest(std::int64_t conversation, std::int64_t before,
                                             std::int64_t after, std::size_t limit) const
{
    return oldestFirst(
        m_tx.all(SELECT_MESSAGE "WHERE conversation_id = ? AND n < ? AND n > ? ORDER BY n DESC LIMIT ?",
                 {conversation, before == 0 ? noBound : before, after, static_cast<std::int64_t>(limit)}));
}

std::size_t MessageStore::countSince(std::int64_t conversation, base::Timestamp since,
                                     std::size_t limit) const
{
    // Numbers grow with time: the newest are looked at, and only so many.
    return static_cast<std::size_t>(
        m_tx.one("SELECT count(*) FROM (SELECT at FROM messages WHERE conversation_id = ?"
                 " ORDER BY n DESC LIMIT ?) WHERE at >= ?",
                 {conversation, static_cast<std::int64_t>(limit), since})
            ->integer(0));
}

std::set<base::Uuid> MessageStore::below(std::int64_t conversation, std::int64_t n) const
{
    std::set<base::Uuid> ids;
    m_tx.each("SELECT uuid FROM messages WHERE conversation_id = ? AND n < ?", {conversation, n},
              [&ids](const storage::Row &row) {
                  ids.insert(row.uuid(0));
                  return true;
              });
    return ids;
}

std::vector<MessageRow> MessageStore::newestPublic(std::int64_t conversation, std::int64_t after,
                                                   std::size_t limit) const
{
    return oldestFirst(m_tx.all(SELECT_MESSAGE
                                "WHERE conversation_id = ? AND n > ? AND kind = 0 AND " WENT_OUT
                                "ORDER BY n DESC LIMIT ?",
                                {conversation, after, static_cast<std::int64_t>(limit)}));
}

std::optional<MessageRow> MessageStore::lastSpoken(std::int64_t conversation) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE conversation_id = ? AND kind <> 2 ORDER BY n DESC LIMIT 1",
                        {conversation}));
}

std::int64_t MessageStore::countIncoming(std::int64_t conversation, std::int64_t after) const
{
    return m_tx
        .one("SELECT count(*) FROM messages WHERE conversation_id = ? AND n > ? AND direction = 0 AND kind = "
             "0",
             {conversation, after})
        ->integer(0);
}

std::optional<MessageRow> MessageStore::newestReplyByOther(std::int64_t conversation, std::int64_t after,
                                                           std::int64_t user) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE conversation_id = ? AND n > ? AND kind = 0 AND direction = 1"
                                       " AND user_id IS NOT NULL AND user_id <> ? ORDER BY n DESC LIMIT 1",
                        {conversation, after, user}));
}

std::optional<MessageRow> MessageStore::newestIncoming(std::int64_t conversation, std::int64_t after) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE conversation_id = ? AND n > ? AND kind = 0 AND direction = 0"
                                       " ORDER BY n DESC LIMIT 1",
                        {conversation, after}));
}

std::optional<MessageRow> MessageStore::oldestIncoming(std::int64_t conversation, std::int64_t after) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE conversation_id = ? AND n > ? AND kind = 0 AND direction = 0"
                                       " ORDER BY n LIMIT 1",
                        {conversation, after}));
}

std::optional<MessageRow> MessageStore::newestReply(std::int64_t conversation) const
{
    return one(m_tx.one(SELECT_MESSAGE "WHERE conversation_id = ? AND kind = 0 AND direction = 1"
                                       " ORDER BY n DESC LIMIT 1",
                        {conversation}));
}

std::vector<base::Uuid> MessageStore::replies(std::int64_t conversation, std::int64_t after, std::int64_t to,
                                              std::size_t limit) const
{
    std::vector<base::Uuid> ids;
    for (const auto &row : m_tx.all(R"(
            SELECT uuid FROM messages
             WHERE conversation_id = ? AND n > ? AND n <= ? AND direction = 1 AND kind = 0
               AND uuid NOT IN (SELECT message FROM out_queue)
             ORDER BY n DESC
             LIMIT ?)",
                                    {conversation, after, to, static_cast<std::int64_t>(limit)}))
        ids.push_back(row.uuid(0));
    return ids;
}

void MessageStore::rewrite(const MessageRow &row)
{
    m_tx.run("UPDATE messages SET body = ?, files = 0, content_attributes = ?, updated_at = ? WHERE id = ?",
             {row.message.body, row.contentAttributes, row.updatedAt, row.number});
}

std::vector<MessageRow> MessageStore::publicBefore(std::int64_t conversation, std::int64_t before,
                                                   std::size_t limit) const
{
    return oldestFirst(
        m_tx.all(SELECT_MESSAGE "WHERE conversation_id = ? AND n < ? AND kind = 0 AND " WENT_OUT
                                "ORDER BY n DESC LIMIT ?",
                 {conversation, before == 0 ? noBound : before, static_cast<std::int64_t>(limit)}));
}

std::optional<MessageRow> MessageStore::newestOf(std::int64_t conversation,
                                                 std::string_view contentType) const
{
    return one(m_tx.one(SELECT_MESSAGE
                        "WHERE conversation_id = ? AND content_type = ? ORDER BY n DESC LIMIT 1",
                        {conversation, contentType}));
}

void MessageStore::putAttributes(const MessageRow &row)
{
    m_tx.run("UPDATE messages SET content_attributes = ?, updated_at = ? WHERE id = ?",
             {row.contentAttributes, row.updatedAt, row.number});
}

std::vector<base::Uuid> MessageStore::moveAuthor(std::int64_t conversation, std::int64_t from,
                                                 std::int64_t to, const base::Uuid &id)
{
    std::vector<base::Uuid> moved;
    for (const auto &row : m_tx.all("SELECT uuid FROM messages WHERE conversation_id = ? AND contact_id = ?",
                                    {conversation, from}))
        moved.push_back(row.uuid(0));
    m_tx.run("UPDATE messages SET contact_id = ?, author = ? WHERE conversation_id = ? AND contact_id = ?",
             {to, id, conversation, from});
    return moved;
}

bool MessageStore::hasContent(std::int64_t conversation, std::string_view contentType) const
{
    return m_tx
        .one("SELECT 1 FROM messages WHERE conversation_id = ? AND content_type = ? LIMIT 1",
             {conversation, contentType})
        .has_value();
}

bool MessageStore::spokeByItself(std::int64_t conversation, base::Timestamp since) const
{
    return m_tx
        .one("SELECT 1 FROM messages WHERE conversation_id = ? AND kind = 0 AND direction = 1 AND"
             " user_id IS NULL AND at >= ? LIMIT 1",
             {conversation, since})
        .has_value();
}

void MessageStore::remove(const MessageRow &row)
{
    m_tx.run("DELETE FROM message_states WHERE message = ?", {row.message.id});
    m_tx.run("DELETE FROM messages WHERE id = ?", {row.number});
}

void MessageStore::moveTo(const MessageRow &row, std::int64_t n, base::Timestamp at)
{
    m_tx.run("UPDATE messages SET n = ?, at = ?, updated_at = ? WHERE id = ?", {n, at, at, row.number});
    m_tx.run("UPDATE message_states SET n = ? WHERE message = ?", {n, row.message.id});
}

void MessageStore::removeAll(std::int64_t conversation)
{
    m_tx.run("DELETE FROM message_states WHERE conversation_id = ?", {conversation});
    m_tx.run("DELETE FROM messages WHERE conversation_id = ?", {conversation});
}

std::vector<base::Uuid> MessageStore::withFiles(std::int64_t conversation) const
{
    std::vector<base::Uuid> found;
    for (const auto &row :
         m_tx.all("SELECT uuid FROM messages WHERE conversation_id = ? AND files <> 0", {conversation}))
        found.push_back(row.uuid(0));
    return found;
}

void MessageStore::insert(MessageRow &row)
{
    const auto &m = row.message;
    const auto author = m.author.user
                            ? storage::Value{*m.author.user}
                            : (m.author.contact ? storage::Value{*m.author.contact} : storage::Value{});
    m_tx.run(R"(
        INSERT INTO messages (uuid, account_id, inbox_id, conversation_id, conversation_uuid, n, kind, direction,
                              user_id, contact_id, author, body, files, at, echo_id, source_id, content_type,
                              content_attributes, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {m.id, row.account, row.inbox, row.conversation, m.conversation, m.n, static_cast<int>(m.kind),
              static_cast<int>(m.direction), row.userNumber, row.contactNumber, author, m.body,
              static_cast<std::int64_t>(m.attachments.size()), m.at, unless(row.echoId, ""),
              unless(row.sourceId, ""), unless(row.contentType, "text"), unless(row.contentAttributes, "{}"),
              row.updatedAt});
    row.number = m_tx.lastInsertId();
}

std::int64_t MessageStore::countBeforeRestore() const
{
    return m_tx
        .one("SELECT count(*) FROM message_states WHERE state = ?",
             {domain::toText(domain::Delivery::SentBeforeRestore)})
        ->integer(0);
}

std::optional<protocol::MessageState> MessageStore::state(const base::Uuid &message) const
{
    const auto row = m_tx.one("SELECT state, at, code FROM message_states WHERE message = ?", {message});
    if (!row)
        return std::nullopt;
    return protocol::MessageState{{message}, row->text(0), row->time(1), row->text(2)};
}

domain::Delivery MessageStore::delivery(const base::Uuid &message) const
{
    const auto known = state(message);
    const auto delivery = known ? domain::deliveryFromText(known->state) : std::nullopt;
    return delivery.value_or(domain::Delivery::Sent);
}

bool MessageStore::moveState(std::int64_t conversation, const base::Uuid &message, domain::Delivery to,
                             base::Timestamp at, const std::string &code)
{
    if (!domain::mayMove(delivery(message), to))
        return false;
    putState(conversation, message, to, at, code);
    return true;
}

void MessageStore::putState(std::int64_t conversation, const base::Uuid &message, domain::Delivery to,
                            base::Timestamp at, const std::string &code)
{
    m_tx.run(R"(
        INSERT INTO message_states (message, conversation_id, n, state, at, code)
        VALUES (?1, ?2, (SELECT n FROM messages WHERE uuid = ?1), ?3, ?4, ?5)
        ON CONFLICT (message) DO UPDATE SET state = excluded.state, at = excluded.at, code = excluded.code)",
             {message, conversation, domain::toText(to), at, code});
}

std::vector<base::Uuid> MessageStore::withState(std::int64_t conversation, std::int64_t from,
                                                std::int64_t to) const
{
    std::vector<base::Uuid> ids;
    for (const auto &row :
         m_tx.all("SELECT message FROM message_states WHERE conversation_id = ? AND n BETWEEN ? "
                  "AND ? ORDER BY n",
                  {conversation, from, to}))
        ids.push_back(row.uuid(0));
    return ids;
}

} // namespace server::conversations
