#pragma once

#include "shared/base/clock.h"
#include "shared/base/uuid.h"
#include "shared/domain/conversations/message.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace server::conversations {

/// A public reply on its way out.
struct OutboundMessage {
    std::int64_t account = 0;
    std::int64_t inbox = 0;        ///< inboxes.id
    std::int64_t contactInbox = 0; ///< contact_inboxes.id: to whom
    domain::Message message;       ///< its id is the client token: the same at each try
    int attempt = 1;
};

/// What came of one try.
struct DeliveryOutcome {
    enum class Kind {
        Accepted, ///< the channel has it
        Later,    ///< nothing went out; the same may succeed later
        Refused,  ///< it will never take this
        Unknown,  ///< the answer was lost: it may have gone out
    };
    Kind kind = Kind::Accepted;
    std::string code;            ///< why, for Later and Refused: a short constant
    base::Duration retryAfter{}; ///< for Later: not before that
};

/// The port that every channel with a world outside implements. The core owns order, repetition and
/// back-off; a channel only tries once and says what came of it. Called on the dispatcher's thread, outside
/// of any transaction, never twice at a time for one conversation.
class OutboundChannel {
public:
    virtual ~OutboundChannel() = default;
    /// One try, which ends within the lease (60 s). Must not throw.
    virtual DeliveryOutcome deliver(const OutboundMessage &message) = 0;
    /// Whether a repetition under the same message id can do no harm.
    [[nodiscard]] virtual bool isIdempotent() const = 0;
};

/// By the wire name of the channel type. Must outlive whoever holds it.
using OutboundChannels = std::map<std::string, OutboundChannel *, std::less<>>;

/// Whether showing the message is all there is to do: the customer reads it from this server.
inline bool deliversInPlace(std::string_view channel)
{
    return channel == "web_widget" || channel == "api";
}

} // namespace server::conversations
