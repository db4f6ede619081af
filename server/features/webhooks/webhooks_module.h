#pragma once

#include "server/storage/database.h"

#include <vector>

namespace server::webhooks {

std::vector<storage::Migration> migrations();

} // namespace server::webhooks
