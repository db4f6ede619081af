#include "tests/sim/main/parallel.h"

#include "shared/base/json.h"
#include "tests/sim/world/runs.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace tests {

namespace {

struct Child {
    pid_t process = 0;
    int lines = -1;
    std::string unread; ///< of a line that is not whole yet
    std::string last;   ///< the newest whole line
};

struct Totals {
    std::int64_t worlds = 0;
    std::int64_t events = 0;
    std::int64_t steps = 0;
    std::int64_t intents = 0;
    std::int64_t executed = 0;
    std::int64_t held = 0;
    std::int64_t audits = 0;
    std::map<std::string, std::int64_t> faults;
    std::vector<std::string> failures;
};

// One process: every jobs-th seed, a line before and one after each.
[[noreturn]] void work(const LongRun &far, int index, int argc, char **argv, std::FILE *out)
{
    QCoreApplication application{argc, argv};
    std::int64_t events = 0;
    int failed = 0;
    for (std::int64_t world = index;
         world < far.worlds && events * far.jobs < far.events && failed < far.failures; world += far.jobs) {
        auto plan = variedPlan(far.firstSeed + static_cast<std::uint64_t>(world));
        if (!far.faults.empty())
            plan.faults = far.faults;
        if (!far.profile.empty())
            putOn(plan, far.profile);
        plan.ignored = far.ignored;
        std::fprintf(out, "%llu\n", static_cast<unsigned long long>(plan.seed));
        std::fflush(out);
        const auto result = run(plan);
        events += result.events;
        failed += result.violation.empty() ? 0 : 1;
        const base::Json line{
            {"seed", plan.seed},          {"violation", result.violation}, {"events", result.events},
            {"steps", result.steps},      {"intents", result.intents},     {"executed", result.executed},
            {"held", result.heldReplies}, {"audits", result.audits},       {"faults", result.faults}};
        std::fprintf(out, "%s\n", base::toText(line).c_str());
        std::fflush(out);
    }
    std::fprintf(out, "end\n");
    std::fclose(out);
    ::_exit(0);
}

void add(Totals &totals, const base::Json &line)
{
    ++totals.worlds;
    totals.events += line["events"].get<std::int64_t>();
    totals.steps += line["steps"].get<std::int64_t>();
    totals.intents += line["intents"].get<std::int64_t>();
    totals.executed += line["executed"].get<std::int64_t>();
    totals.held += line["held"].get<std::int64_t>();
    totals.audits += line["audits"].get<std::int64_t>();
    for (const auto &[name, count] : line["faults"].items())
        totals.faults[name] += count.get<std::int64_t>();
    const auto violation = line["violation"].get<std::string>();
    if (violation.empty())
        return;
    totals.failures.push_back("seed " + base::toText(line["seed"]) + ": " + violation);
    std::printf("FAIL  %s\n", totals.failures.back().c_str());
    std::fflush(stdout);
}

// What one process says; its last words when it ended badly. False when it has ended.
bool listen(Child &child, Totals &totals)
{
    char buffer[65536];
    const auto got = ::read(child.lines, buffer, sizeof buffer);
    if (got > 0) {
        child.unread.append(buffer, static_cast<std::size_t>(got));
        for (auto end = child.unread.find('\n'); end != std::string::npos; end = child.unread.find('\n')) {
            child.last = child.unread.substr(0, end);
            child.unread.erase(0, end + 1);
            if (child.last.starts_with("{"))
                add(totals, base::Json::parse(child.last));
        }
        return true;
    }
    ::close(child.lines);
    ::waitpid(child.process, nullptr, 0);
    if (child.last != "end") {
        totals.failures.push_back("seed " + child.last + ": the process died");
        std::printf("FAIL  %s\n", totals.failures.back().c_str());
    }
    return false;
}

// A long run may be cut: what was done until then is known.
void tellProgress(const Totals &totals, std::chrono::steady_clock::time_point &told)
{
    constexpr std::chrono::seconds every{30};
    if (std::chrono::steady_clock::now() - told < every)
        return;
    told = std::chrono::steady_clock::now();
    std::printf("%lld worlds, %lld events, %lld intents, %zu violations so far\n",
                static_cast<long long>(totals.worlds), static_cast<long long>(totals.events),
                static_cast<long long>(totals.intents), totals.failures.size());
    std::fflush(stdout);
}

// All at a time: who is not heard soon cannot say more and stands still.
void listen(std::vector<Child> &children, Totals &totals)
{
    auto told = std::chrono::steady_clock::now();
    while (!children.empty()) {
        std::vector<::pollfd> ends;
        for (const auto &child : children)
            ends.push_back({child.lines, POLLIN, 0});
        if (::poll(ends.data(), ends.size(), -1) <= 0)
            continue;
        for (std::size_t i = children.size(); i-- > 0;)
            if (ends[i].revents != 0 && !listen(children[i], totals))
                children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
        tellProgress(totals, told);
    }
}

void report(const Totals &totals, double seconds)
{
    std::printf(
        "%lld worlds, %lld steps, %lld events in %.0f s (%.0f events/s), %lld intents, %lld executions, "
        "%lld held replies, %lld audits\n",
        static_cast<long long>(totals.worlds), static_cast<long long>(totals.steps),
        static_cast<long long>(totals.events), seconds, static_cast<double>(totals.events) / seconds,
        static_cast<long long>(totals.intents), static_cast<long long>(totals.executed),
        static_cast<long long>(totals.held), static_cast<long long>(totals.audits));
    std::printf("faults:");
    for (const auto &[name, count] : totals.faults)
        std::printf(" %s %lld", name.c_str(), static_cast<long long>(count));
    std::printf("\n%zu violations\n", totals.failures.size());
    if (!totals.failures.empty())
        std::printf("again: deskbell_sim --varied --seed N [--trace | --shrink]\n");
}

} // namespace

int runFar(const LongRun &far, int argc, char **argv)
{
    const auto begun = std::chrono::steady_clock::now();
    std::vector<Child> children;
    for (int i = 0; i < far.jobs; ++i) {
        int ends[2];
        if (::pipe(ends) != 0)
            return 2;
        const auto process = ::fork();
        if (process == 0) {
            ::close(ends[0]);
            work(far, i, argc, argv, ::fdopen(ends[1], "w"));
        }
        ::close(ends[1]);
        children.push_back({process, ends[0], {}, {}});
    }
    Totals totals;
    listen(children, totals);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    report(totals, took.count());
    return totals.failures.empty() ? 0 : 1;
}

} // namespace tests
