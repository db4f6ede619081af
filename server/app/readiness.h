#pragma once

#include "server/ports/http.h"
#include "server/sync/executor.h"
#include "shared/base/clock.h"
#include "shared/base/scheduler.h"

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

namespace server::app {

/// `/healthz`: the process answers. `/readyz`: it can do its work: a row is written and committed through the
/// executor, the sessions' thread and the socket loop take work, each within two seconds. Answers are kept
/// for a second, so that asking often costs nothing. Any thread.
class Readiness {
public:
    static constexpr std::chrono::milliseconds patience{2'000};
    static constexpr std::chrono::milliseconds freshFor{1'000};

    Readiness(sync::Executor &executor, base::Scheduler &sessions, const base::Clock &clock);

    void add(ports::Router &router);
    /// `run` runs work on the socket loop. Before the first request.
    void watchSockets(std::function<void(std::function<void()>)> run) { m_onSocketLoop = std::move(run); }
    /// From now on not ready: the server stops.
    void drain();
    /// Empty when ready, else what is not.
    [[nodiscard]] std::string fault();

private:
    std::string probe();

    sync::Executor &m_executor;
    base::Scheduler &m_sessions;
    const base::Clock &m_clock;
    std::function<void(std::function<void()>)> m_onSocketLoop;
    std::mutex m_mutex; // guards the rest; held while probing, so that one probe serves all who ask
    bool m_draining = false;
    bool m_asked = false;
    base::Duration m_askedAt{};
    std::string m_fault;
};

} // namespace server::app
