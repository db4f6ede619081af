#include "server/sync/core_tasks.h"

namespace server::sync {

CoreTasks::CoreTasks(base::Scheduler &scheduler) : m_scheduler{scheduler} {}

void CoreTasks::post(Work work) const
{
    poster()(std::move(work));
}

base::TimerId CoreTasks::after(base::Duration delay, Work work) const
{
    return m_scheduler.after(delay, [life = std::weak_ptr{m_life}, work = std::move(work)] {
        if (!life.expired())
            work();
    });
}

std::function<void(CoreTasks::Work)> CoreTasks::poster() const
{
    return [life = std::weak_ptr{m_life}, &scheduler = m_scheduler](Work work) {
        if (life.expired())
            return;
        scheduler.post([life, work = std::move(work)] {
            if (!life.expired())
                work();
        });
    };
}

} // namespace server::sync
