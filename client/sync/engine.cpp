#include "client/sync/engine.h"

#include "shared/base/json.h"
#include "shared/protocol/close_code.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace client::sync {

namespace {

using protocol::CloseCode;
using Kind = ConnectionState::Kind;

constexpr base::Duration openLimit{20'000};
constexpr base::Duration watchEvery{5000};
constexpr base::Duration probeLimit{5000};
constexpr base::Duration healthyAfter{60'000};
constexpr base::Duration firstWait{500};
constexpr base::Duration longestWait{60'000};
constexpr base::Duration badFramePause{300'000};

} // namespace

Engine::Engine(Ports ports, Settings settings, Events events)
    : m_ports{ports}
    , m_settings{std::move(settings)}
    , m_events{std::move(events)}
    , m_replica{m_ports.cache}
    , m_merger{m_ports.cache, m_ports.outbox, m_ports.overlays, m_settings.me}
    , m_outbound{m_ports.outbox, m_ports.clock, m_ports.random}
{
    BulkLoader::Ports loader{m_ports.cache,
                             m_replica,
                             m_ports.bulk,
                             m_ports.scheduler,
                             m_ports.random,
                             m_ports.clock,
                             [this](const std::function<base::Status()> &work) {
                                 const bool done = commit(work);
                                 if (done)
                                     updateState();
                                 return done;
                             },
                             [this] { return m_access; },
                             [this] { renewToken(); },
                             [this](const std::function<void()> &work) { guarded(work); }};
    m_loader = std::make_unique<BulkLoader>(std::move(loader));
}

Engine::~Engine()
{
    stop();
}

void Engine::start()
{
    computeKeeping();
    const bool ready = commit([this]() -> base::Status {
        // What came back before the last exit is done, whatever the outbox still says.
        const auto over = retirable();
        m_merger.reconcile();
        m_merger.remove(over);
        // Another version of the program may read what this one could not.
        const auto program = static_cast<std::int64_t>(std::hash<std::string>{}(m_settings.app) >> 12);
        if (m_ports.cache.number("program") != program) {
            m_replica.retryQuarantined();
            m_ports.cache.setNumber("program", program);
        }
        return base::Done{};
    });
    if (!ready)
        return;
    retire();
    m_state.everLive = m_ports.cache.number("ever_live") != 0;
    m_state.lastLive = base::fromMs(m_ports.cache.number("last_live"));
    watchLease();
    updateState();
    if (!m_settings.offline && m_link == Link::Off) {
        setKind(Kind::Connecting);
        connect();
    }
}

void Engine::stop()
{
    if (m_link == Link::Up)
        send(R"({"k":"bye"})");
    linkDown();
    m_link = Link::Off;
    m_ports.scheduler.cancel(m_retryTimer);
    m_ports.scheduler.cancel(m_flushTimer);
    m_ports.scheduler.cancel(std::exchange(m_leaseTimer, 0));
    m_flushTimer = 0;
}

void Engine::connect()
{
    m_link = Link::Token;
    const auto attempt = ++m_attempt;
    m_ports.tokens.get(std::exchange(m_renew, false),
                       [this, attempt, alive = std::weak_ptr{m_alive}](const auto &access) {
                           if (!alive.expired() && attempt == m_attempt)
                               gotToken(access);
                       });
}

void Engine::gotToken(const base::Result<std::string> &access)
{
    if (!access) {
        switch (access.error().code) {
        case base::ErrorCode::Unauthorized:
            return park(Kind::SignedOut, access.error().detail);
        case base::ErrorCode::DeviceRevoked:
        case base::ErrorCode::UserDisabled:
            park(Kind::Revoked, std::string{base::toText(access.error().code)});
            if (m_events.revoked)
                m_events.revoked();
            return;
        default:
            return drop(backOff(), access.error().detail);
        }
    }
    m_access = *access;
    m_link = Link::Opening;
    m_helloAt = m_ports.clock.monotonic();
    const auto attempt = m_attempt;
    const auto guarded = [this, attempt, alive = std::weak_ptr{m_alive}](auto work) {
        if (!alive.expired() && attempt == m_attempt)
            work();
    };
    WireEvents events;
    events.opened = [this, guarded] { guarded([this] { sendHello(); }); };
    events.frame = [this, guarded](std::string_view text) { guarded([this, text] { frame(text); }); };
    events.closed = [this, guarded](int code, const std::string &why, base::Duration retryAfter) {
        guarded([&] { wireClosed(code, why, retryAfter); });
    };
    m_ports.wire.open(std::move(events));
    startWatching();
}

void Engine::sendHello()
{
    m_link = Link::Hello;
    m_helloAt = m_heardAt = m_ports.clock.monotonic();
    m_replica.connectionChanged();
    m_outbound.connectionChanged();
    m_scopesSeen = m_caughtUp = false;
    m_unacked = 0;

    auto scopes = base::Json::array();
    for (const auto &[key, state] : m_ports.cache.scopes()) {
        static constexpr const char *phases[] = {"snap", "live", "resnap"};
        scopes.push_back({{"s", key}, {"st", phases[static_cast<int>(state.phase)]}, {"sid", state.sid}});
    }
    base::Json hello{{"k", "hello"},
                     {"proto", {protocol::version, protocol::version}},
                     {"shape", protocol::rowShape},
                     {"app", m_settings.app},
                     {"device", m_settings.device.text()},
                     {"token", m_access},
                     {"codecs", protocol::knownCodecs(m_offersDictionary)},
                     {"epoch", m_replica.epoch()},
                     {"q", m_replica.cursor()},
                     {"scopes", std::move(scopes)},
                     {"undecided", m_outbound.attempted()}};
    if (m_offersDictionary)
        hello["dict"] = protocol::dictionaryName();
    send(base::toText(hello));
}

void Engine::send(const std::string &text)
{
    m_ports.wire.send(text);
}

void Engine::linkDown()
{
    ++m_attempt;
    m_loader->disconnected();
    m_replica.connectionChanged();
    m_outbound.connectionChanged();
    for (auto *timer : {&m_watchTimer, &m_ackTimer, &m_byeTimer, &m_laneTimer})
        m_ports.scheduler.cancel(std::exchange(*timer, 0));
    if (m_link == Link::Opening || m_link == Link::Hello || m_link == Link::Up)
        m_ports.wire.close();
    m_probeUntil = m_pingedAt = base::Duration{0};
}

void Engine::drop(base::Duration wait, const std::string &why)
{
    const bool wasUp = m_link == Link::Up;
    if (m_state.kind == Kind::Live)
        m_state.lastLive = m_ports.clock.now();
    linkDown();
    m_link = Link::Waiting; // from here on: what is told next is no connection's state any more
    if (wasUp)
        setKind(Kind::Reconnecting, why);
    else
        setKind(m_failures > 1 || m_state.kind == Kind::Offline ? Kind::Offline : m_state.kind, why);
    waitThenConnect(wait);
}

void Engine::waitThenConnect(base::Duration wait)
{
    m_link = Link::Waiting;
    m_ports.scheduler.cancel(m_retryTimer);
    m_retryTimer = m_ports.scheduler.after(wait, [this] {
        m_retryTimer = 0;
        if (m_link == Link::Waiting)
            connect();
    });
}

base::Duration Engine::backOff()
{
    if (m_upSince.count() > 0 && m_ports.clock.monotonic() - m_upSince > healthyAfter)
        m_failures = 0;
    m_upSince = base::Duration{0};
    const auto most = std::min(longestWait, base::Duration{firstWait * (1 << std::min(m_failures, 10))});
    ++m_failures;
    return base::Duration{
        static_cast<std::int64_t>(m_ports.random.below(static_cast<std::uint64_t>(most.count()))) + 1};
}

void Engine::park(ConnectionState::Kind kind, const std::string &why)
{
    linkDown();
    m_link = Link::Parked;
    setKind(kind, why);
}

void Engine::wireClosed(int code, const std::string &why, base::Duration retryAfter)
{
    const bool wasUp = m_link == Link::Up;
    const auto now = m_ports.clock.monotonic();
    const auto spread = [this] {
        return base::Duration{static_cast<std::int64_t>(
            m_ports.random.below(static_cast<std::uint64_t>(std::max<std::int64_t>(1, m_spreadMs))))};
    };
    // The server has counted how many it sent away; this only keeps those of one second apart.
    const auto jitter = [this] {
        return base::Duration{static_cast<std::int64_t>(m_ports.random.below(1000))};
    };
    const auto text = why.empty() ? "closed " + std::to_string(code) : why;
    switch (static_cast<CloseCode>(code)) {
    case CloseCode::AuthExpired:
    case CloseCode::DeviceRevoked: // the sign-in service has the last word on these
    case CloseCode::UserDisabled:
        m_renew = true;
        return drop(wasUp ? base::Duration{1} : backOff(), text);
    case CloseCode::Replaced:
        return park(Kind::Replaced, text);
    case CloseCode::UpgradeRequired:
        return park(Kind::UpgradeRequired, text);
    case CloseCode::BadFrame:
        m_resetMe = m_badFrames++ > 0 && now - m_badFrameAt < badFramePause;
        m_badFrameAt = now;
        return drop(backOff(), text);
    case CloseCode::Limit:
        return drop(longestWait + backOff(), text);
    case CloseCode::Drain:
        return drop(spread(), text);
    case CloseCode::EpochChanged:
        return drop(base::Duration{1}, text);
    case CloseCode::Normal:
    case CloseCode::GoingAway:
    case CloseCode::HelloExpected:
    case CloseCode::SlowConsumer:
        break;
    }
    if (retryAfter.count() > 0)
        return drop(retryAfter + jitter(), text);
    // Many were cut off by the same thing: the first wait is the one the server asked for in time. Whoever is
    // cut off again and again waits longer.
    const bool healthy = wasUp && m_ports.clock.monotonic() - m_upSince > healthyAfter;
    const auto first = wasUp ? spread() : base::Duration{0};
    drop(healthy ? first : std::max({first, backOff(), base::Duration{1}}), text);
}

void Engine::renewToken()
{
    const auto attempt = m_attempt;
    m_ports.tokens.get(
        true, [this, attempt, alive = std::weak_ptr{m_alive}](const base::Result<std::string> &access) {
            if (alive.expired() || attempt != m_attempt)
                return;
            if (!access) {
                if (access.error().code != base::ErrorCode::Network)
                    gotToken(access);
                return; // the server closes when it has had enough
            }
            m_access = *access;
            if (m_link == Link::Up)
                send(base::toText({{"k", "auth"}, {"token", m_access}}));
            m_loader->pump();
        });
}

void Engine::startWatching()
{
    m_ports.scheduler.cancel(m_watchTimer);
    m_watchTimer = m_ports.scheduler.after(watchEvery, [this] {
        m_watchTimer = 0;
        watch();
    });
}

// The socket may look alive when nothing is behind it any more.
void Engine::watch()
{
    const auto now = m_ports.clock.monotonic();
    if (m_link == Link::Opening || m_link == Link::Hello) {
        if (now - m_helloAt > openLimit)
            return drop(backOff(), "no answer");
    } else if (m_link == Link::Up) {
        if (now - m_heardAt > protocol::silenceLimit)
            return drop(backOff(), "silence");
        if (m_probeUntil.count() > 0 && now >= m_probeUntil && m_heardAt < m_pingedAt)
            return drop(base::Duration{1}, "no answer");
        if (m_outbound.isOverdue())
            return drop(base::Duration{1}, "no verdict");
        if (now - m_heardAt > protocol::pingEvery && now - m_pingedAt > protocol::pingEvery) {
            m_pingedAt = now;
            send(base::toText({{"k", "ping"}, {"x", now.count()}}));
        }
    }
    startWatching();
}

void Engine::wake()
{
    if (m_settings.offline)
        return;
    switch (m_link) {
    case Link::Waiting:
    case Link::Parked:
        if (m_state.kind == Kind::Revoked || m_state.kind == Kind::UpgradeRequired)
            return;
        m_ports.scheduler.cancel(m_retryTimer);
        m_retryTimer = 0;
        setKind(Kind::Connecting);
        return connect();
    case Link::Up:
        m_pingedAt = m_ports.clock.monotonic();
        m_probeUntil = m_pingedAt + probeLimit;
        return send(base::toText({{"k", "ping"}, {"x", m_pingedAt.count()}}));
    case Link::Off:
    case Link::Token:
    case Link::Opening:
    case Link::Hello:
        return;
    }
}

} // namespace client::sync
