#pragma once

#include "server/ports/log.h"
#include "shared/base/clock.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace server::app {

/// Chores that come again and again, on one thread. Each runs at once after start() and then in its interval.
/// What a chore throws is logged; it is tried again in its interval.
class Timer {
public:
    using Chore = std::function<void()>;

    Timer(const base::Clock &clock, ports::Log log) : m_clock{clock}, m_log{std::move(log)} {}
    /// Waits for the chore that runs.
    ~Timer();

    /// Before start().
    void add(std::string name, std::chrono::milliseconds interval, Chore chore);
    void start();
    void stop();

private:
    struct Entry {
        std::string name;
        std::chrono::milliseconds interval;
        Chore chore;
        base::Duration due{};
    };

    void run();
    void perform(Entry &entry);

    const base::Clock &m_clock;
    ports::Log m_log;
    std::vector<Entry> m_entries;
    std::mutex m_mutex; // guards the one below
    bool m_stopping = false;
    std::condition_variable m_wake;
    std::thread m_thread;
};

} // namespace server::app
