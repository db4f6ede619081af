#include "server/platform/rate_limiter.h"

#include <algorithm>
#include <vector>

namespace server::platform {

namespace {

std::optional<base::Duration> waitFrom(base::Duration fullAgainAt, base::Duration now,
                                       const ports::Rate &rate)
{
    const auto allowedAt = fullAgainAt + rate.every - rate.every * rate.burst;
    return allowedAt > now ? std::optional{allowedAt - now} : std::nullopt;
}

} // namespace

MemoryRateLimiter::MemoryRateLimiter(const base::Clock &clock, std::size_t mostKeys)
    : m_clock{clock}
    , m_mostKeys{mostKeys}
{
}

std::optional<base::Duration> MemoryRateLimiter::take(std::string_view key, const ports::Rate &rate)
{
    const auto now = m_clock.monotonic();
    const std::lock_guard lock{m_mutex};
    const std::string name{key};
    const auto from = fullAgainAt(name, now);
    if (const auto ahead = waitFrom(from, now, rate))
        return ahead;
    if (m_fullAgainAt.size() >= m_mostKeys && !m_fullAgainAt.contains(name))
        forgetIdle(now);
    m_fullAgainAt[name] = from + rate.every;
    return std::nullopt;
}

std::optional<base::Duration> MemoryRateLimiter::wait(std::string_view key, const ports::Rate &rate) const
{
    const auto now = m_clock.monotonic();
    const std::lock_guard lock{m_mutex};
    return waitFrom(fullAgainAt(std::string{key}, now), now, rate);
}

base::Duration MemoryRateLimiter::fullAgainAt(const std::string &key, base::Duration now) const
{
    const auto known = m_fullAgainAt.find(key);
    return known == m_fullAgainAt.end() ? now : std::max(now, known->second);
}

std::size_t MemoryRateLimiter::keys() const
{
    const std::lock_guard lock{m_mutex};
    return m_fullAgainAt.size();
}

// When nothing is idle, half of the keys go: those that would have been free again soonest.
void MemoryRateLimiter::forgetIdle(base::Duration now)
{
    std::erase_if(m_fullAgainAt, [now](const auto &item) { return item.second <= now; });
    if (m_fullAgainAt.size() < m_mostKeys)
        return;
    std::vector<base::Duration> moments;
    for (const auto &item : m_fullAgainAt)
        moments.push_back(item.second);
    const auto middle = moments.begin() + static_cast<std::ptrdiff_t>(moments.size() / 2);
    std::nth_element(moments.begin(), middle, moments.end());
    std::erase_if(m_fullAgainAt, [at = *middle](const auto &item) { return item.second <= at; });
}

} // namespace server::platform
