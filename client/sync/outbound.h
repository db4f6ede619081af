#pragma once

#include "client/storage/outbox_store.h"
#include "shared/base/json_fwd.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace client::sync {

/// The write side of the protocol over the outbox (docs/protocol.md A.6, sync-protocol 9): which intents go
/// out now, in which order, and what an answer does to them. No wire; the clock is told.
class Outbound {
public:
    struct Answered {
        std::vector<std::int64_t> refused;   ///< became problems, or are held
        std::vector<base::Uuid> uploads;     ///< the server has not got these files
        std::vector<storage::Intent> warned; ///< accepted, and there is something to say about it
        bool accepted = false;
        bool cloned = false; ///< somebody else uses this device's numbers
        bool unauthorized = false;
        base::Duration tryAgain{}; ///< a lane waits that long; 0: none
    };

    Outbound(storage::OutboxStore &outbox, const base::Clock &clock, base::Random &random);

    /// A connection begins or ends: nothing is in flight on it.
    void connectionChanged();
    /// Numbers that the server may know: asked for in hello.
    [[nodiscard]] std::vector<std::int64_t> attempted() const;
    /// Whatever may go now, as frames, marked attempted durably before this returns. `offset` corrects the
    /// clock.
    std::vector<std::string> take(base::Duration offset);
    /// A `res` frame. Stores the verdicts.
    Answered received(const base::Json &frame);
    /// Something was sent and not answered in time: the connection is dead, whatever it looks like.
    [[nodiscard]] bool isOverdue() const;
    [[nodiscard]] bool isInFlight(std::int64_t n) const { return m_inFlight.contains(n); }

private:
    struct Flight {
        base::Duration sentAt{};
        std::size_t bytes = 0;
    };
    struct Pause {
        base::Duration until{};
        int tries = 0;
    };
    struct Lane {
        std::vector<const storage::Intent *> ready; ///< may go now, in order
        std::map<std::int64_t, std::int64_t> after; ///< n → the undecided one before it
    };

    std::map<std::string, Lane> lanes(base::Duration now) const;
    std::string wireText(const storage::Intent &intent, std::int64_t after, base::Duration offset) const;
    void refusedForNow(const protocol::Receipt &receipt, const storage::Intent &intent, Answered &answered);

    storage::OutboxStore &m_outbox;
    const base::Clock &m_clock;
    base::Random &m_random;
    std::map<std::int64_t, Flight> m_inFlight;
    std::map<std::string, Pause> m_pauses; // by lane
};

} // namespace client::sync
