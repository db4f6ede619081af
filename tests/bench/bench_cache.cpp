// What the app's cache costs by itself, encrypted as the app keeps it and plain beside it: filling, indexing,
// opening, the first rows, and searching as somebody types. The two take turns. Prints one JSON object.
#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "client/storage/search_index.h"
#include "client/storage/vault/vault.h"
#include "shared/base/json.h"
#include "tests/bench/cache_fill.h"
#include "tests/support/fakes.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

using client::storage::CacheStore;
using client::storage::Reader;
using client::storage::Vault;
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

// One of the two, with what was read of it.
struct Side {
    const char *name;
    std::shared_ptr<const Vault> vault;
    QString file;
    QString outboxFile;
    std::unique_ptr<CacheStore> cache{};
    std::unique_ptr<Reader> reader{};
    base::Json result = base::Json::object();
    std::vector<double> opening{}, rows{}, cpu{}, wall{};

    void open()
    {
        cache = CacheStore::openOrRebuild(file, vault);
        reader = std::make_unique<Reader>(outboxFile, file, vault);
    }
    void close()
    {
        reader.reset();
        cache.reset();
    }
};

void fillAndIndex(Side &side, int conversations, int each, std::size_t step)
{
    tests::FakeClock clock;
    tests::SeededRandom bits{7};
    base::UuidMaker ids{clock, bits};
    std::mt19937_64 random{7};
    auto begin = Clock::now();
    bench::Desk desk{ids.next(), ids.next(), {}, {ids.next(), ids.next(), ids.next()}};
    desk.users = {desk.me, ids.next(), ids.next(), ids.next()};
    bench::fillCache(*side.cache, desk, conversations, each, ids, random);
    side.result["fill_s"] = since(begin);
    begin = Clock::now();
    client::storage::SearchIndex index{side.cache->connection()};
    double longest = 0;
    for (;;) {
        const auto one = Clock::now();
        if (index.index(step) == 0)
            break;
        longest = std::max(longest, since(one) * 1e3);
    }
    side.result["index_s"] = since(begin);
    side.result["longest_step_ms"] = longest;
    side.result["file_mb"] = static_cast<double>(QFileInfo{side.file}.size()) / 1e6;
}

// As the app starts: files, then the list and the thread that fill a window.
void start(Side &side)
{
    side.close();
    auto begin = cpuMs();
    side.open();
    side.opening.push_back(cpuMs() - begin);
    begin = cpuMs();
    const auto list = side.reader->conversations({});
    for (std::size_t i = 0; i < std::min<std::size_t>(30, list.size()); ++i)
        (void)side.reader->conversation(list[i]);
    if (!list.empty())
        (void)side.reader->messages(list.front());
    side.rows.push_back(cpuMs() - begin);
}

void search(Side &side, const std::string &words)
{
    const auto before = cpuMs();
    const auto begin = Clock::now();
    (void)side.reader->find(words, 50);
    side.wall.push_back(since(begin) * 1e3);
    side.cpu.push_back(cpuMs() - before);
}

} // namespace

// bench_cache [CONVERSATIONS [MESSAGES_INDEXED_AT_A_TIME [ROUND]]]: an odd round begins with the encrypted
// one.
int main(int argc, char **argv)
{
    QCoreApplication application{argc, argv};
    const int conversations = argc > 1 ? std::atoi(argv[1]) : 20000;
    const auto step = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 500;
    const int first = argc > 3 ? std::atoi(argv[3]) % 2 : 0;
    const int each = 10;
    QTemporaryDir folder;
    std::array<Side, 2> sides{Side{"plain", nullptr, folder.filePath(QStringLiteral("plain.db")),
                                   folder.filePath(QStringLiteral("outbox.db"))},
                              Side{"encrypted", Vault::make(client::platform::secretBytes(Vault::keySize)),
                                   folder.filePath(QStringLiteral("encrypted.db")),
                                   folder.filePath(QStringLiteral("outbox.db"))}};
    client::storage::OutboxStore outbox{sides[0].outboxFile};
    const auto both = [&](int round, const auto &work) {
        for (int i = 0; i < 2; ++i)
            work(sides[static_cast<std::size_t>((round + i) % 2)]);
    };
    both(first, [&](Side &side) {
        side.open();
        fillAndIndex(side, conversations, each, step);
    });
    for (int round = 0; round < 20; ++round)
        both(round, start);
    std::mt19937_64 random{7};
    for (int round = 0; round < 60; ++round) {
        auto query = bench::word(random);
        if (round % 3 == 0)
            query += " " + bench::word(random);
        for (std::size_t typed = 2; typed <= query.size(); ++typed)
            both(round + static_cast<int>(typed), [&](Side &side) { search(side, query.substr(0, typed)); });
    }
    base::Json result{{"messages", conversations * each}};
    for (auto &side : sides) {
        side.result["open_cpu_ms"] = percentiles(side.opening);
        side.result["first_rows_cpu_ms"] = percentiles(side.rows);
        side.result["search_cpu_ms"] = percentiles(side.cpu);
        side.result["search_wall_ms"] = percentiles(side.wall);
        result[side.name] = side.result;
        side.close();
    }
    std::printf("%s\n", base::toText(result).c_str());
    return 0;
}
