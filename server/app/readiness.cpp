#include "server/app/readiness.h"

#include "server/ports/answers.h"
#include "shared/base/json.h"

#include <future>
#include <memory>

namespace server::app {

namespace {

std::string whyNot(const base::Result<std::int64_t> &outcome)
{
    return outcome ? std::string{} : "storage: " + std::string{toText(outcome.error().code)};
}

} // namespace

Readiness::Readiness(sync::Executor &executor, base::Scheduler &sessions, const base::Clock &clock)
    : m_executor{executor}
    , m_sessions{sessions}
    , m_clock{clock}
{
}

void Readiness::add(ports::Router &router)
{
    router.add({"GET", "/healthz", [](ports::HttpRequest &) {
                    return ports::jsonAnswer({{"status", "ok"}});
                }});
    router.add({"GET", "/readyz", [this](ports::HttpRequest &) {
                    const auto reason = fault();
                    if (reason.empty())
                        return ports::jsonAnswer({{"status", "ready"}});
                    return ports::jsonAnswer({{"status", "not_ready"}, {"reason", reason}}, 503);
                }});
}

void Readiness::drain()
{
    const std::lock_guard lock{m_mutex};
    m_draining = true;
}

std::string Readiness::fault()
{
    const std::lock_guard lock{m_mutex};
    if (m_draining)
        return "stopping";
    if (m_asked && m_clock.monotonic() < m_askedAt + freshFor)
        return m_fault;
    m_fault = probe();
    m_askedAt = m_clock.monotonic();
    m_asked = true;
    return m_fault;
}

std::string Readiness::probe()
{
    // The promises outlive a probe that gave up on them.
    const auto written = std::make_shared<std::promise<std::string>>();
    auto storage = written->get_future();
    m_executor.submit(
        0, {},
        [](sync::WriteContext &ctx) -> base::Status {
            ctx.tx().run(
                "INSERT INTO readiness (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = ?1",
                {ctx.now()});
            return base::Done{};
        },
        [written](const base::Result<std::int64_t> &outcome) { written->set_value(whyNot(outcome)); });
    const auto reached = std::make_shared<std::promise<void>>();
    auto sessions = reached->get_future();
    m_sessions.post([reached] { reached->set_value(); });

    const auto turned = std::make_shared<std::promise<void>>();
    auto sockets = turned->get_future();
    m_onSocketLoop([turned] { turned->set_value(); });

    if (storage.wait_for(patience) != std::future_status::ready)
        return "storage: no answer";
    if (auto reason = storage.get(); !reason.empty())
        return reason;
    if (sessions.wait_for(patience) != std::future_status::ready)
        return "sessions: no answer";
    if (sockets.wait_for(patience) != std::future_status::ready)
        return "sockets: no answer";
    return {};
}

} // namespace server::app
