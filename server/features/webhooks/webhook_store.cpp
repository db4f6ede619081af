#include "server/features/webhooks/webhook_store.h"

#include "shared/base/json.h"

namespace server::webhooks {

namespace {

#define SELECT_WEBHOOK                                                                                       \
    "SELECT id, uuid, account_id, name, url, subscriptions, inbox_id, secret, created_at, updated_at "       \
    "FROM webhooks "

WebhookRow fromRow(const storage::Row &row)
{
    WebhookRow found;
    found.number = row.integer(0);
    found.id = row.uuid(1);
    found.account = row.integer(2);
    found.name = row.text(3);
    found.url = row.text(4);
    if (const auto names = base::parseJson(row.text(5)); names && names->is_array())
        for (const auto &name : *names)
            found.subscriptions.push_back(name.get<std::string>());
    found.inbox = row.maybeInteger(6);
    found.sealedSecret = row.blob(7);
    found.createdAt = row.time(8);
    found.updatedAt = row.time(9);
    return found;
}

} // namespace

std::vector<storage::Migration> WebhookStore::migrations()
{
    return {{70, "webhooks", R"(
        CREATE TABLE webhooks (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid          BLOB NOT NULL UNIQUE,
            account_id    INTEGER NOT NULL REFERENCES accounts (id),
            name          TEXT NOT NULL,
            url           TEXT NOT NULL,
            subscriptions TEXT NOT NULL,
            inbox_id      INTEGER,
            secret        BLOB NOT NULL,
            created_at    INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX webhooks_url ON webhooks (account_id, url, coalesce(inbox_id, 0));
    )"}};
}

std::optional<WebhookRow> WebhookStore::find(std::int64_t number) const
{
    const auto row = m_tx.one(SELECT_WEBHOOK "WHERE id = ?", {number});
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<WebhookRow> WebhookStore::all(sync::AccountNumber account) const
{
    std::vector<WebhookRow> found;
    for (const auto &row : m_tx.all(SELECT_WEBHOOK "WHERE account_id = ? ORDER BY id", {account}))
        found.push_back(fromRow(row));
    return found;
}

std::int64_t WebhookStore::insert(const WebhookRow &row)
{
    m_tx.run("INSERT INTO webhooks (uuid, account_id, name, url, subscriptions, inbox_id, secret, created_at,"
             " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
             {row.id, row.account, row.name, row.url, base::toText(base::Json(row.subscriptions)), row.inbox,
              storage::Blob{row.sealedSecret}, row.createdAt, row.updatedAt});
    return m_tx.lastInsertId();
}

void WebhookStore::update(const WebhookRow &row)
{
    m_tx.run("UPDATE webhooks SET name = ?, url = ?, subscriptions = ?, inbox_id = ?, secret = ?, updated_at "
             "= ? WHERE id = ?",
             {row.name, row.url, base::toText(base::Json(row.subscriptions)), row.inbox,
              storage::Blob{row.sealedSecret}, row.updatedAt, row.number});
}

void WebhookStore::remove(std::int64_t number)
{
    m_tx.run("DELETE FROM webhooks WHERE id = ?", {number});
}

} // namespace server::webhooks
