#include "client/platform/system_clock.h"

#include <ctime>
#include <fstream>

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

std::string SystemClock::boot() const
{
    static const std::string id = [] {
        std::string text;
        std::ifstream{"/proc/sys/kernel/random/boot_id"} >> text;
        return text;
    }();
    return id;
}

} // namespace client::platform
