#include "server/platform/worker_pool.h"

#include "server/platform/socket_io.h"

namespace server::platform {

WorkerPool::WorkerPool(std::size_t threads)
{
    m_threads.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { run(); });
}

WorkerPool::~WorkerPool()
{
    {
        const std::lock_guard lock{m_mutex};
        m_stopping = true;
    }
    m_ready.notify_all();
    m_threads.clear();
}

void WorkerPool::post(std::function<void()> work)
{
    {
        const std::lock_guard lock{m_mutex};
        m_queue.push_back(std::move(work));
    }
    m_ready.notify_one();
}

std::size_t WorkerPool::waiting() const
{
    const std::lock_guard lock{m_mutex};
    return m_queue.size();
}

void WorkerPool::run()
{
    ignoreBrokenPipes();
    std::unique_lock lock{m_mutex};
    for (;;) {
        m_ready.wait(lock, [this] { return m_stopping || !m_queue.empty(); });
        if (m_stopping)
            return;
        auto work = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
    }
}

} // namespace server::platform
