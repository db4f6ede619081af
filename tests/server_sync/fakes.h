#pragma once

#include "server/ports/log.h"
#include "server/sync/frame_sink.h"
#include "shared/base/json.h"
#include "shared/base/scheduler.h"
#include "tests/support/fakes.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tests {

/// For QCOMPARE, which cannot take JSON.
inline std::string text(const base::Json &json)
{
    return base::toText(json);
}

/// Chance for several threads; the same bytes for the same seed as long as one asks.
class SharedRandom : public base::Random {
public:
    explicit SharedRandom(std::uint64_t seed) : m_random{seed} {}
    void fill(void *into, std::size_t size) override
    {
        const std::lock_guard lock{m_mutex};
        m_random.fill(into, size);
    }

private:
    std::mutex m_mutex; // guards m_random
    SeededRandom m_random;
};

/// A scheduler that runs when it is told, on the fake clock.
class FakeScheduler : public base::Scheduler {
public:
    explicit FakeScheduler(FakeClock &clock) : m_clock{clock} {}

    void post(std::function<void()> work) override { m_posted.push_back(std::move(work)); }
    base::TimerId after(base::Duration delay, std::function<void()> work) override
    {
        m_timers.emplace(++m_last, std::pair{m_clock.monotonic() + delay, std::move(work)});
        return m_last;
    }
    void cancel(base::TimerId timer) override { m_timers.erase(timer); }

    /// Runs what was posted and the timers that are due.
    void run()
    {
        for (;;) {
            if (!m_posted.empty()) {
                const auto work = std::move(m_posted.front());
                m_posted.pop_front();
                work();
                continue;
            }
            const auto due = earliest();
            if (due == m_timers.end() || due->second.first > m_clock.monotonic())
                return;
            const auto work = std::move(due->second.second);
            m_timers.erase(due);
            work();
        }
    }

    /// Lets time pass, timer by timer.
    void pass(base::Duration time)
    {
        const auto end = m_clock.monotonic() + time;
        run();
        for (auto due = earliest(); due != m_timers.end() && due->second.first <= end; due = earliest()) {
            if (due->second.first > m_clock.monotonic())
                m_clock.advance(due->second.first - m_clock.monotonic());
            run();
        }
        m_clock.advance(end - m_clock.monotonic());
        run();
    }

    [[nodiscard]] std::size_t timers() const { return m_timers.size(); }

private:
    using Timers = std::map<base::TimerId, std::pair<base::Duration, std::function<void()>>>;

    Timers::iterator earliest()
    {
        auto best = m_timers.end();
        for (auto timer = m_timers.begin(); timer != m_timers.end(); ++timer)
            if (best == m_timers.end() || timer->second.first < best->second.first)
                best = timer;
        return best;
    }

    FakeClock &m_clock;
    std::deque<std::function<void()>> m_posted;
    Timers m_timers;
    base::TimerId m_last = 0;
};

/// Keeps what sessions were sent.
class FakeSink : public server::sync::FrameSink {
public:
    struct Link {
        std::deque<base::Json> frames;
        std::size_t sent = 0;
        int closed = 0; ///< close code
    };

    void send(server::sync::SessionId session, const std::string &frame, protocol::Codec) override
    {
        auto &link = links[session];
        ++link.sent;
        link.frames.push_back(base::Json::parse(frame));
    }
    void close(server::sync::SessionId session, protocol::CloseCode code, const std::string &) override
    {
        links[session].closed = static_cast<int>(code);
    }

    std::map<server::sync::SessionId, Link> links;
};

/// Counts events, for tests that expect a line in the log.
class CountingLog : public server::ports::LogSink {
public:
    [[nodiscard]] bool enabled(server::ports::LogLevel) const override { return true; }
    void write(server::ports::LogLevel, std::string_view event, const server::ports::LogFields &,
               const server::ports::LogFields &) override
    {
        const std::lock_guard lock{m_mutex};
        ++m_events[std::string{event}];
    }
    [[nodiscard]] int count(const std::string &event)
    {
        const std::lock_guard lock{m_mutex};
        return m_events[event];
    }

private:
    std::mutex m_mutex; // guards m_events
    std::map<std::string, int> m_events;
};

} // namespace tests
