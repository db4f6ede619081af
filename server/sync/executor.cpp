#include "server/sync/executor.h"

#include "server/sync/journal.h"
#include "shared/base/failpoint.h"

#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <span>

namespace server::sync {

namespace {

constexpr std::size_t maxQueued = 10'000;
constexpr std::size_t maxBatch = 256;

struct Queued {
    AccountNumber account;
    Actor actor;
    Executor::Job job;
    Executor::Instead instead;
    Executor::Answer answer;
};

class JobContext : public WriteContext {
public:
    using BeforeCommit = std::function<void(storage::Transaction &, std::int64_t)>;

    JobContext(storage::Transaction &tx, const Queued &queued, base::Timestamp now, base::UuidMaker &ids)
        : m_tx{tx}
        , m_queued{queued}
        , m_now{now}
        , m_ids{ids}
    {
    }

    storage::Transaction &tx() override { return m_tx; }
    [[nodiscard]] AccountNumber account() const override { return m_queued.account; }
    [[nodiscard]] const Actor &actor() const override { return m_queued.actor; }
    [[nodiscard]] base::Timestamp now() const override { return m_now; }
    base::Uuid newId() override { return m_ids.next(); }
    void record(Change change) override { changes.push_back(std::move(change)); }
    void beforeCommit(BeforeCommit work) override { numbered.push_back(std::move(work)); }
    void afterCommit(std::function<void()> work) override { committed.push_back(std::move(work)); }

    std::vector<Change> changes;
    std::vector<BeforeCommit> numbered;
    std::vector<std::function<void()>> committed;

private:
    storage::Transaction &m_tx;
    const Queued &m_queued;
    base::Timestamp m_now;
    base::UuidMaker &m_ids;
};

struct Outcome {
    const Queued *queued;
    base::Status status;
    std::vector<JobContext::BeforeCommit> numbered;
    std::vector<std::function<void()>> committed;
};

class SqlExecutor : public Executor {
public:
    SqlExecutor(storage::Database &database, const base::Clock &clock, base::Random &random)
        : m_writer{database.writer()}
        , m_clock{clock}
        , m_ids{clock, random}
    {
    }

    void submit(AccountNumber account, Actor actor, Job job, Answer answer) override
    {
        submit(account, std::move(actor), std::move(job), {}, std::move(answer));
    }

    void submit(AccountNumber account, Actor actor, Job job, Instead instead, Answer answer) override;
    base::Result<std::int64_t> run(AccountNumber account, Actor actor, Job job) override;
    bool runBatch() override;
    void onCommit(std::function<void(const Committed &)> listener) override
    {
        m_listeners.push_back(std::move(listener));
    }
    void observe(JobObserver &observer) override { m_observers.push_back(&observer); }
    void onQueued(std::function<void()> wake) override;

private:
    using Touched = std::map<AccountNumber, Committed>;

    base::Status attempt(std::span<const Queued> batch);
    Outcome perform(const Queued &queued, Touched &touched);
    std::optional<base::Error> step(JobContext &context,
                                    const std::function<base::Status(WriteContext &)> &work);
    void finish(const std::vector<Outcome> &outcomes, const Touched &touched);

    storage::Writer &m_writer;
    const base::Clock &m_clock;
    base::UuidMaker m_ids;
    Journal m_journal;
    std::vector<std::function<void(const Committed &)>> m_listeners;
    std::vector<JobObserver *> m_observers;

    std::mutex m_running; // one batch at a time
    std::mutex m_mutex;   // guards the two below
    std::deque<Queued> m_queue;
    std::vector<std::function<void()>> m_wakers;
};

void SqlExecutor::submit(AccountNumber account, Actor actor, Job job, Instead instead, Answer answer)
{
    std::vector<std::function<void()>> wakers;
    bool full = false;
    {
        const std::lock_guard lock{m_mutex};
        full = m_queue.size() >= maxQueued;
        if (!full) {
            m_queue.push_back(
                {account, std::move(actor), std::move(job), std::move(instead), std::move(answer)});
            wakers = m_wakers;
        }
    }
    if (full && answer)
        answer(base::Error{base::ErrorCode::Busy, "too many jobs are waiting"});
    for (const auto &wake : wakers)
        wake();
}

base::Result<std::int64_t> SqlExecutor::run(AccountNumber account, Actor actor, Job job)
{
    std::promise<base::Result<std::int64_t>> promise;
    auto outcome = promise.get_future();
    submit(account, std::move(actor), std::move(job),
           [&promise](const base::Result<std::int64_t> &result) { promise.set_value(result); });
    bool driven = false;
    {
        const std::lock_guard lock{m_mutex};
        driven = !m_wakers.empty();
    }
    if (!driven)
        while (outcome.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            runBatch();
    return outcome.get();
}

void SqlExecutor::onQueued(std::function<void()> wake)
{
    const std::lock_guard lock{m_mutex};
    m_wakers.push_back(std::move(wake));
}

bool SqlExecutor::runBatch()
{
    const std::lock_guard running{m_running};
    std::vector<Queued> batch;
    {
        const std::lock_guard lock{m_mutex};
        while (!m_queue.empty() && batch.size() < maxBatch) {
            batch.push_back(std::move(m_queue.front()));
            m_queue.pop_front();
        }
    }
    if (batch.empty())
        return false;
    if (batch.size() > 1 && attempt(batch))
        return true;
    for (const auto &queued : batch) // alone, or the batch as a whole could not be committed
        if (const auto status = attempt({&queued, 1}); !status && queued.answer)
            queued.answer(status.error());
    return true;
}

// Nothing is told to anybody before the commit; a failure of the database leaves no trace of the whole batch.
base::Status SqlExecutor::attempt(std::span<const Queued> batch)
{
    std::vector<Outcome> outcomes;
    Touched touched;
    try {
        m_writer.begin();
        for (auto *observer : m_observers)
            observer->begins();
        for (const auto &queued : batch)
            outcomes.push_back(perform(queued, touched));
        auto &tx = m_writer.transaction();
        for (auto &[account, committed] : touched)
            committed.head = committed.changes.empty()
                                 ? readHead(tx, account).head
                                 : m_journal.append(tx, account, committed.changes, m_clock.now());
        for (const auto &outcome : outcomes)
            for (const auto &work : outcome.numbered)
                work(tx, touched.at(outcome.queued->account).head);
        m_writer.commit();
    } catch (const std::exception &error) {
        m_writer.rollBack();
        m_journal.forget();
        return base::Error{base::ErrorCode::Storage, error.what()};
    }
    finish(outcomes, touched);
    return base::Done{};
}

Outcome SqlExecutor::perform(const Queued &queued, Touched &touched)
{
    const auto now = m_clock.now();
    auto &committed = touched[queued.account];
    committed.account = queued.account;

    JobContext context{m_writer.transaction(), queued, now, m_ids};
    auto refusal = step(context, queued.job);
    if (!refusal || !queued.instead) {
        if (refusal)
            return {&queued, *refusal, {}, {}};
        committed.changes.insert(committed.changes.end(), context.changes.begin(), context.changes.end());
        return {&queued, base::Done{}, std::move(context.numbered), std::move(context.committed)};
    }

    JobContext second{m_writer.transaction(), queued, now, m_ids};
    const auto reason = *refusal;
    refusal = step(second, [&](WriteContext &ctx) { return queued.instead(ctx, reason); });
    if (refusal)
        return {&queued, *refusal, {}, {}};
    committed.changes.insert(committed.changes.end(), second.changes.begin(), second.changes.end());
    return {&queued, base::Done{}, std::move(second.numbered), std::move(second.committed)};
}

// Runs work in a savepoint; gives why it left no trace, or nothing. Throws when the transaction itself is
// gone: then the failure that took it away is what the operator needs to read.
std::optional<base::Error> SqlExecutor::step(JobContext &context,
                                             const std::function<base::Status(WriteContext &)> &work)
{
    std::optional<base::Error> refusal;
    std::optional<storage::StorageError> broken;
    m_writer.savepoint();
    try {
        if (const auto status = work(context); !status)
            refusal = status.error();
        else if (!context.changes.empty())
            for (auto *observer : m_observers)
                observer->jobDone(context, context.changes);
    } catch (const storage::StorageError &error) {
        broken = error;
        refusal = base::Error{base::ErrorCode::Storage, error.what()};
    } catch (const std::exception &error) {
        refusal = base::Error{base::ErrorCode::Internal, error.what()};
    }
    if (!refusal) {
        m_writer.releaseSavepoint();
        return std::nullopt;
    }
    try {
        m_writer.rollBackSavepoint();
    } catch (const storage::StorageError &) {
        if (broken)
            throw *broken;
        throw;
    }
    return refusal;
}

void SqlExecutor::finish(const std::vector<Outcome> &outcomes, const Touched &touched)
{
    for (const auto &outcome : outcomes) {
        base::failpoint("server.answer.before");
        if (!outcome.queued->answer)
            continue;
        if (outcome.status)
            outcome.queued->answer(touched.at(outcome.queued->account).head);
        else
            outcome.queued->answer(outcome.status.error());
    }
    for (const auto &[account, committed] : touched)
        if (!committed.changes.empty())
            for (const auto &listener : m_listeners)
                listener(committed);
    for (const auto &outcome : outcomes)
        for (const auto &work : outcome.committed)
            work();
}

} // namespace

std::unique_ptr<Executor> makeExecutor(storage::Database &database, const base::Clock &clock,
                                       base::Random &random)
{
    return std::make_unique<SqlExecutor>(database, clock, random);
}

} // namespace server::sync
