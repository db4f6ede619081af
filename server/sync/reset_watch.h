#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <deque>

namespace server::sync {

/// Notices when many devices must begin anew within a minute, as after a restore (sync-protocol 8.5): each
/// then reads whole scopes instead of a few changes, so that those who come back are asked to take more time.
/// One thread.
class ResetWatch {
public:
    explicit ResetWatch(const base::Clock &clock) : m_clock{clock} {}

    void hello(bool wasReset);
    /// How many times longer than usual connections should spread over; 1 when all is well.
    [[nodiscard]] std::int64_t factor() const;

private:
    struct Second {
        std::int64_t number = 0; ///< since the clock began
        std::int64_t hellos = 0;
        std::int64_t resets = 0;
    };

    [[nodiscard]] std::int64_t now() const;

    const base::Clock &m_clock;
    std::deque<Second> m_seconds; ///< those of the last minute in which somebody came
};

} // namespace server::sync
