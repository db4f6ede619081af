#include "server/features/conversations/out_queue_store.h"

namespace server::conversations {

namespace {

#define SELECT_QUEUED                                                                                        \
    "SELECT id, message, account_id, inbox_id, conversation_id, not_before, lease_until, attempt, "          \
    "undoable, "                                                                                             \
    "waiting_since, first_reply FROM out_queue AS q "

// A message that was kept for later counts as waiting as well: what was written after it goes after it.
#define IS_DUE                                                                                               \
    "not_before <= ?1 AND (lease_until IS NULL OR lease_until <= ?1) AND NOT EXISTS "                        \
    "(SELECT 1 FROM out_queue AS older WHERE older.conversation_id = q.conversation_id AND older.id < "      \
    "q.id) "

QueuedReply fromRow(const storage::Row &row)
{
    QueuedReply reply;
    reply.number = row.integer(0);
    reply.message = row.uuid(1);
    reply.account = row.integer(2);
    reply.inbox = row.integer(3);
    reply.conversation = row.integer(4);
    reply.notBefore = row.time(5);
    if (const auto until = row.maybeInteger(6))
        reply.leaseUntil = base::fromMs(*until);
    reply.attempt = static_cast<int>(row.integer(7));
    reply.undoable = row.flag(8);
    if (const auto since = row.maybeInteger(9))
        reply.waitingSince = base::fromMs(*since);
    reply.isFirstReply = row.flag(10);
    return reply;
}

} // namespace

std::vector<storage::Migration> OutQueueStore::migrations()
{
    return {{54, "outgoing queue", R"(
        CREATE TABLE out_queue (
            id              INTEGER PRIMARY KEY AUTOINCREMENT,
            message         BLOB NOT NULL UNIQUE,
            account_id      INTEGER NOT NULL,
            inbox_id        INTEGER NOT NULL,
            conversation_id INTEGER NOT NULL,
            not_before      INTEGER NOT NULL,
            lease_until     INTEGER,
            attempt         INTEGER NOT NULL,
            undoable        INTEGER NOT NULL,
            waiting_since   INTEGER,
            first_reply     INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX out_queue_due ON out_queue (not_before);
        CREATE INDEX out_queue_conversation ON out_queue (conversation_id, id);
    )"}};
}

std::optional<QueuedReply> OutQueueStore::find(const base::Uuid &message) const
{
    const auto row = m_tx.one(SELECT_QUEUED "WHERE message = ?", {message});
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

void OutQueueStore::insert(const QueuedReply &reply)
{
    m_tx.run("INSERT INTO out_queue (message, account_id, inbox_id, conversation_id, not_before, lease_until,"
             " attempt, undoable, waiting_since, first_reply) VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?)",
             {reply.message, reply.account, reply.inbox, reply.conversation, reply.notBefore, reply.attempt,
              reply.undoable, reply.waitingSince, reply.isFirstReply});
}

void OutQueueStore::remove(const base::Uuid &message)
{
    m_tx.run("DELETE FROM out_queue WHERE message = ?", {message});
}

void OutQueueStore::lease(const base::Uuid &message, base::Timestamp until)
{
    m_tx.run("UPDATE out_queue SET lease_until = ?, attempt = attempt + 1, undoable = 0 WHERE message = ?",
             {until, message});
}

void OutQueueStore::postpone(const base::Uuid &message, base::Timestamp notBefore)
{
    m_tx.run("UPDATE out_queue SET lease_until = NULL, not_before = ? WHERE message = ?",
             {notBefore, message});
}

std::vector<sync::AccountNumber> OutQueueStore::dueAccounts(base::Timestamp now) const
{
    std::vector<sync::AccountNumber> accounts;
    for (const auto &row : m_tx.all("SELECT DISTINCT account_id FROM out_queue AS q WHERE " IS_DUE, {now}))
        accounts.push_back(row.integer(0));
    return accounts;
}

std::vector<QueuedReply> OutQueueStore::due(sync::AccountNumber account, base::Timestamp now,
                                            std::size_t limit) const
{
    std::vector<QueuedReply> found;
    for (const auto &row : m_tx.all(SELECT_QUEUED "WHERE account_id = ?2 AND " IS_DUE "ORDER BY id LIMIT ?3",
                                    {now, account, static_cast<std::int64_t>(limit)}))
        found.push_back(fromRow(row));
    return found;
}

} // namespace server::conversations
