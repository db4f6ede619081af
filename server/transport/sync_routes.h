#pragma once

#include "server/ports/http.h"
#include "server/storage/database.h"
#include "server/sync/directory.h"
#include "server/sync/entity_registry.h"
#include "shared/base/clock.h"

#include <string>

namespace server::transport {

/// What the routes read from. All of it outlives the router.
struct SyncRouteParts {
    storage::Database &database;
    sync::Directory &directory;
    const sync::EntityRegistry &entities;
    const base::Clock &clock;
    std::string version; ///< of the program, told by /sync/v1/health
};

/// GET /sync/v1/snap, /sync/v1/window, /sync/v1/digest (bearer access token) and /sync/v1/health
/// (docs/protocol.md, A.5).
void addSyncRoutes(ports::Router &router, const SyncRouteParts &parts);

} // namespace server::transport
