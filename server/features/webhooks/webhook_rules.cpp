#include "server/features/webhooks/webhook_rules.h"

#include <algorithm>

namespace server::webhooks {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int atOnce = 4; // to one target
constexpr int failuresUntilRest = 5;
constexpr base::Duration firstPause = seconds{5};
constexpr base::Duration longestPause = hours{1};
constexpr base::Duration firstRest = seconds{10};
constexpr base::Duration longestRest = minutes{5};

// Half of it for certain, half by chance: those that failed together do not come back together.
base::Duration spread(base::Duration whole, base::Random &random)
{
    const auto half = whole.count() / 2;
    return base::Duration{half +
                          static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(half) + 1))};
}

base::Duration doubled(base::Duration first, int times, base::Duration most)
{
    return std::min(most, first * (std::int64_t{1} << std::clamp(times, 0, 20)));
}

} // namespace

bool isEvent(std::string_view name)
{
    return std::find(eventNames.begin(), eventNames.end(), name) != eventNames.end();
}

bool isFleeting(std::string_view name)
{
    return name == "webwidget_triggered" || name.starts_with("conversation_typing_");
}

Effort effortFor(std::string_view event, bool isInbox)
{
    if (isFleeting(event))
        return {1, minutes{1}};
    return isInbox ? Effort{8, hours{1}} : Effort{14, hours{24}};
}

base::Duration pause(int attempt, base::Duration asked, base::Random &random)
{
    return std::max(spread(doubled(firstPause, attempt - 1, longestPause), random),
                    std::clamp(asked, base::Duration{0}, longestPause));
}

Verdict verdictOf(int status)
{
    if (status >= 200 && status < 300)
        return Verdict::Taken;
    return status == 410 ? Verdict::Never : Verdict::Again;
}

int TargetHealth::room(base::Timestamp now) const
{
    if (now < m_restsUntil)
        return 0;
    return m_failures >= failuresUntilRest ? 1 : atOnce;
}

void TargetHealth::succeeded()
{
    m_failures = 0;
    m_restsUntil = {};
}

void TargetHealth::failed(base::Timestamp now, base::Duration asked, base::Random &random)
{
    ++m_failures;
    auto until = now + std::clamp(asked, base::Duration{0}, longestPause);
    if (m_failures >= failuresUntilRest)
        until = std::max(
            until, now + spread(doubled(firstRest, m_failures - failuresUntilRest, longestRest), random));
    m_restsUntil = std::max(m_restsUntil, until);
}

std::optional<base::Timestamp> TargetHealth::restsUntil(base::Timestamp now) const
{
    return now < m_restsUntil ? std::optional{m_restsUntil} : std::nullopt;
}

} // namespace server::webhooks
