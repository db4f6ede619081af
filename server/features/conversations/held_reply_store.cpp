#include "server/features/conversations/held_reply_store.h"

#include "server/features/attachments/attachment_store.h"

namespace server::conversations {

std::vector<storage::Migration> HeldReplyStore::migrations()
{
    return {{53, "held_replies", R"(
        CREATE TABLE held_replies (
            uuid         BLOB PRIMARY KEY,
            account_id   INTEGER NOT NULL,
            user_id      INTEGER NOT NULL REFERENCES users (id),
            conversation BLOB NOT NULL,
            display_id   INTEGER NOT NULL,
            subject      TEXT NOT NULL,
            body         TEXT NOT NULL,
            code         TEXT NOT NULL,
            by_user      BLOB,
            by_name      TEXT NOT NULL,
            other_at     INTEGER NOT NULL,
            other_n      INTEGER NOT NULL,
            made_at      INTEGER NOT NULL,
            held_at      INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
    )"}};
}

std::optional<HeldReplyRow> HeldReplyStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    const auto row =
        m_tx.one("SELECT account_id, user_id, conversation, display_id, subject, body, code, by_user,"
                 " by_name, other_at, other_n, made_at, held_at FROM held_replies"
                 " WHERE uuid = ? AND account_id = ?",
                 {id, account});
    if (!row)
        return std::nullopt;
    HeldReplyRow found{row->integer(0), row->integer(1), {}};
    auto &held = found.held;
    held.message = {id};
    held.conversation = {row->uuid(2)};
    held.number = row->integer(3);
    held.subject = row->text(4);
    held.body = row->text(5);
    held.code = row->text(6);
    if (const auto by = row->maybeUuid(7))
        held.by = domain::UserId{*by};
    held.byName = row->text(8);
    held.otherAt = row->time(9);
    held.otherN = row->integer(10);
    held.madeAt = row->time(11);
    held.heldAt = row->time(12);
    for (auto &stored : attachments::AttachmentStore{m_tx}.ofMessage(id))
        held.attachments.push_back(std::move(stored.file));
    return found;
}

void HeldReplyStore::insert(const HeldReplyRow &row)
{
    const auto &held = row.held;
    m_tx.run(
        "INSERT INTO held_replies (uuid, account_id, user_id, conversation, display_id, subject, body, code,"
        " by_user, by_name, other_at, other_n, made_at, held_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?)",
        {held.message, row.account, row.user, held.conversation, held.number, held.subject, held.body,
         held.code, held.by ? storage::Value{*held.by} : storage::Value{}, held.byName, held.otherAt,
         held.otherN, held.madeAt, held.heldAt});
}

void HeldReplyStore::remove(const base::Uuid &id)
{
    m_tx.run("DELETE FROM held_replies WHERE uuid = ?", {id});
}

} // namespace server::conversations
