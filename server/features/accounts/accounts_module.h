#pragma once

#include "server/features/accounts/device_service.h"
#include "server/sync/entity_registry.h"

#include <vector>

namespace server::accounts {

std::vector<storage::Migration> migrations();

/// Readers of account, user and device rows. The access row is the inboxes' to tell.
void registerRows(sync::EntityRegistry &registry);

/// Removal of a user revokes their devices.
void connect(AccountService &accounts, DeviceService &devices);

} // namespace server::accounts
