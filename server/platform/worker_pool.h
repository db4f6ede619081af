#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace server::platform {

/// A fixed number of threads that take work in order. Work must not throw.
class WorkerPool {
public:
    explicit WorkerPool(std::size_t threads);
    /// Stops after what runs now; what waits is dropped.
    ~WorkerPool();
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    /// Any thread.
    void post(std::function<void()> work);
    [[nodiscard]] std::size_t waiting() const;

private:
    void run();

    mutable std::mutex m_mutex; // guards the two below
    std::deque<std::function<void()>> m_queue;
    bool m_stopping = false;
    std::condition_variable m_ready;
    std::vector<std::jthread> m_threads;
};

} // namespace server::platform
