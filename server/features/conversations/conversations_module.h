#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/labels/label_service.h"
#include "server/features/teams/team_service.h"
#include "server/ports/time_zones.h"
#include "server/sync/entity_registry.h"
#include "server/sync/executor.h"
#include "server/sync/mutation_registry.h"

#include <vector>

namespace server::conversations {

std::vector<storage::Migration> migrations();

/// Readers of conversation, message, message state and read state rows, and the conversation source.
///
/// A read state's and a draft's id in the journal is its own (a user and a conversation have one together);
/// its parent is the conversation, whose id is the row's id on the wire.
void registerRows(sync::EntityRegistry &registry);
void registerMutations(sync::MutationRegistry &registry, ConversationService &service,
                       const ports::TimeZones &zones);

/// Removal of a user takes their assignments away, removal of a team its conversations; what carries a label
/// that gets another title, or goes, follows: conversations and contacts.
struct Neighbours {
    accounts::AccountService &accounts;
    teams::TeamService &teams;
    labels::LabelService &labels;
    contacts::ContactService &contacts;
};
void connect(const Neighbours &neighbours, ConversationService &service);

/// Opens conversations whose snooze is over, through the executor; any thread but the executor's. The moment
/// of the next one that is known; nothing when none is.
std::optional<base::Timestamp> dueSnoozes(storage::Database &database, sync::Executor &executor,
                                          ConversationService &service, base::Timestamp now);

} // namespace server::conversations
