#pragma once

#include <cstdint>
#include <limits>
#include <set>
#include <string>

namespace tests {

/// Many worlds over several processes.
struct LongRun {
    std::uint64_t firstSeed = 1;
    std::int64_t worlds = std::numeric_limits<std::int64_t>::max();
    std::int64_t events = 1'000'000;
    int jobs = 1;
    int failures = 10;            ///< then it is known that something is wrong
    std::set<std::string> faults; ///< these only, in every world
    std::string profile;          ///< of every world; empty: as drawn
    std::set<std::string> ignored;
};

/// Runs them and prints what came of it; 0 when no oracle spoke.
int runFar(const LongRun &far, int argc, char **argv);

} // namespace tests
