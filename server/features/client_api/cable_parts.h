#pragma once

#include "server/features/attachments/blob_link.h"
#include "server/ports/crypto.h"
#include "server/ports/rate_limiter.h"
#include "server/ports/web_socket.h"
#include "server/storage/database.h"
#include "server/sync/ephemera.h"
#include "server/sync/executor.h"
#include "shared/base/clock.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <chrono>
#include <string>

namespace server::client_api {

/// Where frames for the programs of contacts go: sockets in the server. Called on the core's scheduler.
class CableSink {
public:
    virtual ~CableSink() = default;
    virtual void send(ports::SocketId socket, ports::SharedFrame frame) = 0;
    /// Sends what is queued, then closes. The core has forgotten the connection already.
    virtual void close(ports::SocketId socket, std::uint16_t code, const std::string &reason) = 0;
};

/// What the cable stands on. Everything outlives it; the scheduler also outlives the executor's last batch.
struct CableParts {
    base::Scheduler &scheduler;
    const base::Clock &clock;
    base::Random &random;
    storage::Database &database;
    sync::Executor &executor;
    sync::Ephemera &ephemera;
    const ports::Crypto &crypto;
    const attachments::BlobLink &links;
    ports::RateLimiter &limiter;
    CableSink &sink;
};

struct CableSettings {
    base::Duration pingEvery = std::chrono::seconds{3}; ///< the other side gives up after two without
    base::Duration subscribeWithin = std::chrono::seconds{60};
    std::size_t maxRoomsPerSocket = 4;
    std::size_t maxRoomsPerContact = 10; ///< of one place in an inbox, over all sockets
};

} // namespace server::client_api
