// What the app's cache costs by itself: filling, indexing, and searching as somebody types. Prints one JSON
// object.
#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "client/storage/search_index.h"
#include "shared/base/json.h"
#include "tests/bench/cache_fill.h"
#include "tests/support/fakes.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

using client::storage::CacheStore;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double cpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

base::Json percentiles(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
    };
    return {{"p50", at(.5)}, {"p95", at(.95)}, {"max", values.back()}};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application{argc, argv};
    const int conversations = argc > 1 ? std::atoi(argv[1]) : 20000;
    const int each = 10;
    QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("cache.db"));
    const auto outboxFile = folder.filePath(QStringLiteral("outbox.db"));
    client::storage::OutboxStore outbox{outboxFile};
    CacheStore cache{file};
    tests::FakeClock clock;
    tests::SeededRandom bits{7};
    base::UuidMaker ids{clock, bits};
    std::mt19937_64 random{7};

    base::Json result{{"messages", conversations * each}};
    auto begin = Clock::now();
    bench::Desk desk{ids.next(), ids.next(), {}, {ids.next(), ids.next(), ids.next()}};
    desk.users = {desk.me, ids.next(), ids.next(), ids.next()};
    bench::fillCache(cache, desk, conversations, each, ids, random);
    result["fill_s"] = since(begin);
    begin = Clock::now();
    client::storage::SearchIndex index{cache.connection()};
    double longest = 0;
    for (;;) {
        const auto step = Clock::now();
        if (index.index(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 500) == 0)
            break;
        longest = std::max(longest, since(step) * 1e3);
    }
    result["index_s"] = since(begin);
    result["longest_step_ms"] = longest;
    result["file_mb"] = static_cast<double>(QFileInfo{file}.size()) / 1e6;

    client::storage::Reader reader{outboxFile, file};
    std::vector<double> cpu;
    std::vector<double> wall;
    for (int round = 0; round < 60; ++round) {
        auto query = bench::word(random);
        if (round % 3 == 0)
            query += " " + bench::word(random);
        for (std::size_t typed = 2; typed <= query.size(); ++typed) {
            const auto before = cpuMs();
            const auto start = Clock::now();
            (void)reader.find(query.substr(0, typed), 50);
            wall.push_back(since(start) * 1e3);
            cpu.push_back(cpuMs() - before);
        }
    }
    result["search_cpu_ms"] = percentiles(cpu);
    result["search_wall_ms"] = percentiles(wall);
    std::printf("%s\n", base::toText(result).c_str());
    return 0;
}
