#include "server/app/timer.h"

#include <algorithm>
#include <exception>

namespace server::app {

Timer::~Timer()
{
    stop();
}

void Timer::add(std::string name, std::chrono::milliseconds interval, Chore chore)
{
    m_entries.push_back({std::move(name), interval, std::move(chore), base::Duration{}});
}

void Timer::start()
{
    m_thread = std::thread{[this] { run(); }};
}

void Timer::stop()
{
    {
        const std::lock_guard lock{m_mutex};
        m_stopping = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void Timer::run()
{
    std::unique_lock lock{m_mutex};
    while (!m_stopping && !m_entries.empty()) {
        auto &next = *std::min_element(m_entries.begin(), m_entries.end(),
                                       [](const Entry &a, const Entry &b) { return a.due < b.due; });
        const auto wait = next.due - m_clock.monotonic();
        if (wait > base::Duration::zero()) {
            m_wake.wait_for(lock, wait, [this] { return m_stopping; });
            continue;
        }
        lock.unlock();
        perform(next);
        next.due = m_clock.monotonic() + next.interval;
        lock.lock();
    }
}

void Timer::perform(Entry &entry)
{
    try {
        entry.chore();
    } catch (const std::exception &error) {
        m_log.error("chore_failed", {{"chore", entry.name}, {"reason", error.what()}});
    }
}

} // namespace server::app
