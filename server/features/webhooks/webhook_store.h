#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::webhooks {

/// An address that an account wants told of events.
struct WebhookRow {
    std::int64_t number = 0;
    base::Uuid id;
    sync::AccountNumber account = 0;
    std::string name;
    std::string url;
    std::vector<std::string> subscriptions; ///< names of events
    std::optional<std::int64_t> inbox;      ///< inboxes.id: only what concerns it
    std::string sealedSecret;
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the table webhooks. Lives as long as one transaction.
class WebhookStore {
public:
    explicit WebhookStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<WebhookRow> find(std::int64_t number) const;
    /// In the order in which they were made.
    [[nodiscard]] std::vector<WebhookRow> all(sync::AccountNumber account) const;
    std::int64_t insert(const WebhookRow &row); ///< webhooks.id
    void update(const WebhookRow &row);
    void remove(std::int64_t number);

private:
    storage::Transaction &m_tx;
};

} // namespace server::webhooks
