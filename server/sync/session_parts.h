#pragma once

#include "server/ports/log.h"
#include "server/storage/database.h"
#include "server/sync/device_seats.h"
#include "server/sync/directory.h"
#include "server/sync/entity_registry.h"
#include "server/sync/ephemera.h"
#include "server/sync/executor.h"
#include "server/sync/frame_sink.h"
#include "server/sync/mutation_registry.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <chrono>
#include <cstdint>
#include <memory>

namespace server::sync {

/// What the sessions stand on. Everything outlives the core; the scheduler also outlives the executor's last
/// batch.
struct SessionParts {
    base::Scheduler &scheduler;
    const base::Clock &clock;
    base::Random &random;
    storage::Database &database;
    Executor &executor;
    const EntityRegistry &entities;
    const MutationRegistry &mutations;
    Directory &directory;
    Ephemera &ephemera;
    FrameSink &sink;
    ports::Log log;
    /// Shared by the cores of a node; a core alone has its own.
    std::shared_ptr<DeviceSeats> seats = std::make_shared<DeviceSeats>();
};

struct SessionSettings {
    base::Duration helloWithin = std::chrono::seconds{10};
    base::Duration ackWithin = std::chrono::seconds{60};
    base::Duration authWarning = std::chrono::seconds{120};
    base::Duration coalesce{20}; ///< at most one delta frame a session in this time
    base::Duration emptyDelta =
        std::chrono::seconds{1};        ///< a cursor that nothing visible moves follows after this
    std::int64_t hellosPerSecond = 200; ///< what reconnecting clients are asked to spread to
    std::size_t devicesOnline = 5;      ///< of one person at a time; the longest connected gives way
};

} // namespace server::sync
