#include "client/sync/housekeeper.h"

#include "shared/base/text.h"

#include <chrono>

namespace client::sync {

namespace {

constexpr base::Duration firstLook{20'000};
constexpr base::Duration betweenLooks{10 * 60'000};
constexpr base::Duration betweenSteps{30};
constexpr base::Duration auditPatience{15 * 60'000};
constexpr std::chrono::hours betweenAudits{24};
constexpr std::size_t filesAStep = 200;

std::int64_t stored(storage::OutboxStore &outbox, const char *key, std::int64_t otherwise)
{
    const auto text = outbox.setting(key);
    const auto number = text ? base::wholeNumber(*text) : std::nullopt;
    return number && *number >= 0 ? *number : otherwise;
}

} // namespace

storage::CachePolicy Housekeeper::policyOf(storage::OutboxStore &outbox)
{
    storage::CachePolicy policy;
    policy.days = static_cast<int>(std::min<std::int64_t>(stored(outbox, "keep_days", policy.days), 36'500));
    policy.cacheBytes = stored(outbox, "keep_cache_bytes", policy.cacheBytes);
    policy.fileBytes = stored(outbox, "keep_file_bytes", policy.fileBytes);
    return policy;
}

Housekeeper::Housekeeper(Ports ports, Events events)
    : m_ports{ports}
    , m_events{std::move(events)}
    , m_keeper{m_ports.engine, m_ports.cache, m_ports.outbox, m_ports.clock}
    , m_policy{policyOf(m_ports.outbox)}
{
}

Housekeeper::~Housekeeper()
{
    m_ports.scheduler.cancel(m_timer);
}

void Housekeeper::start()
{
    after(firstLook);
}

void Housekeeper::setPolicy(const storage::CachePolicy &policy)
{
    m_ports.outbox.setSetting("keep_days", std::to_string(policy.days));
    m_ports.outbox.setSetting("keep_cache_bytes", std::to_string(policy.cacheBytes));
    m_ports.outbox.setSetting("keep_file_bytes", std::to_string(policy.fileBytes));
    m_policy = policy;
    m_ports.engine.setKeepDays(policy.days);
    after(betweenSteps);
}

void Housekeeper::after(base::Duration delay)
{
    m_ports.scheduler.cancel(m_timer);
    m_timer = m_ports.scheduler.after(delay, [this] {
        m_timer = 0;
        tick();
    });
}

void Housekeeper::tick()
{
    try {
        if (keepCache())
            return after(betweenSteps);
        keepFiles();
        audit();
    } catch (const storage::StorageError &error) {
        return m_events.failed(error.isDamage());
    }
    after(betweenLooks);
}

// Not while there is no server that could bring it back, and after a first sync.
bool Housekeeper::keepCache()
{
    return m_ports.engine.state().kind == ConnectionState::Kind::Live && m_keeper.step(m_policy);
}

void Housekeeper::keepFiles()
{
    const auto gone = m_ports.cache.goneFiles(filesAStep);
    for (const auto &id : gone) {
        m_ports.files.remove(QString::fromStdString(id));
        m_ports.cache.fileRemoved(id);
    }
    m_ports.files.shrink(m_policy.fileBytes);
}

void Housekeeper::audit()
{
    const auto now = m_ports.clock.now();
    const auto due = base::fromMs(m_ports.cache.number("audited_at")) + betweenAudits;
    if (m_auditing || now < due || !m_ports.engine.isSettled())
        return;
    m_auditing = true;
    m_auditor = std::make_unique<Auditor>(
        Auditor::Ports{m_ports.engine, m_ports.cache, m_ports.bulk, m_ports.scheduler, m_ports.clock});
    m_auditor->start(true, auditPatience, [this](const base::Result<AuditResult> &result) {
        m_auditing = false;
        if (!result)
            return; // too much going on: again at the next look
        const auto found = static_cast<std::int64_t>(result->differing.size());
        m_ports.engine.apply([&](Replica &) -> base::Status {
            m_ports.cache.setNumber("audited_at", base::toMs(m_ports.clock.now()));
            m_ports.cache.setNumber("differences", m_ports.cache.number("differences") + found);
            return base::Done{};
        });
    });
}

StorageUse Housekeeper::use()
{
    StorageUse use;
    use.policy = m_policy;
    use.cacheBytes = storage::HotSet{m_ports.cache}.usedBytes();
    use.fileBytes = m_ports.files.usedBytes();
    auto &cache = m_ports.cache.connection();
    use.conversations = cache.number("SELECT count(*) FROM conversation").value_or(0);
    use.withMessages = cache.number("SELECT count(*) FROM conversation WHERE lo IS NOT NULL").value_or(0);
    use.unreadable = m_ports.cache.quarantined();
    use.differences = m_ports.cache.number("differences");
    use.auditedAt = base::fromMs(m_ports.cache.number("audited_at"));
    return use;
}

} // namespace client::sync
