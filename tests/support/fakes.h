#pragma once

#include "shared/base/clock.h"
#include "shared/base/random.h"

#include <cstdint>
#include <random>

/// Time and chance under the test's control.
namespace tests {

class FakeClock : public base::Clock {
public:
    explicit FakeClock(std::int64_t startMs = 1'767'190'000'000) : m_ms{startMs} {}
    base::Timestamp now() const override { return base::fromMs(m_ms); }
    base::Duration monotonic() const override { return base::Duration{m_monotonic}; }
    void advance(base::Duration by)
    {
        m_ms += by.count();
        m_monotonic += by.count();
    }
    void setWall(std::int64_t ms) { m_ms = ms; }
    std::string boot() const override { return m_boot; }
    /// The machine is started anew: its monotonic clock begins at `uptime`.
    void reboot(base::Duration uptime = {})
    {
        m_boot += '+';
        m_monotonic = uptime.count();
    }

private:
    std::int64_t m_ms;
    std::int64_t m_monotonic = 0;
    std::string m_boot = "first";
};

/// Repeatable from its seed.
class SeededRandom : public base::Random {
public:
    explicit SeededRandom(std::uint64_t seed) : m_engine{seed} {}
    void fill(void *into, std::size_t size) override
    {
        auto *bytes = static_cast<std::uint8_t *>(into);
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<std::uint8_t>(m_engine() & 0xff);
    }

private:
    std::mt19937_64 m_engine;
};

} // namespace tests
