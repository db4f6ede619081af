#include "client/platform/system_clock.h"

#include <ctime>

namespace client::platform {

base::Timestamp SystemClock::now() const
{
    return std::chrono::floor<base::Duration>(std::chrono::system_clock::now());
}

base::Duration SystemClock::monotonic() const
{
#ifdef CLOCK_BOOTTIME
    timespec at{};
    if (clock_gettime(CLOCK_BOOTTIME, &at) == 0)
        return std::chrono::duration_cast<base::Duration>(std::chrono::seconds{at.tv_sec} +
                                                          std::chrono::nanoseconds{at.tv_nsec});
#endif
    return std::chrono::duration_cast<base::Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

} // namespace client::platform
