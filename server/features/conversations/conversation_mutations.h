#pragma once

#include "server/features/conversations/conversation_service.h"
#include "server/ports/time_zones.h"
#include "server/sync/mutation_registry.h"

namespace server::conversations {

/// The mutations of docs/protocol.md A.6, as thin doors to the service.
void registerConversationMutations(sync::MutationRegistry &registry, ConversationService &service,
                                   const ports::TimeZones &zones);

} // namespace server::conversations
