#include "client/sync/engine.h"
#include "shared/base/json.h"
#include "shared/protocol/rows.h"

#include <algorithm>
#include <chrono>

// The part of Engine that minds how long a device may show what it holds without asking (sync-protocol 4.4).
namespace client::sync {

namespace {

constexpr base::Duration leaseLook{60 * 60'000};

} // namespace

std::int64_t Engine::leaseDays() const
{
    auto days = domain::defaultOfflineLease;
    m_ports.cache.connection().each(
        "SELECT id, row FROM account LIMIT 1", {}, [&days](const storage::RowView &row) {
            const auto json = base::parseJson(row.text(1));
            if (const auto account = json ? protocol::accountFromRow(row.uuid(0), *json) : base::Error{})
                days = account->offlineLeaseDays.value_or(days);
        });
    return std::max<std::int64_t>(0, days);
}

// The server knows this device and lets it in: that is all a lease needs.
void Engine::noteContact()
{
    commit([this]() -> base::Status {
        m_ports.cache.setNumber("contact", base::toMs(m_ports.clock.now()));
        m_ports.cache.setNumber("latest_seen", base::toMs(m_ports.clock.now()));
        return base::Done{};
    });
    m_state.leaseOver = false;
}

// By the latest time this machine ever showed: who sets its clock back gains nothing.
void Engine::watchLease()
{
    const auto now = m_ports.clock.now();
    const auto contact = base::fromMs(m_ports.cache.number("contact"));
    const auto latest = std::max(now, base::fromMs(m_ports.cache.number("latest_seen")));
    m_state.leaseDays = leaseDays();
    // Nobody has been let in yet: then there is nothing to show either.
    const bool hasLease = m_state.leaseDays > 0 && contact != base::Timestamp{};
    m_state.leaseOver =
        hasLease && m_link != Link::Up && latest - contact > std::chrono::days{m_state.leaseDays};
    if (latest == now && m_link != Link::Up)
        commit([this, now]() -> base::Status {
            m_ports.cache.setNumber("latest_seen", base::toMs(now));
            return base::Done{};
        });
    updateState();
    m_ports.scheduler.cancel(m_leaseTimer);
    m_leaseTimer = m_ports.scheduler.after(leaseLook, [this] {
        m_leaseTimer = 0;
        watchLease();
    });
}

} // namespace client::sync
