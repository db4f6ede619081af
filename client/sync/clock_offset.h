#pragma once

#include "shared/base/clock.h"

#include <deque>

namespace client::sync {

/// How far the server's clock is ahead of this machine's: of the last eight samples, the one with the
/// shortest round trip; a jump of more than two seconds begins anew (sync-protocol 13.4).
class ClockOffset {
public:
    void add(base::Timestamp server, base::Timestamp local, base::Duration roundTrip)
    {
        const Sample sample{server - local + roundTrip / 2, roundTrip};
        const auto difference = sample.offset - value();
        if (!m_samples.empty() && (difference > jump || difference < -jump))
            m_samples.clear();
        m_samples.push_back(sample);
        if (m_samples.size() > kept)
            m_samples.pop_front();
    }

    [[nodiscard]] base::Duration value() const
    {
        const Sample *best = nullptr;
        for (const auto &sample : m_samples)
            if (!best || sample.roundTrip < best->roundTrip)
                best = &sample;
        return best ? best->offset : base::Duration{0};
    }

private:
    struct Sample {
        base::Duration offset;
        base::Duration roundTrip;
    };
    static constexpr std::size_t kept = 8;
    static constexpr base::Duration jump{2000};

    std::deque<Sample> m_samples;
};

} // namespace client::sync
