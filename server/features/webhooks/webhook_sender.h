#pragma once

#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/features/webhooks/delivery_store.h"
#include "server/features/webhooks/webhook_rules.h"
#include "server/features/webhooks/webhook_service.h"
#include "server/ports/http_client.h"
#include "server/ports/log.h"
#include "server/sync/executor.h"

#include <functional>
#include <map>
#include <vector>

namespace server::webhooks {

/// Sends what is written down to be told, at least once each: a try is counted before it is made, its outcome
/// is written down after, and what a crash leaves in between is sent again under the same id. Deliveries of
/// one lane go one after the other; a target that fails or is slow holds up nobody but itself.
///
/// One thread calls round(), again and again, and whenever the client has an outcome.
class WebhookSender {
public:
    struct Parts {
        storage::Database &database;
        sync::Executor &executor;
        ports::HttpClient &client;
        const WebhookService &webhooks;
        const inboxes::InboxService &inboxes;
        conversations::ConversationService &conversations;
        const ports::Crypto &crypto;
        const base::Clock &clock;
        base::Random &random;
        base::Duration timeout;
        ports::Log log;
    };

    explicit WebhookSender(Parts parts) : m_parts{std::move(parts)} {}

    /// Writes down what came of calls, gives up what is too old, and begins what can be begun.
    void round();
    /// Drops what nobody reads any more: decided ones after fourteen days. One step of bounded size a job.
    void forget();
    [[nodiscard]] std::size_t underWay() const { return m_underWay.size(); }

private:
    struct Outcome {
        DeliveryRow row;
        ports::CallOutcome call;
    };
    struct Place {
        std::string url;
        std::string secret;
    };

    void collect();
    void record(sync::AccountNumber account, std::vector<Outcome> &outcomes);
    void settle(sync::WriteContext &ctx, const Outcome &outcome);
    void giveUp(sync::WriteContext &ctx, DeliveryRow row);
    void expire();
    void beginSome();
    [[nodiscard]] std::vector<DeliveryRow> startable();
    void begin(sync::AccountNumber account, const std::vector<DeliveryRow> &rows);
    [[nodiscard]] std::optional<Place> placeOf(storage::Transaction &tx, const DeliveryRow &row) const;
    void post(const DeliveryRow &row, const Place &place);
    bool job(sync::AccountNumber account, const std::function<void(sync::WriteContext &)> &work);
    [[nodiscard]] int underWayTo(Target target) const;

    Parts m_parts;
    std::uint64_t m_ticket = 0;
    std::map<std::uint64_t, DeliveryRow> m_underWay; ///< by ticket; their outcome is not written down yet
    std::map<sync::AccountNumber, std::vector<Outcome>> m_outcomes;
    std::map<Target, TargetHealth> m_health;
    Target m_lastServed = INT64_MIN;
};

} // namespace server::webhooks
