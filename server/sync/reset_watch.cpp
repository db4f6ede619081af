#include "server/sync/reset_watch.h"

#include <chrono>

namespace server::sync {

namespace {

constexpr std::int64_t minute = 60;      // s
constexpr std::int64_t fewHellos = 20;   // one device that was away for long is no storm
constexpr std::int64_t oneIn = 5;        // more resets than a fifth of those who came
constexpr std::int64_t stormFactor = 10; // a snapshot is some ten times the work of a resume

} // namespace

void ResetWatch::hello(bool wasReset)
{
    const auto second = now();
    while (!m_seconds.empty() && m_seconds.front().number <= second - minute)
        m_seconds.pop_front();
    if (m_seconds.empty() || m_seconds.back().number != second)
        m_seconds.push_back({second, 0, 0});
    ++m_seconds.back().hellos;
    m_seconds.back().resets += wasReset ? 1 : 0;
}

std::int64_t ResetWatch::factor() const
{
    std::int64_t hellos = 0;
    std::int64_t resets = 0;
    for (const auto &second : m_seconds)
        if (second.number > now() - minute) {
            hellos += second.hellos;
            resets += second.resets;
        }
    return hellos >= fewHellos && resets * oneIn > hellos ? stormFactor : 1;
}

std::int64_t ResetWatch::now() const
{
    return std::chrono::duration_cast<std::chrono::seconds>(m_clock.monotonic()).count();
}

} // namespace server::sync
