#pragma once

#include "server/storage/database.h"
#include "server/sync/write_context.h"
#include "shared/base/random.h"
#include "shared/base/result.h"

#include <functional>
#include <memory>
#include <vector>

namespace server::sync {

/// Hears what each job changed while its transaction is open, so that what follows from a change is stored
/// with it or not at all. On the thread of runBatch().
class JobObserver {
public:
    virtual ~JobObserver() = default;
    /// A transaction begins. What was heard in the one before is committed, or never was.
    virtual void begins() = 0;
    /// A job succeeded; still in its savepoint. May write rows of its own, records nothing. What it throws
    /// refuses the job.
    virtual void jobDone(WriteContext &ctx, const std::vector<Change> &changes) = 0;
};

/// The account executor (sync-protocol 3.4): every change, from any door, goes through here. Jobs run one
/// after the other in the order they came; what queued while the previous commit ran is committed together,
/// each job in its own savepoint. The number of a change is taken last, in the same transaction.
///
/// A job may run twice, when its batch could not be committed and its jobs are tried one by one: what it
/// leaves outside the database must be the same the second time.
///
/// The core has no thread: somebody calls runBatch(). ExecutorThread does so in the server, the simulator in
/// tests.
class Executor {
public:
    /// Returns Done to commit, an Error to leave no trace. What it throws becomes Internal (Storage for
    /// StorageError).
    using Job = std::function<base::Status(WriteContext &)>;
    /// What to do in place of a job that refused or threw: runs at once in a savepoint of its own, when the
    /// job's trace is gone. Its outcome is the job's outcome.
    using Instead = std::function<base::Status(WriteContext &, const base::Error &)>;
    /// Called once after the commit, with the account's head; or with the refusal. On the thread of
    /// runBatch(); must not throw.
    using Answer = std::function<void(const base::Result<std::int64_t> &)>;

    virtual ~Executor() = default;

    /// Queues a job. Any thread; returns at once. Fails through `answer` with Busy when 10,000 jobs wait.
    virtual void submit(AccountNumber account, Actor actor, Job job, Answer answer) = 0;
    virtual void submit(AccountNumber account, Actor actor, Job job, Instead instead, Answer answer) = 0;
    /// Queues a job and waits for its outcome: for HTTP workers. Never on the executor's own thread. Runs the
    /// batch itself when nobody registered with onQueued(): command-line verbs and tests need no thread.
    virtual base::Result<std::int64_t> run(AccountNumber account, Actor actor, Job job) = 0;

    /// Runs and commits what is queued, at most 256 jobs. False when nothing was queued.
    virtual bool runBatch() = 0;
    /// Told after each commit, on the executor's thread. Register before the first job.
    virtual void onCommit(std::function<void(const Committed &)> listener) = 0;
    /// Lets the observer into every transaction. Before the first job; it must outlive the executor's last.
    virtual void observe(JobObserver &observer) = 0;
    /// Called whenever a job was queued, from the submitting thread: wakes whoever calls runBatch().
    virtual void onQueued(std::function<void()> wake) = 0;
};

std::unique_ptr<Executor> makeExecutor(storage::Database &database, const base::Clock &clock,
                                       base::Random &random);

/// Runs an executor on a thread of its own until destroyed; what is queued then is still committed.
class ExecutorThread {
public:
    explicit ExecutorThread(Executor &executor);
    ~ExecutorThread();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace server::sync
