#include "server/transport/session_thread.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

namespace server::transport {

namespace {

using Moment = std::chrono::steady_clock::time_point;
using Work = std::function<void()>;

} // namespace

struct SessionThread::Impl {
    explicit Impl(ports::Log to) : log{std::move(to)} {}

    ports::Log log;
    std::mutex mutex; // guards all below but the thread
    std::condition_variable changed;
    std::deque<Work> posted;
    std::multimap<Moment, std::pair<base::TimerId, Work>> timers;
    std::unordered_map<base::TimerId, decltype(timers)::iterator> places;
    base::TimerId lastTimer = 0;
    bool stopping = false;
    std::thread thread;

    void loop();
    std::optional<Work> next();
    void run(const Work &work);
};

// Posted work goes before timers that are due: a timer never overtakes what was posted before it fired.
std::optional<Work> SessionThread::Impl::next()
{
    std::unique_lock lock{mutex};
    for (;;) {
        if (!posted.empty()) {
            auto work = std::move(posted.front());
            posted.pop_front();
            return work;
        }
        if (stopping)
            return std::nullopt;
        if (timers.empty()) {
            changed.wait(lock);
            continue;
        }
        const auto first = timers.begin();
        if (first->first <= std::chrono::steady_clock::now()) {
            auto work = std::move(first->second.second);
            places.erase(first->second.first);
            timers.erase(first);
            return work;
        }
        const auto until = first->first;
        changed.wait_until(lock, until);
    }
}

void SessionThread::Impl::loop()
{
    while (const auto work = next())
        run(*work);
}

void SessionThread::Impl::run(const Work &work)
{
    try {
        work();
    } catch (const std::exception &error) {
        log.error("session_work_failed", {{"reason", error.what()}});
    }
}

SessionThread::SessionThread(ports::Log log) : m_impl{std::make_unique<Impl>(std::move(log))}
{
    m_impl->thread = std::thread{[this] { m_impl->loop(); }};
}

SessionThread::~SessionThread()
{
    stop();
}

void SessionThread::post(std::function<void()> work)
{
    {
        const std::lock_guard lock{m_impl->mutex};
        if (m_impl->stopping)
            return;
        m_impl->posted.push_back(std::move(work));
    }
    m_impl->changed.notify_one();
}

base::TimerId SessionThread::after(base::Duration delay, std::function<void()> work)
{
    base::TimerId id = 0;
    {
        const std::lock_guard lock{m_impl->mutex};
        id = ++m_impl->lastTimer;
        const auto at = std::chrono::steady_clock::now() + delay;
        m_impl->places.emplace(id, m_impl->timers.emplace(at, std::pair{id, std::move(work)}));
    }
    m_impl->changed.notify_one();
    return id;
}

void SessionThread::cancel(base::TimerId timer)
{
    const std::lock_guard lock{m_impl->mutex};
    const auto found = m_impl->places.find(timer);
    if (found == m_impl->places.end())
        return;
    m_impl->timers.erase(found->second);
    m_impl->places.erase(found);
}

void SessionThread::stop()
{
    {
        const std::lock_guard lock{m_impl->mutex};
        m_impl->stopping = true;
    }
    m_impl->changed.notify_one();
    if (m_impl->thread.joinable())
        m_impl->thread.join();
}

} // namespace server::transport
