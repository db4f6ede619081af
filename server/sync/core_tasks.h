#pragma once

#include "shared/base/scheduler.h"

#include <functional>
#include <memory>

namespace server::sync {

/// Work of a core on its scheduler, dropped when the core is gone. A member of the core, which goes between
/// two pieces of work or after the scheduler stopped.
class CoreTasks {
public:
    using Work = std::function<void()>;

    explicit CoreTasks(base::Scheduler &scheduler);
    CoreTasks(const CoreTasks &) = delete;
    CoreTasks &operator=(const CoreTasks &) = delete;

    void post(Work work) const;
    base::TimerId after(base::Duration delay, Work work) const;

    /// What posts from any thread, also when the core is gone already; it must not outlive the scheduler.
    [[nodiscard]] std::function<void(Work)> poster() const;

private:
    struct Life {};

    base::Scheduler &m_scheduler;
    std::shared_ptr<const Life> m_life = std::make_shared<Life>();
};

} // namespace server::sync
