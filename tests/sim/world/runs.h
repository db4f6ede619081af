#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// One run: a seed and how much happens in it.
struct Plan {
    std::uint64_t seed = 1;
    std::int64_t steps = 400; ///< things that people do or that go wrong; each brings many events
    int clients = 5;
    int faultPercent = 100;
    int breaking = 12;             ///< percent of steps in which something breaks or heals
    std::set<std::string> faults;  ///< all when empty
    std::set<std::string> ignored; ///< violations of the running oracles that have this in their text
};

/// A kind of world in which something rare is common: these faults only, and often.
struct Profile {
    std::string name;
    std::set<std::string> faults;
    int breaking = 12;
};
[[nodiscard]] const std::vector<Profile> &profiles();
/// Makes it a world of this kind; false when there is no such profile.
bool putOn(Plan &plan, const std::string &profile);

/// Told line by line, with the simulated time in milliseconds.
/// What a replay needs, line by line (tests/model).
using Record = std::function<void(const std::string &line)>;
using Story = std::function<void(std::int64_t at, const std::string &who, const std::string &what)>;

struct RunResult {
    std::string violation; ///< empty: none
    std::int64_t events = 0;
    std::int64_t steps = 0;
    std::size_t intents = 0;
    std::size_t executed = 0;
    std::size_t heldReplies = 0;
    std::int64_t audits = 0; ///< that came to their end
    std::map<std::string, std::int64_t> faults;
};

/// A plan as a long run draws it: worlds of all sizes, each with some of the faults.
Plan variedPlan(std::uint64_t seed);
RunResult run(const Plan &plan, const Story &story = {});
/// Runs it, and records what the journal and the cursors did.
RunResult recorded(const Plan &plan, const Record &record);
/// The same with these steps only.
RunResult run(const Plan &plan, const std::vector<std::int64_t> &steps, const Story &story = {});
/// Leaves out steps, by halves and smaller, while it still fails; what is left.
std::vector<std::int64_t> shrunk(const Plan &plan, const std::function<void(std::size_t left)> &progress);

} // namespace tests
