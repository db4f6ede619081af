#include "server/features/conversations/draft_store.h"

namespace server::conversations {

namespace {

constexpr int mostLost = 5;

static_assert(static_cast<int>(domain::MessageKind::Public) == 0 &&
              static_cast<int>(domain::MessageKind::Note) == 1); // stored by number

} // namespace

std::vector<storage::Migration> DraftStore::migrations()
{
    return {{56, "drafts", R"(
        CREATE TABLE drafts (
            uuid         BLOB PRIMARY KEY,
            account_id   INTEGER NOT NULL,
            user_id      INTEGER NOT NULL REFERENCES users (id),
            conversation BLOB NOT NULL,
            UNIQUE (user_id, conversation)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE draft_texts (
            draft  BLOB NOT NULL REFERENCES drafts (uuid),
            kind   INTEGER NOT NULL,
            body   TEXT NOT NULL,
            at     INTEGER NOT NULL,
            device BLOB NOT NULL,
            PRIMARY KEY (draft, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE lost_drafts (
            id    INTEGER PRIMARY KEY,
            draft BLOB NOT NULL REFERENCES drafts (uuid),
            body  TEXT NOT NULL
        ) STRICT;
        CREATE INDEX lost_drafts_draft ON lost_drafts (draft, id);
        CREATE INDEX drafts_conversation ON drafts (conversation);
    )"}};
}

base::Uuid DraftStore::idOf(sync::AccountNumber account, std::int64_t user, const base::Uuid &conversation,
                            const base::Uuid &freshId)
{
    return m_tx
        .one("INSERT INTO drafts (uuid, account_id, user_id, conversation) VALUES (?, ?, ?, ?)"
             " ON CONFLICT (user_id, conversation) DO UPDATE SET account_id = excluded.account_id"
             " RETURNING uuid",
             {freshId, account, user, conversation})
        ->uuid(0);
}

std::optional<protocol::Draft> DraftStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    const auto row =
        m_tx.one("SELECT conversation FROM drafts WHERE uuid = ? AND account_id = ?", {id, account});
    if (!row)
        return std::nullopt;
    protocol::Draft draft;
    draft.conversation = {row->uuid(0)};
    for (const auto &text : m_tx.all("SELECT kind, body, at FROM draft_texts WHERE draft = ?", {id}))
        (text.integer(0) == 0 ? draft.reply : draft.note) = {text.text(1), text.time(2)};
    for (const auto &lost :
         m_tx.all("SELECT body FROM lost_drafts WHERE draft = ? ORDER BY id DESC LIMIT ?", {id, mostLost}))
        draft.lost.push_back(lost.text(0));
    return draft;
}

void DraftStore::removeOf(const base::Uuid &conversation)
{
    m_tx.run("DELETE FROM draft_texts WHERE draft IN (SELECT uuid FROM drafts WHERE conversation = ?)",
             {conversation});
    m_tx.run("DELETE FROM lost_drafts WHERE draft IN (SELECT uuid FROM drafts WHERE conversation = ?)",
             {conversation});
    m_tx.run("DELETE FROM drafts WHERE conversation = ?", {conversation});
}

void DraftStore::put(const base::Uuid &id, const DraftText &text)
{
    const auto kind = static_cast<int>(text.kind);
    const auto before =
        m_tx.one("SELECT body, device FROM draft_texts WHERE draft = ? AND kind = ?", {id, kind});
    // A device that goes on from the words of another carries them along.
    if (before && before->uuid(1) != text.device && !before->text(0).empty() && !text.body.empty() &&
        text.body.find(before->text(0)) == std::string::npos) {
        m_tx.run("INSERT INTO lost_drafts (draft, body) VALUES (?, ?)", {id, before->text(0)});
        m_tx.run("DELETE FROM lost_drafts WHERE draft = ?1 AND id NOT IN (SELECT id FROM lost_drafts"
                 " WHERE draft = ?1 ORDER BY id DESC LIMIT ?2)",
                 {id, mostLost});
    }
    m_tx.run("INSERT INTO draft_texts (draft, kind, body, at, device) VALUES (?, ?, ?, ?, ?)"
             " ON CONFLICT (draft, kind) DO UPDATE SET body = excluded.body, at = excluded.at,"
             " device = excluded.device",
             {id, kind, text.body, text.at, text.device});
}

} // namespace server::conversations
