#include "client/sync/bulk_loader.h"

#include "shared/base/json.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <chrono>
#include <memory>

namespace client::sync {

namespace {

using storage::ScopeState;

constexpr std::size_t maxAtOnce = 2;
constexpr std::size_t windowsLookedAt = 64;
constexpr base::Duration firstPause{1000};
constexpr base::Duration longestPause{60'000};
constexpr std::chrono::days recentLife{30};

std::string escaped(std::string_view text)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        if (plain)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

// Small scopes first, then people, then inboxes.
int rank(const std::string &scope)
{
    return scope == "a" ? 0 : scope.starts_with("u:") ? 1 : scope == "c" ? 2 : 3;
}

} // namespace

BulkLoader::BulkLoader(Ports ports) : m_ports{std::move(ports)} {}

BulkLoader::~BulkLoader()
{
    disconnected();
}

void BulkLoader::connected()
{
    m_connected = true;
    m_failures = 0;
}

void BulkLoader::disconnected()
{
    m_connected = false;
    for (const auto &[id, task] : m_running)
        m_ports.bulk.cancel(id);
    for (std::size_t ended = 0; ended < m_running.size(); ++ended)
        m_ports.replica.bulkEnded();
    m_running.clear();
    m_invisible.clear();
    m_ports.scheduler.cancel(m_pause);
    m_pause = 0;
}

void BulkLoader::deltaApplied()
{
    m_invisible.clear();
}

void BulkLoader::loadOlder(const base::Uuid &conversation, std::int64_t before)
{
    if (before > 1)
        m_older[conversation] = before;
    pump();
}

bool BulkLoader::isRunning(const Task &task) const
{
    return std::any_of(m_running.begin(), m_running.end(), [&task](const auto &entry) {
        return entry.second.scope == task.scope && entry.second.conversation == task.conversation;
    });
}

std::optional<BulkLoader::Task> BulkLoader::next() const
{
    const auto wanted = m_ports.cache.wantedWindows(windowsLookedAt);
    const auto windowOf = [&](bool urgent) -> std::optional<Task> {
        for (const auto &want : wanted) {
            const Task task{{}, want.conversation, 0, want.serial};
            if (want.urgent == urgent && !m_invisible.contains(want.conversation) && !isRunning(task))
                return task;
        }
        return std::nullopt;
    };
    if (const auto urgent = windowOf(true))
        return urgent;
    for (const auto &[conversation, before] : m_older)
        if (const Task task{{}, conversation, before, 0}; !isRunning(task))
            return task;
    std::optional<Task> best;
    for (const auto &[key, state] : m_ports.cache.scopes()) {
        const Task task{key, {}, 0, state.sid};
        if (state.phase != ScopeState::Phase::Live && !isRunning(task) &&
            (!best || rank(key) < rank(best->scope)))
            best = task;
    }
    if (best || !m_ports.replica.allLive())
        return best; // a running snapshot may bring the other windows by itself
    return windowOf(false);
}

std::string BulkLoader::target(const Task &task) const
{
    const auto least = "&min=" + std::to_string(m_ports.replica.cursor());
    const auto since = m_ports.replica.keepSince();
    // Of long conversations the last month is kept, and never more than anything else is.
    const auto recent = std::max(since, m_ports.clock.now() - recentLife);
    const auto kept = "&recent=" + std::to_string(base::toMs(recent)) + least;
    if (!task.isSnapshot() && task.before > 0)
        return "/sync/v1/window?conv=" + task.conversation.text() + "&before=" + std::to_string(task.before) +
               "&limit=" + std::to_string(protocol::windowMessages) + least;
    if (!task.isSnapshot())
        return "/sync/v1/window?conv=" + task.conversation.text() + "&before=0" + kept;
    const auto &state = m_ports.cache.scopes().at(task.scope);
    return "/sync/v1/snap?scope=" + escaped(task.scope) + "&sid=" + std::to_string(state.sid) +
           "&tok=" + escaped(state.token) + "&hot=" + std::to_string(base::toMs(since)) + kept;
}

void BulkLoader::pump()
{
    while (m_connected && m_pause == 0 && m_running.size() < maxAtOnce) {
        const auto task = next();
        if (!task)
            return;
        start(*task);
    }
}

void BulkLoader::start(const Task &task)
{
    m_ports.replica.bulkBegan();
    // The id is known to the callbacks once get() has returned, which is before either is called.
    auto id = std::make_shared<BulkId>(0);
    BulkEvents events;
    events.part = [this, task](const std::string &text) { m_ports.guarded([&] { part(task, text); }); };
    events.done = [this, task, id](const BulkEnd &end) { m_ports.guarded([&] { done(*id, task, end); }); };
    *id = m_ports.bulk.get(target(task), m_ports.access(), false, std::move(events));
    m_running.emplace(*id, task);
}

void BulkLoader::part(const Task &task, const std::string &text)
{
    m_ports.commit([&]() -> base::Status {
        const auto frame = base::parseJson(text, {protocol::maxFrameBytes, 32});
        if (!frame)
            return frame.error();
        if (task.isSnapshot()) {
            const auto applied = m_ports.replica.bundle(*frame);
            if (!applied)
                return applied.error();
            return base::Done{};
        }
        const auto outcome = m_ports.replica.window(*frame, task.before);
        if (!outcome)
            return outcome.error();
        if (task.before > 0) {
            m_older.erase(task.conversation);
        } else if (*outcome == Replica::WindowOutcome::NotVisible) {
            m_invisible.insert(task.conversation);
        } else {
            m_ports.cache.windowArrived(task.conversation, task.serial);
        }
        return base::Done{};
    });
}

void BulkLoader::done(BulkId id, const Task &task, const BulkEnd &end)
{
    if (m_running.erase(id) == 0)
        return;
    m_ports.replica.bulkEnded();
    if (end.status == 200) {
        m_failures = 0;
        return pump();
    }
    if (end.status == 401)
        m_ports.unauthorized();
    if (end.status == 404 && task.before > 0)
        m_older.erase(task.conversation);
    if (end.status == 400 && task.isSnapshot())
        beginAgain(task.scope);
    if (end.retryAfter.count() > 0)
        return pauseFor(end.retryAfter);
    const auto longest = std::min(longestPause, base::Duration{firstPause * (1 << std::min(m_failures, 10))});
    ++m_failures;
    pauseFor(base::Duration{
        static_cast<std::int64_t>(m_ports.random.below(static_cast<std::uint64_t>(longest.count()))) + 1});
}

// The place it stopped at means nothing to this server.
void BulkLoader::beginAgain(const std::string &scope)
{
    m_ports.commit([&]() -> base::Status {
        if (const auto known = m_ports.cache.scopes().find(scope); known != m_ports.cache.scopes().end()) {
            auto state = known->second;
            state.token.clear();
            m_ports.cache.putScope(scope, state);
        }
        return base::Done{};
    });
}

void BulkLoader::pauseFor(base::Duration delay)
{
    if (m_pause != 0 || !m_connected)
        return;
    m_pause = m_ports.scheduler.after(delay, [this] {
        m_pause = 0;
        m_ports.guarded([this] { pump(); });
    });
}

} // namespace client::sync
