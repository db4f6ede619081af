#pragma once

#include "shared/base/clock.h"

#include <optional>
#include <string_view>

namespace server::ports {

/// How often something may happen: `burst` at once, then one every `every`.
struct Rate {
    int burst = 1;
    base::Duration every{1000};
};

/// Counts per key (an address, an account name). Any thread. Memory is bounded: keys that are full again are
/// dropped, and past the bound the fullest go first.
class RateLimiter {
public:
    virtual ~RateLimiter() = default;
    /// Takes one; nothing when that was allowed, else how long to wait. Use one prefix per purpose:
    /// "session:10.0.0.1".
    virtual std::optional<base::Duration> take(std::string_view key, const Rate &rate) = 0;
    /// Takes nothing: how long take() would have to wait, or nothing.
    [[nodiscard]] virtual std::optional<base::Duration> wait(std::string_view key,
                                                             const Rate &rate) const = 0;
};

} // namespace server::ports
