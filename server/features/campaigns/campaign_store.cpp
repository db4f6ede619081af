#include "server/features/campaigns/campaign_store.h"

namespace server::campaigns {

namespace {

#define SELECT_CAMPAIGN                                                                                      \
    "SELECT id, account_id, inbox_id, sender_id, title, description, message, url, seconds, in_hours, "      \
    "enabled, created_at, updated_at FROM campaigns "

CampaignRow fromRow(const storage::Row &row)
{
    CampaignRow campaign;
    campaign.number = row.integer(0);
    campaign.account = row.integer(1);
    campaign.inbox = row.integer(2);
    campaign.sender = row.maybeInteger(3);
    campaign.title = row.text(4);
    campaign.description = row.text(5);
    campaign.message = row.text(6);
    campaign.url = row.text(7);
    campaign.secondsOnPage = row.integer(8);
    campaign.inOpeningHours = row.integer(9) != 0;
    campaign.enabled = row.integer(10) != 0;
    campaign.createdAt = row.time(11);
    campaign.updatedAt = row.time(12);
    return campaign;
}

std::vector<CampaignRow> several(const std::vector<storage::Row> &rows)
{
    std::vector<CampaignRow> found;
    for (const auto &row : rows)
        found.push_back(fromRow(row));
    return found;
}

} // namespace

std::vector<storage::Migration> CampaignStore::migrations()
{
    return {{46, "campaigns", R"(
        CREATE TABLE campaigns (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            account_id  INTEGER NOT NULL REFERENCES accounts (id),
            inbox_id    INTEGER NOT NULL REFERENCES inboxes (id),
            sender_id   INTEGER REFERENCES users (id),
            title       TEXT NOT NULL,
            description TEXT NOT NULL,
            message     TEXT NOT NULL,
            url         TEXT NOT NULL,
            seconds     INTEGER NOT NULL,
            in_hours    INTEGER NOT NULL,
            enabled     INTEGER NOT NULL,
            created_at  INTEGER NOT NULL,
            updated_at  INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX campaigns_account ON campaigns (account_id);
        CREATE INDEX campaigns_inbox ON campaigns (inbox_id) WHERE enabled = 1;
    )"}};
}

std::optional<CampaignRow> CampaignStore::find(sync::AccountNumber account, std::int64_t number) const
{
    const auto row = m_tx.one(SELECT_CAMPAIGN "WHERE account_id = ? AND id = ?", {account, number});
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<CampaignRow> CampaignStore::all(sync::AccountNumber account) const
{
    return several(m_tx.all(SELECT_CAMPAIGN "WHERE account_id = ? ORDER BY id", {account}));
}

std::vector<CampaignRow> CampaignStore::enabledIn(std::int64_t inbox) const
{
    return several(m_tx.all(SELECT_CAMPAIGN "WHERE inbox_id = ? AND enabled = 1 ORDER BY id", {inbox}));
}

std::int64_t CampaignStore::insert(const CampaignRow &row)
{
    m_tx.run(R"(
        INSERT INTO campaigns (account_id, inbox_id, sender_id, title, description, message, url, seconds, in_hours,
                               enabled, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {row.account, row.inbox, row.sender, row.title, row.description, row.message, row.url,
              row.secondsOnPage, row.inOpeningHours ? 1 : 0, row.enabled ? 1 : 0, row.createdAt,
              row.updatedAt});
    return m_tx.lastInsertId();
}

void CampaignStore::update(const CampaignRow &row)
{
    m_tx.run(R"(
        UPDATE campaigns SET inbox_id = ?, sender_id = ?, title = ?, description = ?, message = ?, url = ?,
                             seconds = ?, in_hours = ?, enabled = ?, updated_at = ?
         WHERE id = ?)",
             {row.inbox, row.sender, row.title, row.description, row.message, row.url, row.secondsOnPage,
              row.inOpeningHours ? 1 : 0, row.enabled ? 1 : 0, row.updatedAt, row.number});
}

bool CampaignStore::remove(sync::AccountNumber account, std::int64_t number)
{
    return m_tx.run("DELETE FROM campaigns WHERE account_id = ? AND id = ?", {account, number}) == 1;
}

} // namespace server::campaigns
