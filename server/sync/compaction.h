#pragma once

#include "server/sync/write_context.h"

#include <chrono>
#include <cstdint>

namespace server::sync {

inline constexpr std::chrono::days tombstoneLife{45};
inline constexpr std::chrono::days receiptLife{180};

/// Forgets traces of removal older than `age`, at most 5,000, and raises the floor to the newest forgotten:
/// clients further behind get a reset. How many were forgotten; run it again while that is 5,000. Runs as an
/// executor job of its account.
std::int64_t compactTombstones(WriteContext &ctx, base::Duration age = tombstoneLife);

/// Forgets receipts older than `age`, of the job's account, at most 5,000; how many.
std::int64_t forgetReceipts(WriteContext &ctx, base::Duration age = receiptLife);

} // namespace server::sync
