#pragma once

#include "client/storage/connection.h"

#include <string_view>
#include <vector>

namespace client::storage {

/// Brings `PRAGMA user_version` from what it is to steps.size(), running each missing step in a transaction
/// of its own. False when the file was written by a newer version; nothing is touched then.
bool migrate(Connection &connection, const std::vector<std::string_view> &steps);

} // namespace client::storage
