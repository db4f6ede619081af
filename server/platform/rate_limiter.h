#pragma once

#include "server/ports/rate_limiter.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace server::platform {

/// Token buckets in memory (the generic cell rate algorithm: one number a key). A restart forgets them.
class MemoryRateLimiter : public ports::RateLimiter {
public:
    explicit MemoryRateLimiter(const base::Clock &clock, std::size_t mostKeys = 100'000);

    std::optional<base::Duration> take(std::string_view key, const ports::Rate &rate) override;
    [[nodiscard]] std::optional<base::Duration> wait(std::string_view key,
                                                     const ports::Rate &rate) const override;
    [[nodiscard]] std::size_t keys() const;

private:
    [[nodiscard]] base::Duration fullAgainAt(const std::string &key, base::Duration now) const;
    void forgetIdle(base::Duration now);

    const base::Clock &m_clock;
    const std::size_t m_mostKeys;
    mutable std::mutex m_mutex; // guards the one below
    std::unordered_map<std::string, base::Duration> m_fullAgainAt;
};

} // namespace server::platform
