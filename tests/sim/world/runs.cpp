#include "tests/sim/world/runs.h"

#include "tests/sim/world/world.h"

#include <algorithm>
#include <numeric>

namespace tests {

const std::vector<Profile> &profiles()
{
    static const std::vector<Profile> all{
        {"restless",
         {"removals", "read-again", "swing-rights", "swing-conversation", "slow-bulk", "compact", "cut"},
         25},
        {"restored", {"restore", "stall", "slow-bulk", "crash", "cut", "crash-server", "read-again"}, 25},
        {"proxied", {"frames", "cut", "stall", "compact", "removals", "slow-bulk"}, 20},
    };
    return all;
}

bool putOn(Plan &plan, const std::string &profile)
{
    const auto found = std::find_if(profiles().begin(), profiles().end(),
                                    [&profile](const auto &one) { return one.name == profile; });
    if (found == profiles().end())
        return false;
    plan.faults = found->faults;
    plan.breaking = found->breaking;
    return true;
}

Plan variedPlan(std::uint64_t seed)
{
    Plan plan;
    plan.seed = seed;
    SeededRandom random{seed * 7919 + 17};
    static constexpr std::int64_t lengths[] = {100, 250, 600, 1500};
    plan.steps = lengths[random.below(4)];
    plan.clients = 2 + static_cast<int>(random.below(5));
    plan.faultPercent = random.below(10) == 0 ? 0 : 100;
    if (random.below(3) == 0)
        putOn(plan, profiles()[random.below(profiles().size())].name);
    else if (random.below(4) != 0)
        for (const auto &name : faultNames())
            if (random.below(3) == 0)
                plan.faults.insert(name);
    return plan;
}

namespace {

std::vector<std::int64_t> allSteps(const Plan &plan)
{
    std::vector<std::int64_t> steps(static_cast<std::size_t>(plan.steps));
    std::iota(steps.begin(), steps.end(), 0);
    return steps;
}

RunResult lived(World &world, const Plan &plan, const std::vector<std::int64_t> &steps)
{
    world.faults = plan.faultPercent;
    world.allowed = plan.faults;
    world.breaking = plan.breaking;
    world.loop.ignored = plan.ignored;
    if (plan.faultPercent == 0)
        world.server->busy = 0;
    for (const auto index : steps)
        world.step(index);
    RunResult result;
    result.violation = world.judge().toStdString();
    result.events = world.loop.steps;
    result.steps = static_cast<std::int64_t>(steps.size());
    result.intents = world.intents();
    result.executed = world.server->watch.executions;
    result.heldReplies = world.heldReplies;
    result.audits = world.audits();
    result.faults = world.happened;
    return result;
}

} // namespace

RunResult run(const Plan &plan, const Story &story)
{
    return run(plan, allSteps(plan), story);
}

RunResult recorded(const Plan &plan, const Record &record)
{
    World world{plan.seed, plan.clients};
    world.loop.recorder = record;
    const auto result = lived(world, plan, allSteps(plan));
    world.server->recordJournal();
    return result;
}

RunResult run(const Plan &plan, const std::vector<std::int64_t> &steps, const Story &story)
{
    World world{plan.seed, plan.clients};
    if (story)
        world.loop.teller = [&](const std::string &who, const std::string &what) {
            story(world.loop.clock.monotonic().count(), who, what);
        };
    return lived(world, plan, steps);
}

std::vector<std::int64_t> shrunk(const Plan &plan, const std::function<void(std::size_t left)> &progress)
{
    auto steps = allSteps(plan);
    for (auto piece = (steps.size() + 1) / 2; piece > 0;) {
        bool smaller = false;
        for (std::size_t from = 0; from < steps.size();) {
            auto without = steps;
            const auto end = std::min(from + piece, steps.size());
            without.erase(without.begin() + static_cast<std::ptrdiff_t>(from),
                          without.begin() + static_cast<std::ptrdiff_t>(end));
            if (run(plan, without).violation.empty()) {
                from = end;
                continue;
            }
            steps = std::move(without);
            smaller = true;
            progress(steps.size());
        }
        if (piece == 1 && !smaller)
            break;
        piece = smaller && piece == 1 ? 1 : piece / 2;
    }
    return steps;
}

} // namespace tests
