#pragma once

#include "server/features/conversations/out_queue_store.h"
#include "server/features/conversations/outbound_channel.h"
#include "server/ports/log.h"
#include "server/sync/executor.h"
#include "shared/base/random.h"

#include <functional>
#include <vector>

namespace server::conversations {

/// Hands replies of the outgoing queue to their channels: what is written down before a try tells after a
/// crash that there was one. Within a conversation one goes after the other; a failed one stops nobody.
///
/// One thread calls round(), again and again.
class Dispatcher {
public:
    struct Parts {
        storage::Database &database;
        sync::Executor &executor;
        const OutboundChannels &channels;
        const base::Clock &clock;
        base::Random &random;
        ports::Log log;
    };

    explicit Dispatcher(Parts parts) : m_parts{std::move(parts)} {}

    /// Everything whose time has come, once. Blocks while channels are asked.
    void round();

private:
    void round(sync::AccountNumber account);
    /// Decides what can be decided without a channel; what is to be handed to one.
    std::vector<QueuedReply> take(sync::AccountNumber account);
    void takeOne(sync::WriteContext &ctx, const QueuedReply &reply, std::vector<QueuedReply> &leased);
    void tryOne(const QueuedReply &reply);
    void settle(sync::WriteContext &ctx, const QueuedReply &reply, const DeliveryOutcome &outcome);
    void askAgain(sync::WriteContext &ctx, const QueuedReply &reply, const DeliveryOutcome &outcome);
    [[nodiscard]] OutboundChannel *channelOf(storage::Transaction &tx, const QueuedReply &reply,
                                             bool &inPlace) const;
    bool job(sync::AccountNumber account, const std::function<void(sync::WriteContext &)> &work);

    Parts m_parts;
};

} // namespace server::conversations
