#include "server/sync/compaction.h"

namespace server::sync {

namespace {

constexpr int maxForgotten = 5000;

} // namespace

std::int64_t compactTombstones(WriteContext &ctx, base::Duration age)
{
    auto &tx = ctx.tx();
    std::int64_t floor = 0;
    const auto rows = tx.all("SELECT seq FROM sync_journal WHERE account_id = ? AND at < ? AND op <> 'U'"
                             " ORDER BY at LIMIT ?",
                             {ctx.account(), ctx.now() - age, maxForgotten});
    for (const auto &row : rows)
        floor = std::max(floor, row.integer(0));
    if (rows.empty())
        return 0;
    tx.run("UPDATE sync_head SET floor = max(floor, ?) WHERE account_id = ?", {floor, ctx.account()});
    for (const auto &row : rows)
        tx.run("DELETE FROM sync_journal WHERE account_id = ? AND seq = ?", {ctx.account(), row.integer(0)});
    return static_cast<std::int64_t>(rows.size());
}

std::int64_t forgetReceipts(WriteContext &ctx, base::Duration age)
{
    return ctx.tx().run(
        "DELETE FROM sync_receipt WHERE (account_id, device, n) IN"
        " (SELECT account_id, device, n FROM sync_receipt WHERE at < ? AND account_id = ? LIMIT ?)",
        {ctx.now() - age, ctx.account(), maxForgotten});
}

} // namespace server::sync
