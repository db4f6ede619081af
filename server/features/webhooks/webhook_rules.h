#pragma once

#include "shared/base/clock.h"
#include "shared/base/random.h"

#include <array>
#include <optional>
#include <string_view>

namespace server::webhooks {

/// What can be subscribed to.
inline constexpr std::array<std::string_view, 10> eventNames{
    "conversation_created",   "conversation_status_changed",
    "conversation_updated",   "message_created",
    "message_updated",        "contact_created",
    "contact_updated",        "webwidget_triggered",
    "conversation_typing_on", "conversation_typing_off"};
bool isEvent(std::string_view name);
/// News of the moment: told once, or not at all.
bool isFleeting(std::string_view name);

/// How much trouble is taken with a delivery.
struct Effort {
    int tries = 0;
    base::Duration life{0}; ///< after which it is given up even when it was not tried as often
};
/// Of an event for an account's webhook, or for an inbox: an agent waits to see whether a reply arrived.
Effort effortFor(std::string_view event, bool isInbox);

/// When to try again after the `attempt`-th try failed: 5 s, doubled up to an hour, half of it by chance; not
/// before what the target asked for, of which an hour counts at most.
base::Duration pause(int attempt, base::Duration asked, base::Random &random);

/// What an answer means.
enum class Verdict {
    Taken, ///< 2xx
    Again, ///< may succeed later
    Never, ///< the address says that it is no more (410)
};
Verdict verdictOf(int status);

/// Whether a target is worth a try: after five failures in a row it is left alone for a while, then asked
/// with one delivery; each further failure makes the while longer. What waits meanwhile loses no tries. In
/// memory: a restart asks anew.
class TargetHealth {
public:
    /// How many deliveries may be under way at `now`.
    [[nodiscard]] int room(base::Timestamp now) const;
    void succeeded();
    /// `asked`: how long it wants to be left alone (429, 503).
    void failed(base::Timestamp now, base::Duration asked, base::Random &random);
    /// Until when nothing is tried; nothing while it is not left alone.
    [[nodiscard]] std::optional<base::Timestamp> restsUntil(base::Timestamp now) const;
    [[nodiscard]] int failures() const { return m_failures; }

private:
    int m_failures = 0; ///< in a row
    base::Timestamp m_restsUntil{};
};

} // namespace server::webhooks
