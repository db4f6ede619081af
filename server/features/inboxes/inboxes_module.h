#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/sync/entity_registry.h"

#include <vector>

namespace server::inboxes {

std::vector<storage::Migration> migrations();

/// Readers of inbox and access rows.
void registerRows(sync::EntityRegistry &registry);

/// Removal of a user ends their memberships.
void connect(accounts::AccountService &accounts, InboxService &inboxes);

} // namespace server::inboxes
