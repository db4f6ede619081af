#pragma once

#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "server/features/conversations/out_queue_store.h"
#include "server/features/conversations/outbound_channel.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <string>

namespace server::conversations {

/// What happens to a public reply between its acceptance and the customer (docs/protocol.md A.8). All of it
/// runs inside executor jobs and records what it changes; has no state.
class DeliveryService {
public:
    /// In the job that stored the reply: puts it into the outgoing queue when it waits `undo` or leaves by a
    /// channel. Else it is with the customer already. `before` is the conversation without it.
    static void accept(sync::WriteContext &ctx, const ConversationRow &before, const MessageRow &message,
                       base::Duration undo);

    /// Its author takes a waiting reply back: it is gone as if it had not been written. False when there is
    /// nothing to take back any more. Fails with Forbidden for somebody else's.
    static base::Result<bool> undo(sync::WriteContext &ctx, const base::Uuid &message);
    /// What failed or is uncertain goes into the queue again. False when it is neither.
    static bool retry(sync::WriteContext &ctx, const ConversationRow &row, const base::Uuid &message);

    /// A try begins: nobody else takes it before `leaseUntil`.
    static void begin(sync::WriteContext &ctx, const QueuedReply &reply, base::Timestamp leaseUntil);
    /// It went out; when others spoke meanwhile it takes the place after them, where the customer sees it.
    static void sent(sync::WriteContext &ctx, const QueuedReply &reply);
    /// It leaves the queue as Failed or Uncertain.
    static void stopped(sync::WriteContext &ctx, const QueuedReply &reply, domain::Delivery state,
                        const std::string &code);
};

} // namespace server::conversations
