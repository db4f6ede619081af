// The building block under the server's write path: raw SQLite, one writer, group commit, synchronous=FULL.
// One append = message row + conversation counters + account head + journal row, as the server does at least.
//
//   bench_sqlite_append FILE CALLERS SECONDS      prints one JSON object
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <mutex>
#include <sqlite3.h>
#include <string>
#include <thread>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

struct Ticket {
    int conversation = 0;
    bool done = false;
};

void must(int code, sqlite3 *db)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        std::exit(1);
    }
}

sqlite3_stmt *prepared(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = nullptr;
    must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr), db);
    return statement;
}

void step(sqlite3 *db, sqlite3_stmt *statement)
{
    must(sqlite3_step(statement), db);
    sqlite3_reset(statement);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const int callers = std::atoi(argv[2]);
    const double seconds = std::atof(argv[3]);

    sqlite3 *db = nullptr;
    must(sqlite3_open(argv[1], &db), db);
    must(sqlite3_exec(db,
                      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA "
                      "wal_autocheckpoint=8000;"
                      "CREATE TABLE message(id INTEGER PRIMARY KEY, uid BLOB UNIQUE, conversation INTEGER, n "
                      "INTEGER, body TEXT, at INTEGER);"
                      "CREATE UNIQUE INDEX m ON message(conversation, n);"
                      "CREATE TABLE conversation(id INTEGER PRIMARY KEY, last_n INTEGER, last_at INTEGER, "
                      "preview TEXT);"
                      "CREATE TABLE head(account INTEGER PRIMARY KEY, head INTEGER);"
                      "CREATE TABLE journal(account INTEGER, seq INTEGER, type INTEGER, eid BLOB, PRIMARY "
                      "KEY(account, seq)) WITHOUT ROWID;"
                      "CREATE UNIQUE INDEX j ON journal(account, type, eid);"
                      "INSERT INTO head VALUES(1, 0);",
                      nullptr, nullptr, nullptr),
         db);
    for (int i = 0; i < 1000; ++i)
        must(sqlite3_exec(db, ("INSERT INTO conversation VALUES(" + std::to_string(i) + ",0,0,'')").c_str(),
                          nullptr, nullptr, nullptr),
             db);
    auto *message = prepared(db, "INSERT INTO message(uid, conversation, n, body, at) VALUES(randomblob(16), "
                                 "?1, (SELECT last_n + 1 FROM conversation WHERE id = ?1), ?2, ?3)");
    auto *counters =
        prepared(db, "UPDATE conversation SET last_n = last_n + 1, last_at = ?2, preview = ?3 WHERE id = ?1");
    auto *head = prepared(db, "UPDATE head SET head = head + 2 WHERE account = 1");
    auto *journal = prepared(
        db, "INSERT INTO journal VALUES(1, (SELECT head FROM head WHERE account = 1), 17, randomblob(16))");
    auto *moved = prepared(db, "INSERT INTO journal VALUES(1, (SELECT head - 1 FROM head WHERE account = 1), "
                               "16, ?1) ON CONFLICT(account, type, eid) DO UPDATE SET seq = excluded.seq");

    std::mutex mutex;
    std::condition_variable queued, answered;
    std::deque<Ticket *> queue;
    std::atomic<bool> stop{false};
    std::vector<double> waits;
    std::atomic<long> commits{0};

    std::thread writer{[&] {
        for (;;) {
            std::vector<Ticket *> batch;
            {
                std::unique_lock lock{mutex};
                queued.wait(lock, [&] { return stop || !queue.empty(); });
                if (queue.empty())
                    return;
                while (!queue.empty() && batch.size() < 256) {
                    batch.push_back(queue.front());
                    queue.pop_front();
                }
            }
            must(sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), db);
            for (auto *ticket : batch) {
                must(sqlite3_exec(db, "SAVEPOINT job", nullptr, nullptr, nullptr), db);
                const std::string body(120, 'x');
                sqlite3_bind_int(message, 1, ticket->conversation);
                sqlite3_bind_text(message, 2, body.data(), 120, SQLITE_STATIC);
                sqlite3_bind_int64(message, 3, std::time(nullptr));
                step(db, message);
                sqlite3_bind_int(counters, 1, ticket->conversation);
                sqlite3_bind_int64(counters, 2, std::time(nullptr));
                sqlite3_bind_text(counters, 3, body.data(), 120, SQLITE_STATIC);
                step(db, counters);
                must(sqlite3_exec(db, "RELEASE job", nullptr, nullptr, nullptr), db);
                step(db, head);
                step(db, journal);
                sqlite3_bind_blob(moved, 1, &ticket->conversation, sizeof ticket->conversation,
                                  SQLITE_STATIC);
                step(db, moved);
            }
            must(sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr), db);
            ++commits;
            const std::lock_guard lock{mutex};
            for (auto *ticket : batch)
                ticket->done = true;
            answered.notify_all();
        }
    }};

    const auto begin = Steady::now();
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller)
        threads.emplace_back([&, caller] {
            for (int i = 0; std::chrono::duration<double>(Steady::now() - begin).count() < seconds; ++i) {
                Ticket ticket{(caller * 31 + i) % 1000, false};
                const auto since = Steady::now();
                std::unique_lock lock{mutex};
                queue.push_back(&ticket);
                queued.notify_one();
                answered.wait(lock, [&] { return ticket.done; });
                waits.push_back(std::chrono::duration<double, std::milli>(Steady::now() - since).count());
            }
        });
    for (auto &thread : threads)
        thread.join();
    const double took = std::chrono::duration<double>(Steady::now() - begin).count();
    {
        const std::lock_guard lock{mutex};
        stop = true;
    }
    queued.notify_one();
    writer.join();

    std::timespec cpu{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    std::sort(waits.begin(), waits.end());
    const auto at = [&](double part) {
        return waits[static_cast<std::size_t>(part * static_cast<double>(waits.size() - 1))];
    };
    std::printf(
        "{\"appends\":%zu,\"per_s\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_us\":%.1f,\"commits\":%ld}\n",
        waits.size(), static_cast<double>(waits.size()) / took, at(0.5), at(0.99),
        (static_cast<double>(cpu.tv_sec) * 1e6 + static_cast<double>(cpu.tv_nsec) / 1e3) /
            static_cast<double>(waits.size()),
        commits.load());
    return 0;
}
