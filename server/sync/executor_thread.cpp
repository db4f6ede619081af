#include "server/sync/executor.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace server::sync {

namespace {

// Shared with the executor, which may call wake() after the thread is gone.
struct Bell {
    std::mutex mutex; // guards the two below
    std::condition_variable rung;
    bool work = true;
    bool stop = false;

    void ring(bool andStop = false)
    {
        {
            const std::lock_guard lock{mutex};
            work = true;
            stop = stop || andStop;
        }
        rung.notify_one();
    }

    /// False when it is time to stop.
    bool wait()
    {
        std::unique_lock lock{mutex};
        rung.wait(lock, [&] { return work || stop; });
        work = false;
        return !stop;
    }
};

} // namespace

struct ExecutorThread::Impl {
    std::shared_ptr<Bell> bell = std::make_shared<Bell>();
    std::thread thread;
};

ExecutorThread::ExecutorThread(Executor &executor) : m_impl{std::make_unique<Impl>()}
{
    executor.onQueued([bell = m_impl->bell] { bell->ring(); });
    m_impl->thread = std::thread{[&executor, bell = m_impl->bell] {
        bool more = true;
        while (more) {
            more = bell->wait();
            while (executor.runBatch()) {
            }
        }
    }};
}

ExecutorThread::~ExecutorThread()
{
    m_impl->bell->ring(true);
    m_impl->thread.join();
}

} // namespace server::sync
