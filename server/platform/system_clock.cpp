#include "server/platform/system_clock.h"

#include <ctime>

namespace server::platform {

base::Timestamp SystemClock::now() const
{
    return std::chrono::floor<base::Duration>(std::chrono::system_clock::now());
}

base::Duration SystemClock::monotonic() const
{
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time); // unlike CLOCK_MONOTONIC it counts sleep
    return std::chrono::floor<base::Duration>(std::chrono::seconds{time.tv_sec} +
                                              std::chrono::nanoseconds{time.tv_nsec});
}

} // namespace server::platform
