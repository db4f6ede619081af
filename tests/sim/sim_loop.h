#pragma once

#include "shared/base/random.h"
#include "shared/base/scheduler.h"
#include "tests/support/fakes.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace tests {

/// The one loop of a simulated world: everything that happens is an event on it, in the order of simulated
/// time.
class SimLoop {
public:
    explicit SimLoop(std::uint64_t seed) : random{seed} {}

    std::uint64_t at(base::Duration delay, std::function<void()> work)
    {
        const auto id = ++m_last;
        m_events.emplace(std::pair{clock.monotonic() + delay, id}, std::move(work));
        m_when.emplace(id, clock.monotonic() + delay);
        return id;
    }
    void cancel(std::uint64_t id)
    {
        if (const auto when = m_when.find(id); when != m_when.end()) {
            m_events.erase({when->second, id});
            m_when.erase(when);
        }
    }
    /// Runs the next event; false when there is none before `until`.
    bool step(base::Duration until)
    {
        if (m_events.empty() || m_events.begin()->first.first > until)
            return false;
        const auto first = m_events.begin();
        const auto due = first->first.first;
        const auto work = std::move(first->second);
        m_when.erase(first->first.second);
        m_events.erase(first);
        if (due > clock.monotonic())
            clock.advance(due - clock.monotonic());
        ++steps;
        work();
        return true;
    }
    std::int64_t below(std::int64_t bound)
    {
        return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
    }
    bool chance(int percent) { return below(100) < percent; }

    /// Chance begins anew: what follows does not depend on what was drawn before.
    void reseed(std::uint64_t seed) { random = SeededRandom{seed}; }

    /// A line of the story, where somebody listens.
    [[nodiscard]] bool isTold() const { return static_cast<bool>(teller); }
    void tell(const std::string &who, const std::string &what) const
    {
        if (teller)
            teller(who, what);
    }
    /// Something that must never be: the first one is kept, and the world ends at the next look.
    void fail(const std::string &what)
    {
        tell("oracle", what);
        for (const auto &text : ignored)
            if (what.find(text) != std::string::npos)
                return;
        if (violation.empty())
            violation = what;
    }
    std::function<void(const std::string &who, const std::string &what)> teller;
    std::string violation;
    std::set<std::string> ignored; ///< what is known already: violations with this in their text
    /// What the journal and the cursors did, one JSON text a line, for whoever replays it elsewhere.
    std::function<void(const std::string &line)> recorder;

    FakeClock clock;
    SeededRandom random;
    std::int64_t steps = 0;

private:
    std::map<std::pair<base::Duration, std::uint64_t>, std::function<void()>> m_events;
    std::map<std::uint64_t, base::Duration> m_when;
    std::uint64_t m_last = 0;
};

/// The clock of one machine: goes with the loop, and people set it.
class NodeClock : public base::Clock {
public:
    explicit NodeClock(const SimLoop &loop) : m_loop{loop} {}
    base::Timestamp now() const override { return m_loop.clock.now() + m_offset; }
    base::Duration monotonic() const override { return m_loop.clock.monotonic(); }
    void jump(base::Duration by) { m_offset += by; }
    void setRight() { m_offset = {}; }
    [[nodiscard]] base::Duration offset() const { return m_offset; }

private:
    const SimLoop &m_loop;
    base::Duration m_offset{};
};

/// What one process may use of the loop. When the process dies, everything it had waiting is gone.
class NodeScheduler : public base::Scheduler {
public:
    explicit NodeScheduler(SimLoop &loop) : m_loop{loop} {}
    ~NodeScheduler() override { kill(); }

    void post(std::function<void()> work) override { after(base::Duration{0}, std::move(work)); }
    base::TimerId after(base::Duration delay, std::function<void()> work) override
    {
        // Ids are known to the work through a shared cell: the event forgets itself when it runs.
        auto id = std::make_shared<base::TimerId>(0);
        *id = m_loop.at(delay, [this, id, work = std::move(work)] {
            m_mine.erase(*id);
            work();
        });
        m_mine.insert(*id);
        return *id;
    }
    void cancel(base::TimerId timer) override
    {
        if (m_mine.erase(timer) > 0)
            m_loop.cancel(timer);
    }
    void kill()
    {
        for (const auto id : m_mine)
            m_loop.cancel(id);
        m_mine.clear();
    }

private:
    SimLoop &m_loop;
    std::set<base::TimerId> m_mine;
};

} // namespace tests
