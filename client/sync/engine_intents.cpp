#include "client/sync/engine.h"
#include "shared/base/failpoint.h"
#include "shared/base/json.h"

#include <algorithm>

// The half of Engine that deals with intents and with what every commit brings along.
namespace client::sync {

namespace {

using storage::Intent;
using storage::IntentState;
using Kind = ConnectionState::Kind;

constexpr base::Duration coalesce{50};

// Operations whose words must never be lost; by name, since their features lie above.
bool writesMessages(const std::string &op)
{
    return op == "message.create" || op == "macro.run";
}

} // namespace

std::vector<std::int64_t> Engine::retirable() const
{
    std::vector<std::int64_t> over;
    if (!m_replica.allLive())
        return over;
    for (const auto &[n, intent] : m_ports.outbox.intents()) {
        if (intent.seq > m_replica.cursor())
            continue;
        // A held one is over when the server does not hold it any more: sent, replaced or dropped, on any
        // device.
        const bool heldNoMore = intent.state == IntentState::Held &&
                                !m_ports.cache.serverRow({protocol::EntityType::HeldReply, intent.mid});
        if (intent.state == IntentState::Accepted || heldNoMore)
            over.push_back(n);
    }
    return over;
}

// One transaction of the cache: the work, the overlays it disturbs, and the intents that end by it.
bool Engine::commit(const std::function<base::Status()> &work)
{
    auto &cache = m_ports.cache;
    std::vector<std::int64_t> over;
    try {
        cache.begin();
        const auto status = work();
        if (!status) {
            cache.rollBack();
            m_replica.reload();
            drop(backOff(), status.error().detail);
            return false;
        }
        m_merger.refresh(cache.takeStale());
        over = retirable();
        m_merger.remove(over);
        cache.commit();
        noteChanges();
        if (!over.empty())
            retire();
    } catch (const storage::StorageError &error) {
        storageFailed(error);
        return false;
    }
    return true;
}

bool Engine::apply(const std::function<base::Status(Replica &)> &work)
{
    const bool done = commit([&] { return work(m_replica); });
    if (done) {
        m_loader->pump();
        updateState();
    }
    return done;
}

void Engine::computeKeeping()
{
    const std::chrono::days kept{m_settings.keepDays};
    m_replica.setKeepSince(kept.count() > 0 ? m_ports.clock.now() + m_offset.value() - kept
                                            : base::Timestamp{});
}

void Engine::setKeepDays(int days)
{
    const bool isMore = m_settings.keepDays > 0 && (days == 0 || days > m_settings.keepDays);
    m_settings.keepDays = days;
    computeKeeping();
    if (isMore)
        apply([](Replica &replica) -> base::Status {
            replica.readInboxesAgain();
            return base::Done{};
        });
}

bool Engine::guarded(const std::function<void()> &work)
{
    try {
        work();
    } catch (const storage::StorageError &error) {
        storageFailed(error);
        return false;
    }
    return true;
}

void Engine::storageFailed(const storage::StorageError &error)
{
    m_ports.cache.rollBack();
    m_replica.reload();
    linkDown();
    m_link = Link::Off;
    setKind(Kind::Offline, "storage");
    if (m_events.storageFailed)
        m_events.storageFailed(error.isDamage(), error.what());
}

// Their effect is in the cache for good: the outbox may forget them. Repeatable.
void Engine::retire()
{
    const auto over = retirable();
    if (over.empty())
        return;
    std::vector<base::Uuid> files;
    std::vector<std::int64_t> worthKeeping;
    for (const auto n : over) {
        const auto &intent = m_ports.outbox.intents().at(n);
        files.insert(files.end(), intent.uploads.begin(), intent.uploads.end());
        // A held one whose message is there was sent after all, from whichever device.
        const bool wentOut = intent.state == IntentState::Held &&
                             m_ports.cache.serverRow({protocol::EntityType::Message, intent.mid});
        if (wentOut || (intent.state == IntentState::Accepted && !isTrifle(intent)))
            worthKeeping.push_back(n);
    }
    m_ports.outbox.retire(over, worthKeeping, m_ports.clock.now());
    for (const auto &file : files)
        m_ports.outbox.removeUpload(file);
    base::failpoint("intents.retired");
    if (m_events.intents)
        m_events.intents();
}

// Of the refused ones those that are not worth a question.
std::vector<std::int64_t> Engine::trifles(const std::vector<std::int64_t> &numbers) const
{
    std::vector<std::int64_t> found;
    for (const auto n : numbers) {
        const auto intent = m_ports.outbox.intents().find(n);
        if (intent == m_ports.outbox.intents().end())
            continue;
        // Decided once, and otherwise since: only words are worth a question.
        const bool isPast = intent->second.recovered && !writesMessages(intent->second.op);
        if (isPast || isTrifle(intent->second))
            found.push_back(n);
    }
    return found;
}

bool Engine::isTrifle(const Intent &intent) const
{
    const auto *overlay = m_ports.overlays.find(intent.op);
    return overlay && overlay->isTrifle;
}

base::Status Engine::submit(const Order &order)
{
    if (m_ports.outbox.find(order.mid))
        return base::Error{base::ErrorCode::AlreadyExists, "mid"};
    Intent intent;
    intent.mid = order.mid;
    intent.lane = order.lane;
    intent.op = order.op;
    intent.args = order.args;
    intent.madeAt = m_ports.clock.now() + m_offset.value();
    intent.madeMonotonic = m_ports.clock.monotonic();
    intent.boot = m_ports.clock.boot();
    intent.seen = order.seen;
    intent.uploads = order.uploads;
    intent.fixes = order.fixes;
    intent.subject = order.subject;
    if (const auto allowed = m_merger.preview(intent); !allowed)
        return allowed.error();

    std::vector<std::int64_t> replaced;
    for (const auto &[n, waiting] : m_ports.outbox.intents()) {
        const bool sameLane = waiting.lane == order.lane;
        if (order.dependsOnReply && sameLane && writesMessages(waiting.op) &&
            (waiting.state == IntentState::Queued || waiting.state == IntentState::Attempted))
            intent.dep = n;
        if (order.replaceQueued && sameLane && waiting.op == order.op &&
            waiting.state == IntentState::Queued && waiting.args.find(order.replaceKey) != std::string::npos)
            replaced.push_back(n);
    }
    const auto n = m_ports.outbox.add(std::move(intent));
    base::failpoint("intent.stored");
    if (!commit([&]() -> base::Status {
            m_merger.add(n);
            m_merger.remove(replaced);
            return base::Done{};
        }))
        return base::Done{}; // durable: it is shown when the cache works again
    m_ports.outbox.remove(replaced);
    flushChanges(); // shown before it is sent: the answer may be here sooner than the next telling
    if (m_events.intents)
        m_events.intents();
    pumpOutbound();
    updateState();
    return base::Done{};
}

bool Engine::cancel(const base::Uuid &mid)
{
    const auto *intent = m_ports.outbox.find(mid);
    if (!intent)
        return false;
    // One whose file the server does not take was answered with no verdict only, and never can be otherwise.
    const bool hopeless = intent->state == IntentState::Attempted && !m_outbound.isInFlight(intent->n) &&
                          m_ports.outbox.hasRefusedFile(*intent);
    if (intent->state != IntentState::Queued && !hopeless)
        return false;
    const auto n = intent->n;
    const auto done = commit([&]() -> base::Status {
        m_merger.remove({n});
        return base::Done{};
    });
    if (!done)
        return false;
    m_ports.outbox.remove({n});
    if (m_events.intents)
        m_events.intents();
    pumpOutbound(); // what waited behind it may go
    updateState();
    return true;
}

void Engine::retryProblem(const base::Uuid &mid, const base::Uuid &freshMid,
                          const std::optional<std::string> &args)
{
    const auto *problem = m_ports.outbox.find(mid);
    if (!problem || problem->state != IntentState::Problem)
        return;
    auto fresh = *problem;
    fresh.mid = freshMid;
    fresh.args = args.value_or(problem->args);
    fresh.fixes = mid;
    fresh.state = IntentState::Queued;
    fresh.dep = 0;
    fresh.detail.clear();
    fresh.seq = 0;
    fresh.tries = 0;
    fresh.madeAt = m_ports.clock.now() + m_offset.value();
    fresh.madeMonotonic = m_ports.clock.monotonic();
    fresh.boot = m_ports.clock.boot();
    const auto n = m_ports.outbox.add(std::move(fresh));
    commit([&]() -> base::Status {
        m_merger.add(n);
        return base::Done{};
    });
    if (m_events.intents)
        m_events.intents();
    pumpOutbound();
    updateState();
}

void Engine::discardProblem(const base::Uuid &mid)
{
    const auto *problem = m_ports.outbox.find(mid);
    if (!problem || problem->state != IntentState::Problem)
        return;
    m_ports.outbox.remove(m_ports.outbox.problemAndOlder(mid));
    if (m_events.intents)
        m_events.intents();
    updateState();
}

void Engine::uploadsChanged()
{
    pumpOutbound();
    updateState();
}

void Engine::pumpOutbound()
{
    if (m_link != Link::Up || !m_scopesSeen)
        return;
    try {
        for (const auto &text : m_outbound.take(m_offset.value())) {
            base::failpoint("intents.attempted");
            send(text);
        }
    } catch (const storage::StorageError &error) {
        storageFailed(error);
    }
}

void Engine::noteChanges()
{
    const auto fresh = m_ports.cache.takeChanged();
    if (fresh.empty())
        return;
    m_pendingChanges.insert(m_pendingChanges.end(), fresh.begin(), fresh.end());
    if (m_flushTimer == 0)
        m_flushTimer = m_ports.scheduler.after(coalesce, [this] { flushChanges(); });
}

void Engine::flushChanges()
{
    m_ports.scheduler.cancel(std::exchange(m_flushTimer, 0));
    auto all = std::exchange(m_pendingChanges, {});
    if (all.empty())
        return;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    if (m_events.changed)
        m_events.changed(std::make_shared<const std::vector<storage::Changed>>(std::move(all)));
}

bool Engine::isSettled() const
{
    const auto &intents = m_ports.outbox.intents();
    return m_state.kind == Kind::Live && m_loader->isIdle() &&
           std::all_of(intents.begin(), intents.end(),
                       [](const auto &entry) { return storage::needsAuthor(entry.second); });
}

void Engine::setKind(ConnectionState::Kind kind, const std::string &why)
{
    if (m_state.kind != kind || m_state.since == base::Timestamp{})
        m_state.since = m_ports.clock.now();
    m_state.kind = kind;
    m_state.reason = why;
    updateState();
}

// By the minute: it is one more commit.
void Engine::rememberLive(ConnectionState &state)
{
    const auto at = base::fromMs(base::toMs(m_ports.clock.now()) / 60'000 * 60'000);
    if (state.everLive && at == state.lastLive)
        return;
    state.everLive = true;
    state.lastLive = at;
    commit([this, at]() -> base::Status {
        m_ports.cache.setNumber("ever_live", 1);
        m_ports.cache.setNumber("last_live", base::toMs(at));
        m_ports.cache.setNumber("contact", base::toMs(m_ports.clock.now()));
        return base::Done{};
    });
}

// Read marks and drafts: nobody waits for them.
std::int64_t Engine::waitingTrifles() const
{
    const auto &intents = m_ports.outbox.intents();
    return std::count_if(intents.begin(), intents.end(), [this](const auto &entry) {
        const auto &intent = entry.second;
        const auto *overlay = m_ports.overlays.find(intent.op);
        const bool undecided = intent.state == IntentState::Queued || intent.state == IntentState::Attempted;
        return undecided && overlay && overlay->isTrifle;
    });
}

void Engine::updateState()
{
    auto state = m_state;
    state.queued = m_ports.outbox.undecided() - waitingTrifles();
    state.problems = m_ports.outbox.problems();
    state.left = m_left;
    state.serverAhead = std::chrono::duration_cast<std::chrono::seconds>(m_offset.value());
    state.done = state.total = 0;
    for (const auto &[key, scope] : m_ports.cache.scopes())
        if (scope.phase != storage::ScopeState::Phase::Live) {
            state.done += scope.done;
            state.total += scope.total;
        }
    if (m_link == Link::Up) {
        const bool live = m_scopesSeen && m_caughtUp && m_replica.allLive();
        const auto kind = live ? Kind::Live : Kind::CatchingUp;
        if (state.kind != kind)
            state.since = m_ports.clock.now();
        state.kind = kind;
        state.reason.clear();
        if (live)
            rememberLive(state);
    }
    m_state = state;
    if (m_state == m_told)
        return;
    m_told = m_state;
    if (m_events.connection)
        m_events.connection(m_state);
}

} // namespace client::sync
