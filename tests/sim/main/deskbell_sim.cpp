#include "tests/sim/main/parallel.h"
#include "tests/sim/world/runs.h"
#include "tests/sim/world/world.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

namespace {

void tell(std::int64_t at, const std::string &who, const std::string &what)
{
    std::printf("%10.3f  %-9s %s\n", static_cast<double>(at) / 1000, who.c_str(), what.c_str());
}

// One seed, told, and made smaller when it fails and that is wanted.
int one(const tests::Plan &plan, bool trace, bool shrink)
{
    const auto result = tests::run(plan, trace ? tests::Story{tell} : tests::Story{});
    std::printf("seed %llu: %lld steps, %lld events, %zu intents, %zu executed, %s\n",
                static_cast<unsigned long long>(plan.seed), static_cast<long long>(result.steps),
                static_cast<long long>(result.events), result.intents, result.executed,
                result.violation.empty() ? "all well" : result.violation.c_str());
    if (result.violation.empty() || !shrink)
        return result.violation.empty() ? 0 : 1;
    const auto steps =
        tests::shrunk(plan, [](std::size_t left) { std::fprintf(stderr, "\r%zu steps still fail ", left); });
    std::printf("\nfails with %zu steps:", steps.size());
    for (const auto step : steps)
        std::printf(" %lld", static_cast<long long>(step));
    std::printf("\n");
    const auto last = tests::run(plan, steps, tell);
    std::printf("%s\n", last.violation.c_str());
    return 1;
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app{
        "The real client and server cores under one seeded scheduler, with everything that can go wrong."};
    tests::Plan plan;
    std::vector<std::string> faults{"all"};
    bool trace = false;
    bool shrink = false;
    bool varied = false;
    tests::LongRun far;
    far.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    std::string record;
    std::string profile;
    auto *seed = app.add_option("--seed", plan.seed, "the one world to run");
    app.add_option("--steps", plan.steps, "things that people do or that go wrong");
    app.add_option("--clients", plan.clients)->check(CLI::Range(1, 20));
    app.add_option("--faults", faults, "all, none, or names")->delimiter(',');
    app.add_option("--profile", profile, "a kind of world: restless, restored or proxied");
    app.add_flag("--trace,--replay", trace, "tell what happens, line by line");
    app.add_flag("--shrink", shrink, "leave out steps while it still fails, and tell what is left");
    app.add_flag("--varied", varied, "size and faults as a long run draws them for this seed");
    app.add_option("--record", record, "write what the journal and the cursors did into this file");
    std::vector<std::string> ignored;
    app.add_option("--ignore", ignored, "go on after violations that have this in their text")
        ->delimiter(',');
    app.add_option("--first", far.firstSeed, "long run: the first seed");
    app.add_option("--worlds", far.worlds, "long run: how many worlds at most");
    app.add_option("--events", far.events, "long run: stop after so many simulated events");
    app.add_option("--failures", far.failures, "long run: stop after so many in one process");
    app.add_option("--jobs", far.jobs, "long run: processes at a time");
    CLI11_PARSE(app, argc, argv);

    if (faults == std::vector<std::string>{"none"})
        plan.faultPercent = 0;
    else if (faults != std::vector<std::string>{"all"})
        plan.faults = {faults.begin(), faults.end()};
    for (const auto &name : plan.faults)
        if (const auto &known = tests::faultNames();
            std::find(known.begin(), known.end(), name) == known.end()) {
            std::fprintf(stderr, "no such fault: %s; there are:", name.c_str());
            for (const auto &other : known)
                std::fprintf(stderr, " %s", other.c_str());
            std::fprintf(stderr, "\n");
            return 2;
        }
    if (!profile.empty() && !tests::putOn(plan, profile)) {
        std::fprintf(stderr, "no such profile: %s\n", profile.c_str());
        return 2;
    }
    far.profile = profile;
    plan.ignored = far.ignored = {ignored.begin(), ignored.end()};
    far.faults = profile.empty() ? plan.faults : std::set<std::string>{};
    if (*seed) {
        QCoreApplication application{argc, argv};
        if (!record.empty()) {
            std::ofstream lines{record};
            const auto result =
                tests::recorded(plan, [&lines](const std::string &line) { lines << line << '\n'; });
            std::printf("%s\n", result.violation.c_str());
            return result.violation.empty() ? 0 : 1;
        }
        if (varied) {
            auto drawn = tests::variedPlan(plan.seed);
            drawn.ignored = plan.ignored;
            if (!profile.empty())
                tests::putOn(drawn, profile);
            else if (!plan.faults.empty())
                drawn.faults = plan.faults;
            plan = drawn;
        }
        return one(plan, trace, shrink);
    }
    return tests::runFar(far, argc, argv);
}
