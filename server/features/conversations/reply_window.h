#pragma once

#include "server/features/conversations/conversation_store.h"
#include "shared/base/result.h"

namespace server::conversations {

/// Until when the inbox takes public replies to this conversation: so many hours after the customer's newest
/// message, as the inbox says. Nothing: at any time. The beginning of time: not before the customer writes.
std::optional<base::Timestamp> replyWindowEnds(storage::Transaction &tx, const ConversationRow &row);
/// Whether an agent may reply in public now. Fails with ChannelWindow.
base::Status checkReplyWindow(storage::Transaction &tx, const ConversationRow &row, base::Timestamp now);

} // namespace server::conversations
