#include "server/features/conversations/conversation_store.h"

#include "server/features/conversations/conversation_columns.h"
#include "shared/base/json.h"

namespace server::conversations {

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
    )"}};
}

std::optional<ConversationRow> ConversationStore::find(sync::AccountNumber account,
                                                       const base::Uuid &id) const
{
    return maybeConversation(
        m_tx.one(SELECT_CONVERSATION "WHERE uuid = ? AND account_id = ?", {id, account}));
}

std::optional<ConversationRow> ConversationStore::anywhere(const base::Uuid &id) const
{
    return maybeConversation(m_tx.one(SELECT_CONVERSATION "WHERE uuid = ?", {id}));
}

std::optional<ConversationRow> ConversationStore::byDisplay(sync::AccountNumber account,
                                                            std::int64_t display) const
{
    return maybeConversation(
        m_tx.one(SELECT_CONVERSATION "WHERE account_id = ? AND display_id = ?", {account, display}));
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
                                   custom_attributes, updated_at, team_id, team_uuid)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
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
              c.team});
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
               custom_attributes = ?, updated_at = ?, team_id = ?, team_uuid = ?
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
    const auto titles = base::toText(base::Json(row.conversation.labels));
    m_tx.run("UPDATE conversations SET labels = ?, updated_at = ? WHERE id = ?",
             {titles, row.updatedAt, row.number});
    m_tx.run("DELETE FROM conversation_labels WHERE conversation_id = ?", {row.number});
    m_tx.run("INSERT INTO conversation_labels (account_id, title, conversation_id)"
             " SELECT ?, value, ? FROM json_each(?)",
             {row.account, row.number, titles});
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
