#pragma once

#include "server/ports/log.h"
#include "shared/base/scheduler.h"

#include <memory>

namespace server::transport {

/// A scheduler with a thread of its own, on which the agents' sessions live. What a piece of work throws is
/// logged and ends that piece only.
class SessionThread : public base::Scheduler {
public:
    explicit SessionThread(ports::Log log);
    /// Stops first, when stop() was not called.
    ~SessionThread() override;

    void post(std::function<void()> work) override;
    base::TimerId after(base::Duration delay, std::function<void()> work) override;
    void cancel(base::TimerId timer) override;

    /// Runs what was posted so far, then ends the thread; timers and later posts are dropped. Not from the
    /// thread itself.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace server::transport
