#pragma once

#include "server/storage/database.h"

#include <vector>

namespace server::sync {

/// The tables of sync itself: numbers 1 to 19.
std::vector<storage::Migration> syncMigrations();

} // namespace server::sync
