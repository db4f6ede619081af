#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"
#include "shared/base/uuid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::webhooks {

/// Where deliveries go: a webhook of the account by its number, or an inbox of outside programs by the
/// negative of its.
using Target = std::int64_t;

/// Something that happened, as it is told.
struct EventRow {
    std::int64_t number = 0;
    sync::AccountNumber account = 0;
    std::string name;                  ///< "message_created"
    std::int64_t conversation = 0;     ///< display number; 0: of none
    std::optional<base::Uuid> message; ///< the public reply that it brings to its customer
    std::string body;                  ///< JSON, sent byte for byte
    base::Timestamp at{};
};

/// One event on its way to one target.
struct DeliveryRow {
    enum class State {
        Behind = 0, ///< waits for another of its lane
        Ready = 1,  ///< its turn, once `notBefore` has come
        Done = 2,
        Dead = 3 ///< given up
    };

    std::int64_t number = 0; ///< grows in the order of events
    base::Uuid id;           ///< told to the target, the same at each try
    Target target = 0;
    std::int64_t lane = 0; ///< what is kept in order; 0: nothing
    State state = State::Ready;
    int attempts = 0; ///< tries that were begun
    int tries = 0;    ///< most of them
    base::Timestamp notBefore{};
    base::Timestamp expiresAt{};
    std::optional<base::Timestamp> finishedAt;
    int status = 0;      ///< of the newest answer
    std::string reason;  ///< what was wrong with the newest try
    std::int64_t ms = 0; ///< how long it took
    EventRow event;      ///< without the body in lists
};

/// Which deliveries of a target a page of its log shows.
struct LogPage {
    std::optional<DeliveryRow::State> state; ///< Ready stands for Behind, too
    std::int64_t before = 0;                 ///< number of the last one shown; 0: from the newest
    std::size_t limit = 25;
};

/// The only code that names the tables webhook_events and webhook_deliveries. Of a lane and target at most
/// one delivery is Ready. Lives as long as one transaction.
class DeliveryStore {
public:
    explicit DeliveryStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    std::int64_t insert(const EventRow &event); ///< webhook_events.id
    /// At the end of its lane. `row.event.number` is stored already.
    void insert(DeliveryRow row);

    [[nodiscard]] std::optional<DeliveryRow> find(std::int64_t number) const;
    [[nodiscard]] std::optional<DeliveryRow> find(Target target, const base::Uuid &id) const;
    /// The one that brings this message to a target.
    [[nodiscard]] std::optional<DeliveryRow> ofMessage(Target target, const base::Uuid &message) const;
    /// Newest first.
    [[nodiscard]] std::vector<DeliveryRow> log(Target target, const LogPage &page) const;

    /// Targets that have something Ready, above `after`, lowest first; `limit` at most.
    [[nodiscard]] std::vector<Target> readyTargets(base::Timestamp now, Target after,
                                                   std::size_t limit) const;
    /// Those of a target whose time has come, in the order of time.
    [[nodiscard]] std::vector<DeliveryRow> ready(Target target, base::Timestamp now, std::size_t limit) const;
    /// Undecided ones whose time is over.
    [[nodiscard]] std::vector<DeliveryRow> expired(base::Timestamp now, std::size_t limit) const;
    /// How many are undecided.
    [[nodiscard]] std::int64_t waiting() const;

    /// A try begins.
    void begin(std::int64_t number);
    /// The try came to nothing; the next one.
    void postpone(const DeliveryRow &row);
    /// Done or Dead; the next of its lane has its turn.
    void decide(const DeliveryRow &row, base::Timestamp now);
    /// Once more from the start, whatever became of it, after what waits in its lane.
    void replay(const DeliveryRow &row, base::Timestamp now, base::Timestamp expiresAt);
    /// Numbers of a target's dead ones, oldest first.
    [[nodiscard]] std::vector<std::int64_t> dead(Target target, std::size_t limit) const;

    /// All of a target, at most `limit`; how many.
    std::int64_t remove(Target target, std::size_t limit);
    /// What was decided before `until`, and events nobody waits for, at most `limit`; how many.
    std::int64_t forget(base::Timestamp until, std::size_t limit);

private:
    [[nodiscard]] std::vector<DeliveryRow> rows(std::string_view sql,
                                                const std::vector<storage::Value> &values) const;

    storage::Transaction &m_tx;
};

} // namespace server::webhooks
