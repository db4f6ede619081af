#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/conversations/conversation_service.h"
#include "server/sync/entity_registry.h"
#include "server/sync/executor.h"
#include "server/sync/mutation_registry.h"

#include <vector>

namespace server::conversations {

std::vector<storage::Migration> migrations();

/// Readers of conversation, message, message state and read state rows, and the conversation source.
///
/// A read state's id in the journal is its own (a user and a conversation have one together); its parent is
/// the conversation, whose id is the row's id on the wire.
void registerRows(sync::EntityRegistry &registry);
void registerMutations(sync::MutationRegistry &registry, ConversationService &service);

/// Removal of a user takes their assignments away.
void connect(accounts::AccountService &accounts, ConversationService &service);

/// Opens conversations whose snooze is over, through the executor; any thread but the executor's. The moment
/// of the next one that is known; nothing when none is.
std::optional<base::Timestamp> dueSnoozes(storage::Database &database, sync::Executor &executor,
                                          ConversationService &service, base::Timestamp now);

} // namespace server::conversations
