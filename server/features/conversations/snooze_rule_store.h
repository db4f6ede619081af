#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <string>
#include <vector>

namespace server::conversations {

/// How a snooze was meant: until the clocks of a zone show a time.
struct SnoozeRule {
    std::string local; ///< "2026-11-25T09:00"
    std::string zone;  ///< "Europe/Berlin"
    bool operator==(const SnoozeRule &) const = default;
};

struct SnoozeRuleRow {
    base::Uuid conversation;
    sync::AccountNumber account = 0;
    SnoozeRule rule;
    base::Timestamp until{}; ///< what the rule came to; another snooze than this one is none of its business
};

/// The only code that names the table snooze_rules. Lives as long as one transaction.
class SnoozeRuleStore {
public:
    explicit SnoozeRuleStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    void put(const SnoozeRuleRow &row);
    void remove(const base::Uuid &conversation);
    [[nodiscard]] std::vector<sync::AccountNumber> accounts() const;
    [[nodiscard]] std::vector<SnoozeRuleRow> all(sync::AccountNumber account) const;

private:
    storage::Transaction &m_tx;
};

} // namespace server::conversations
