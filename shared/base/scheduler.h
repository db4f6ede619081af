#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <functional>

namespace base {

using TimerId = std::uint64_t;

/// Where a core does its work: one thing at a time, in order. Production gives it a thread (server) or an
/// event loop (client); the simulator runs every scheduler from one seeded loop. Cores have no threads of
/// their own.
class Scheduler {
public:
    virtual ~Scheduler() = default;
    /// Runs `work` later, after what was posted before. Any thread.
    virtual void post(std::function<void()> work) = 0;
    /// Runs `work` once, not before `delay` has passed. Any thread. 0 is never returned.
    virtual TimerId after(Duration delay, std::function<void()> work) = 0;
    /// The work will not run, unless it has begun. Unknown ids are ignored. Any thread.
    virtual void cancel(TimerId timer) = 0;
};

} // namespace base
