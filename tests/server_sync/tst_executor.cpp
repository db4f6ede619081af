#include "server/sync/journal.h"
#include "tests/server_sync/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <csignal>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace server::sync;
using protocol::EntityType;
using tests::World;

namespace {

void put(WriteContext &ctx, const base::Uuid &id, const std::string &name)
{
    ctx.tx().run("INSERT INTO w_small(id, kind, body) VALUES(?, 'contact', ?)"
                 " ON CONFLICT(id) DO UPDATE SET body = excluded.body",
                 {id, name});
    ctx.record(EntityType::Contact, id, scope::contacts);
}

base::Status store(WriteContext &ctx, const base::Uuid &id, const std::string &name)
{
    put(ctx, id, name);
    return base::Done{};
}

// One seq, one row; one state row an entity; nothing above the head; leave rows elsewhere than the entity
// (I2, I3).
void checkJournal(World &world)
{
    QCOMPARE(world.number("SELECT count(*) - count(DISTINCT seq) FROM sync_journal"), 0);
    QCOMPARE(
        world.number(
            "SELECT count(*) FROM sync_journal j JOIN sync_head h USING(account_id) WHERE j.seq > h.head"),
        0);
    QCOMPARE(world.number("SELECT count(*) FROM (SELECT 1 FROM sync_journal WHERE kind = 0"
                          " GROUP BY account_id, etype, eid HAVING count(*) > 1)"),
             0);
    QCOMPARE(
        world.number("SELECT count(*) FROM sync_journal x JOIN sync_journal s ON s.kind = 0 AND x.kind = 1"
                     " AND s.etype = x.etype AND s.eid = x.eid AND s.scope = x.scope"),
        0);
    QCOMPARE(world.number("SELECT count(*) FROM sync_journal WHERE etype = 14 AND op = 'U'"),
             world.number("SELECT count(*) FROM w_small WHERE kind = 'contact'"));
}

} // namespace

class TestExecutor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusedAndThrowingJobsLeaveNoTrace()
    {
        World world;
        const auto id = world.ids.next();
        int after = 0;
        const auto half = [&](WriteContext &ctx, const std::function<base::Status()> &end) {
            ctx.afterCommit([&] { ++after; });
            ctx.beforeCommit([&](server::storage::Transaction &, std::int64_t) { ++after; });
            put(ctx, id, "half");
            return end();
        };
        const auto refused = world.perform([&](WriteContext &ctx) {
            return half(ctx, [] { return base::Status{base::Error{base::ErrorCode::Conflict, "no"}}; });
        });
        QCOMPARE(refused.error().code, base::ErrorCode::Conflict);
        const auto thrown = world.perform([&](WriteContext &ctx) {
            return half(ctx, []() -> base::Status { throw std::runtime_error{"oops"}; });
        });
        QCOMPARE(thrown.error().code, base::ErrorCode::Internal);
        const auto broken = world.perform([&](WriteContext &ctx) {
            return half(ctx, [&]() -> base::Status {
                ctx.tx().run("INSERT INTO nowhere VALUES(1)");
                return base::Done{};
            });
        });
        QCOMPARE(broken.error().code, base::ErrorCode::Storage);
        QCOMPARE(world.number("SELECT count(*) FROM w_small"), 0);
        QCOMPARE(world.number("SELECT count(*) FROM sync_journal"), 0);
        QCOMPARE(after, 0);
    }

    void whatIsQueuedIsCommittedTogetherAndFailuresStayAlone()
    {
        World world;
        std::vector<std::string> told;
        int commits = 0;
        world.executor->onCommit([&](const Committed &committed) {
            ++commits;
            told.push_back("commit " + std::to_string(committed.head));
        });
        for (int i = 0; i < 10; ++i)
            world.executor->submit(
                World::account, {},
                [&, i](WriteContext &ctx) -> base::Status {
                    put(ctx, world.ids.next(), "c");
                    ctx.afterCommit([&told] { told.push_back("after"); });
                    return i == 4 ? base::Status{base::Error{base::ErrorCode::Invalid, {}}} : base::Done{};
                },
                [&told](const auto &result) {
                    told.push_back(result ? std::to_string(*result) : "refused");
                });
        QVERIFY(world.executor->runBatch());
        QVERIFY(!world.executor->runBatch());
        QCOMPARE(commits, 1);
        QCOMPARE(std::count(told.begin(), told.end(), "9"), 9);
        QCOMPARE(told[4], std::string{"refused"});
        QCOMPARE(told[10], std::string{"commit 9"});
        QCOMPARE(std::count(told.begin() + 11, told.end(), "after"), 9);
        QCOMPARE(world.number("SELECT count(*) FROM w_small"), 9);
    }

    void twoAccountsInOneBatchHaveNumbersOfTheirOwn()
    {
        World world;
        std::map<AccountNumber, std::int64_t> heads;
        for (int i = 0; i < 6; ++i)
            world.executor->submit(
                i % 2 ? 1 : 2, {}, [&](WriteContext &ctx) { return store(ctx, world.ids.next(), "c"); },
                [&heads, i](const auto &head) { heads[i % 2 ? 1 : 2] = *head; });
        world.executor->runBatch();
        QCOMPARE(heads, (std::map<AccountNumber, std::int64_t>{{1, 3}, {2, 3}}));
    }

    void oneEntityTakesOneNumberABatch()
    {
        World world;
        const auto id = world.ids.next();
        for (int i = 0; i < 50; ++i)
            world.executor->submit(World::account, {},
                                   [&](WriteContext &ctx) { return store(ctx, id, "again"); }, {});
        world.executor->runBatch();
        QCOMPARE(world.number("SELECT head FROM sync_head"), 1);
        QCOMPARE(world.number("SELECT count(*) FROM sync_journal"), 1);
    }

    void theReplacementOfARefusedJobRunsInItsPlace()
    {
        World world;
        base::Result<std::int64_t> outcome = 0;
        const auto refuse = [&](WriteContext &ctx) -> base::Status {
            put(ctx, world.ids.next(), "gone");
            return base::Error{base::ErrorCode::Conflict, "why"};
        };
        std::string reason;
        world.executor->submit(
            World::account, {}, refuse,
            [&](WriteContext &ctx, const base::Error &error) {
                reason = error.detail;
                return store(ctx, world.ids.next(), "kept");
            },
            [&](const auto &result) { outcome = result; });
        world.executor->runBatch();
        QVERIFY(bool(outcome));
        QCOMPARE(reason, std::string{"why"});
        QCOMPARE(world.number("SELECT count(*) FROM w_small WHERE body = 'kept'"), 1);
        QCOMPARE(world.number("SELECT count(*) FROM w_small"), 1);
        checkJournal(world);
    }

    void aFullDatabaseRefusesAndRecovers()
    {
        World world;
        auto &tx = world.database->writer().transaction();
        world.addContact("before");
        const auto pages = tx.one("PRAGMA page_count")->integer(0);
        tx.one("PRAGMA max_page_count = " + std::to_string(pages + 3));
        int refused = 0;
        for (int i = 0; i < 40; ++i)
            world.executor->submit(
                World::account, {},
                [&](WriteContext &ctx) { return store(ctx, world.ids.next(), std::string(5000, 'x')); },
                [&](const auto &result) { refused += !result; });
        while (world.executor->runBatch()) {
        }
        QVERIFY(refused > 0);
        QCOMPARE(world.number("SELECT count(*) FROM w_small"), 1 + 40 - refused);
        checkJournal(world);
        tx.one("PRAGMA max_page_count = 1000000");
        QVERIFY(
            bool(world.perform([&](WriteContext &ctx) { return store(ctx, world.ids.next(), "after"); })));
        checkJournal(world);
    }

    void aFullQueueSaysBusy()
    {
        World world;
        int busy = 0;
        for (int i = 0; i < 10'010; ++i)
            world.executor->submit(
                World::account, {}, [](WriteContext &) -> base::Status { return base::Done{}; },
                [&](const auto &result) { busy += !result && result.error().code == base::ErrorCode::Busy; });
        QCOMPARE(busy, 10);
        while (world.executor->runBatch()) {
        }
    }

    // Guarantee V: whoever saw head H has seen every row up to H for ever.
    void noRowAppearsBehindAHeadThatWasSeen()
    {
        World world;
        constexpr int writers = 8;
        constexpr int each = 250;
        std::vector<base::Uuid> hot;
        for (int i = 0; i < 5; ++i)
            hot.push_back(world.ids.next());
        std::set<base::Uuid> seen;
        std::atomic<bool> stop = false;
        int wrong = 0;
        std::int64_t cursor = 0;
        const auto poll = [&] {
            world.database->read([&](server::storage::Transaction &tx) {
                const auto head = readHead(tx, World::account).head;
                wrong += head < cursor;
                for (const auto &row : tx.all("SELECT eid FROM sync_journal WHERE seq > ?", {cursor}))
                    seen.insert(row.uuid(0));
                cursor = head;
            });
        };
        std::thread reader{[&] {
            while (!stop)
                poll();
        }};
        std::vector<std::set<base::Uuid>> written(writers);
        {
            const ExecutorThread thread{*world.executor};
            std::vector<std::thread> threads;
            for (int w = 0; w < writers; ++w)
                threads.emplace_back([&, w] {
                    for (int i = 0; i < each; ++i) {
                        const auto id = i % 4 == 0 ? hot[std::size_t(i / 4 % 5)] : world.ids.next();
                        const auto done = world.perform([&](WriteContext &ctx) -> base::Status {
                            put(ctx, id, std::to_string(w) + ":" + std::to_string(i));
                            return i % 7 == 3 ? base::Status{base::Error{base::ErrorCode::Invalid, {}}}
                                              : base::Done{};
                        });
                        if (done)
                            written[std::size_t(w)].insert(id);
                    }
                });
            for (auto &thread_ : threads)
                thread_.join();
        }
        stop = true;
        reader.join();
        poll();
        QCOMPARE(wrong, 0);
        for (const auto &ids : written)
            for (const auto &id : ids)
                QVERIFY(seen.contains(id));
        checkJournal(world);
    }

    // The process dies at any moment: what was answered is there, and nothing is half there.
    void whatWasAnsweredSurvivesAKill()
    {
        for (int round = 0; round < 5; ++round) {
            World world{static_cast<std::uint64_t>(round) + 1};
            world.executor.reset();
            world.database.reset();
            int pipes[2];
            QVERIFY(::pipe(pipes) == 0);
            const auto child = ::fork();
            if (child == 0) {
                world.reopen();
                for (;;) {
                    for (int i = 0; i < 8; ++i)
                        world.executor->submit(
                            World::account, {},
                            [&](WriteContext &ctx) { return store(ctx, ctx.newId(), "x"); },
                            [&](const auto &) { (void)!::write(pipes[1], "k", 1); });
                    world.executor->runBatch();
                }
            }
            char answered[4096];
            std::int64_t count = 0;
            while (count < 40 + round * 53)
                count += ::read(pipes[0], answered, sizeof answered);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            ::close(pipes[1]);
            for (auto got = ::read(pipes[0], answered, sizeof answered); got > 0;
                 got = ::read(pipes[0], answered, sizeof answered))
                count += got;
            ::close(pipes[0]);
            world.reopen();
            QVERIFY(world.number("SELECT count(*) FROM w_small") >= count);
            QCOMPARE(world.number("SELECT count(*) FROM w_small") % 8, 0);
            QCOMPARE(world.database->check(), std::string{});
            checkJournal(world);
        }
    }
};

REGISTER_TEST(TestExecutor);
#include "tst_executor.moc"
