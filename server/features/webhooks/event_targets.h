#pragma once

#include "server/features/webhooks/delivery_store.h"
#include "server/features/webhooks/webhook_store.h"
#include "server/sync/write_context.h"
#include "shared/base/json_fwd.h"

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace server::webhooks {

/// Who wants to be told of what, as one transaction sees it; and writes down what is to be told.
class EventTargets {
public:
    EventTargets(storage::Transaction &tx, sync::AccountNumber account);

    /// What an event is about.
    struct Subject {
        std::vector<std::int64_t> inboxes; ///< inboxes.id of what it concerns
        std::int64_t lane = 0;             ///< see DeliveryRow
        std::int64_t conversation = 0;     ///< display number
        std::optional<base::Uuid> message; ///< see EventRow
    };

    /// Nobody in the account wants to be told of anything; one question beside the hooks.
    [[nodiscard]] bool isNobody() const;
    /// Nobody wants to be told of anything that happens here.
    [[nodiscard]] bool isEmpty(const std::vector<std::int64_t> &inboxes);
    [[nodiscard]] std::vector<Target> of(std::string_view event, const Subject &subject);
    /// Stores the event for all of these targets. `body` is complete but for its name.
    static void store(sync::WriteContext &ctx, std::string_view event, const Subject &subject,
                      const std::vector<Target> &targets, base::Json body);

private:
    bool isTold(std::int64_t inbox);

    storage::Transaction &m_tx;
    sync::AccountNumber m_account;
    std::vector<WebhookRow> m_hooks;
    std::map<std::int64_t, bool> m_inboxes; ///< whether it has an address of its own
};

} // namespace server::webhooks
