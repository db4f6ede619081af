#include "server/features/conversations/snooze_rule_store.h"

namespace server::conversations {

std::vector<storage::Migration> SnoozeRuleStore::migrations()
{
    return {{55, "snooze rules", R"(
        CREATE TABLE snooze_rules (
            conversation BLOB PRIMARY KEY,
            account_id   INTEGER NOT NULL,
            local        TEXT NOT NULL,
            zone         TEXT NOT NULL,
            until        INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
    )"}};
}

void SnoozeRuleStore::put(const SnoozeRuleRow &row)
{
    m_tx.run("INSERT INTO snooze_rules (conversation, account_id, local, zone, until) VALUES (?, ?, ?, ?, ?)"
             " ON CONFLICT (conversation) DO UPDATE SET local = excluded.local, zone = excluded.zone,"
             " until = excluded.until",
             {row.conversation, row.account, row.rule.local, row.rule.zone, row.until});
}

void SnoozeRuleStore::remove(const base::Uuid &conversation)
{
    m_tx.run("DELETE FROM snooze_rules WHERE conversation = ?", {conversation});
}

std::vector<sync::AccountNumber> SnoozeRuleStore::accounts() const
{
    std::vector<sync::AccountNumber> accounts;
    for (const auto &row : m_tx.all("SELECT DISTINCT account_id FROM snooze_rules"))
        accounts.push_back(row.integer(0));
    return accounts;
}

std::vector<SnoozeRuleRow> SnoozeRuleStore::all(sync::AccountNumber account) const
{
    std::vector<SnoozeRuleRow> found;
    for (const auto &row : m_tx.all(
             "SELECT conversation, local, zone, until FROM snooze_rules WHERE account_id = ?", {account}))
        found.push_back({row.uuid(0), account, {row.text(1), row.text(2)}, row.time(3)});
    return found;
}

} // namespace server::conversations
