#pragma once

#include "client/storage/cache_store.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace client::sync {

/// Fingerprints of what is held of a scope (docs/protocol.md A.5): 256 buckets by the id's first random byte.
using Digest = std::array<std::uint64_t, 256>;

Digest digestOf(storage::CacheStore &cache, const std::string &scope);
/// Without messages and their states. A row that could not be read counts as held.
Digest digestOfHeads(storage::CacheStore &cache, const std::string &scope);
/// Of the messages and states held of a conversation, from its lowest number on.
std::uint64_t digestOfWindow(storage::CacheStore &cache, const base::Uuid &conversation);
/// As the server writes it; nothing when it is no digest.
std::optional<Digest> digestFromHex(const std::vector<std::string> &buckets);
/// "message 0198…" for everything held in a bucket that differs; a bucket with nothing held is named "bucket
/// 17".
std::vector<std::string> differences(storage::CacheStore &cache, const std::string &scope, const Digest &ours,
                                     const Digest &theirs);

} // namespace client::sync
