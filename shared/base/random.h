#pragma once

#include <cstddef>
#include <cstdint>

namespace base {

/// A source of random bytes. The production one is the system's secure generator, the simulator's is seeded.
class Random {
public:
    virtual ~Random() = default;
    virtual void fill(void *into, std::size_t size) = 0;

    /// Uniform in [0, bound); 0 for bound 0.
    std::uint64_t below(std::uint64_t bound)
    {
        std::uint64_t value = 0;
        fill(&value, sizeof value);
        return bound == 0 ? 0 : value % bound;
    }
};

} // namespace base
