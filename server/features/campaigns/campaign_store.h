#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::campaigns {

/// A message that a website shows to visitors who look at certain pages for a while.
struct CampaignRow {
    std::int64_t number = 0; ///< campaigns.id
    sync::AccountNumber account = 0;
    std::int64_t inbox = 0;             ///< inboxes.id, a website
    std::optional<std::int64_t> sender; ///< users.id; nothing: the inbox itself
    std::string title;
    std::string description;
    std::string message;
    std::string url; ///< of pages; '*' stands for anything
    std::int64_t secondsOnPage = 0;
    bool inOpeningHours = false; ///< not while the inbox is closed
    bool enabled = true;
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the table campaigns. Lives as long as one transaction.
class CampaignStore {
public:
    explicit CampaignStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<CampaignRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::vector<CampaignRow> all(sync::AccountNumber account) const;
    /// Those that are switched on, oldest first.
    [[nodiscard]] std::vector<CampaignRow> enabledIn(std::int64_t inbox) const;

    std::int64_t insert(const CampaignRow &row); ///< campaigns.id
    void update(const CampaignRow &row);
    bool remove(sync::AccountNumber account, std::int64_t number);

private:
    storage::Transaction &m_tx;
};

} // namespace server::campaigns
