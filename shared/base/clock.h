#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace base {

/// A moment, in milliseconds since 1970 UTC.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// Tells the time. Passed in everywhere; nothing asks the system directly, so tests and the simulator own
/// time.
class Clock {
public:
    virtual ~Clock() = default;
    /// Wall clock; may jump in either direction.
    [[nodiscard]] virtual Timestamp now() const = 0;
    /// Never goes back and counts while the machine sleeps; for measuring how long something took or waited.
    [[nodiscard]] virtual Duration monotonic() const = 0;
    /// Names the run of the machine in which monotonic() counts: two readings compare only within one. Empty
    /// when it has no name.
    [[nodiscard]] virtual std::string boot() const { return {}; }
};

/// Milliseconds since 1970, the form of a timestamp on the wire and in the database.
constexpr std::int64_t toMs(Timestamp at)
{
    return at.time_since_epoch().count();
}

constexpr Timestamp fromMs(std::int64_t ms)
{
    return Timestamp{Duration{ms}};
}

} // namespace base
