#pragma once

#include "server/storage/transaction.h"

#include <string>
#include <vector>

namespace server::app {

/// Statements about the whole database that must always be true (sync-protocol I5 and its like), for the
/// doctor and for tests: what is broken, one sentence each. Reads everything; slow on large databases.
std::vector<std::string> brokenInvariants(storage::Transaction &tx);

} // namespace server::app
