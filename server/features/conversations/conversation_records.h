#pragma once

#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "server/sync/write_context.h"

#include <string>

/// Steps that the use cases of conversations share; used inside this feature only.
namespace server::conversations {

void recordConversation(sync::WriteContext &ctx, const ConversationRow &row);
void recordMessage(sync::WriteContext &ctx, const ConversationRow &row, const MessageRow &message);
void recordState(sync::WriteContext &ctx, const ConversationRow &row, const base::Uuid &message);

/// The actor as author; nobody for the system.
void setAuthor(MessageRow &message, const sync::Actor &actor);
/// Appends an activity line, by the actor when that is an agent. Counts it in `row`, which the caller stores.
void addActivity(sync::WriteContext &ctx, ConversationRow &row, const std::string &code,
                 bool bySystem = false);
/// Stores and records how far a user has read.
void setRead(sync::WriteContext &ctx, const ConversationRow &row, const sync::Actor &user,
             std::int64_t readN);

} // namespace server::conversations
