#include "server/sync/mutation_pipeline.h"

#include "server/sync/receipts.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"

namespace server::sync {

namespace {

using base::ErrorCode;
using protocol::Mutation;
using protocol::Receipt;
using protocol::Verdict;

constexpr std::int64_t busyWaitMs = 1000;

Receipt nack(std::int64_t n, ErrorCode code, std::int64_t waitMs = 0)
{
    Receipt receipt;
    receipt.n = n;
    receipt.verdict = Verdict::Nack;
    receipt.code = code;
    receipt.waitMs = waitMs;
    return receipt;
}

Receipt rejected(std::int64_t n, ErrorCode code, const std::string &detail = {})
{
    Receipt receipt;
    receipt.n = n;
    receipt.verdict = Verdict::Rejected;
    receipt.code = code;
    if (const auto json = base::parseJson(detail); json && json->is_object())
        receipt.detail = detail; // other details are for the log, not for the author
    return receipt;
}

bool refusedOrHeld(Verdict verdict)
{
    return verdict == Verdict::Rejected || verdict == Verdict::Held;
}

} // namespace

/// One mutation on its way through the executor. Its outcome is written anew each time the job runs.
struct MutationPipeline::Run {
    Mutation mutation;
    bool malformed = false;
    base::Uuid device;
    base::Uuid user;
    const MutationRegistry &registry;
    ports::Log log;
    Shared isShared;
    Receipt outcome; ///< as of the newest run of the job

    base::Status execute(WriteContext &ctx);
    base::Status refuse(WriteContext &ctx, const base::Error &error);
    bool answeredBefore(Receipts &receipts, base::Timestamp now);
    void keep(WriteContext &ctx, Receipt receipt);
    /// What author and operator can both name: the same for every try of one mutation.
    [[nodiscard]] std::string incident() const { return mutation.mid.text().substr(24); }
    void numberLater(WriteContext &ctx);
};

base::Status MutationPipeline::Run::execute(WriteContext &ctx)
{
    Receipts receipts{ctx.tx(), ctx.account()};
    if (isShared && *isShared) {
        outcome = nack(mutation.n, ErrorCode::NumberConflict);
        return base::Done{};
    }
    if (answeredBefore(receipts, ctx.now())) {
        if (outcome.seq == 0 && (outcome.verdict == Verdict::Ok || outcome.verdict == Verdict::Held))
            numberLater(ctx); // executed in this very batch
        return base::Done{};
    }
    if (mutation.after != 0 && !receipts.find(device, mutation.after)) {
        outcome = nack(mutation.n, ErrorCode::OutOfOrder);
        return base::Done{};
    }
    if (mutation.dep != 0)
        if (const auto dep = receipts.find(device, mutation.dep); dep && refusedOrHeld(dep->receipt.verdict))
            return base::Error{ErrorCode::Dependency, {}};
    if (malformed)
        return base::Error{ErrorCode::Invalid, {}};
    const auto *handler = registry.find(mutation.op);
    if (!handler)
        return base::Error{ErrorCode::Unsupported, {}};
    const auto args = base::parseJson(mutation.args);
    if (!args)
        return base::Error{ErrorCode::Invalid, {}};
    const auto done = (*handler)(ctx, mutation, *args);
    if (!done)
        return done.error();

    Receipt receipt;
    receipt.n = mutation.n;
    receipt.verdict = done->verdict;
    if (done->verdict == Verdict::Held)
        receipt.code = done->code;
    receipt.detail = done->detail;
    keep(ctx, receipt);
    numberLater(ctx);
    return base::Done{};
}

void MutationPipeline::Run::numberLater(WriteContext &ctx)
{
    ctx.beforeCommit([this, account = ctx.account()](storage::Transaction &tx, std::int64_t head) {
        Receipts{tx, account}.setSeq(device, mutation.n, head);
        outcome.seq = head;
    });
}

bool MutationPipeline::Run::answeredBefore(Receipts &receipts, base::Timestamp now)
{
    if (const auto known = receipts.find(device, mutation.n)) {
        if (known->mid != mutation.mid) {
            outcome = nack(mutation.n, ErrorCode::NumberConflict);
            if (isShared)
                *isShared = true;
            return true;
        }
        if (known->hash != Receipts::hash(mutation))
            log.warning("mutation_bytes_changed", {{"n", mutation.n}, {"op", mutation.op}});
        outcome = known->receipt;
        return true;
    }
    const auto known = receipts.findByMid(user, mutation.mid);
    if (!known)
        return false;
    outcome = known->receipt;
    outcome.n = mutation.n;
    receipts.store(device, user, mutation, outcome, now);
    return true;
}

// The effect and everything else the job did are gone already.
base::Status MutationPipeline::Run::refuse(WriteContext &ctx, const base::Error &error)
{
    const bool ours = error.code == ErrorCode::Internal || error.code == ErrorCode::Storage;
    if (!ours && base::isRetryable(error.code)) {
        outcome = nack(mutation.n, error.code, error.code == ErrorCode::Busy ? busyWaitMs : 0);
        return base::Done{};
    }
    if (!ours) {
        keep(ctx, rejected(mutation.n, error.code, error.detail));
        return base::Done{};
    }
    const auto failures = Receipts{ctx.tx(), ctx.account()}.countFailure(device, mutation.n);
    log.error("mutation_failed", {{"op", mutation.op},
                                  {"n", mutation.n},
                                  {"attempt", failures},
                                  {"code", base::toText(error.code)},
                                  {"incident", incident()},
                                  {"reason", error.detail}});
    const auto detail = base::toText(base::Json{{"incident", incident()}});
    if (failures < protocol::poisonAttempts) {
        outcome = nack(mutation.n, ErrorCode::Internal, busyWaitMs);
        outcome.detail = detail;
    } else {
        keep(ctx, rejected(mutation.n, ErrorCode::Internal, detail));
    }
    return base::Done{};
}

void MutationPipeline::Run::keep(WriteContext &ctx, Receipt receipt)
{
    Receipts{ctx.tx(), ctx.account()}.store(device, user, mutation, receipt, ctx.now());
    outcome = std::move(receipt);
}

void MutationPipeline::submit(const Principal &who, Mutation mutation, Answer answer, Shared isShared)
{
    queue(who,
          std::make_shared<Run>(std::move(mutation), false, who.actor.device.value_or(base::Uuid{}),
                                who.actor.id, m_registry, m_log, std::move(isShared), Receipt{}),
          std::move(answer));
}

void MutationPipeline::submitMalformed(const Principal &who, std::int64_t n, const base::Uuid &mid,
                                       Answer answer)
{
    Mutation mutation;
    mutation.n = n;
    mutation.mid = mid;
    queue(who,
          std::make_shared<Run>(std::move(mutation), true, who.actor.device.value_or(base::Uuid{}),
                                who.actor.id, m_registry, m_log, Shared{}, Receipt{}),
          std::move(answer));
}

void MutationPipeline::queue(const Principal &who, std::shared_ptr<Run> run, Answer answer)
{
    m_executor.submit(
        who.account, who.actor, [run](WriteContext &ctx) { return run->execute(ctx); },
        [run](WriteContext &ctx, const base::Error &error) { return run->refuse(ctx, error); },
        [run, answer = std::move(answer)](const base::Result<std::int64_t> &committed) {
            auto receipt = committed ? run->outcome : nack(run->mutation.n, ErrorCode::Busy, busyWaitMs);
            receipt.mid = run->mutation.mid;
            answer(receipt);
        });
}

std::vector<Receipt> MutationPipeline::decided(storage::Transaction &tx, const Principal &who,
                                               const std::vector<std::int64_t> &numbers)
{
    std::vector<Receipt> all;
    Receipts receipts{tx, who.account};
    for (const auto n : numbers)
        if (const auto known = receipts.find(who.actor.device.value_or(base::Uuid{}), n))
            all.push_back(known->receipt);
    return all;
}

} // namespace server::sync
