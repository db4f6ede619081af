#include "client/sync/digest.h"

#include "shared/base/fingerprint.h"

#include <charconv>

namespace client::sync {

namespace {

std::size_t bucketOf(const base::Uuid &id)
{
    return id.raw()[8];
}

} // namespace

Digest digestOf(storage::CacheStore &cache, const std::string &scope)
{
    Digest digest{};
    cache.eachInScope(scope, [&digest](protocol::EntityType type, const base::Uuid &id, std::int64_t q) {
        digest[bucketOf(id)] ^=
            base::fnv1a64(std::to_string(static_cast<int>(type)) + ":" + id.text() + ":" + std::to_string(q));
    });
    return digest;
}

std::optional<Digest> digestFromHex(const std::vector<std::string> &buckets)
{
    Digest digest{};
    if (buckets.size() != digest.size())
        return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const auto &text = buckets[i];
        const auto read = std::from_chars(text.data(), text.data() + text.size(), digest[i], 16);
        if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
            return std::nullopt;
    }
    return digest;
}

std::vector<std::string> differences(storage::CacheStore &cache, const std::string &scope, const Digest &ours,
                                     const Digest &theirs)
{
    std::vector<std::string> found;
    std::array<bool, 256> named{};
    cache.eachInScope(scope, [&](protocol::EntityType type, const base::Uuid &id, std::int64_t) {
        const auto bucket = bucketOf(id);
        if (ours[bucket] == theirs[bucket])
            return;
        named[bucket] = true;
        found.push_back(std::string{protocol::toText(type)} + " " + id.text());
    });
    for (std::size_t i = 0; i < named.size(); ++i)
        if (ours[i] != theirs[i] && !named[i])
            found.push_back(scope + " bucket " + std::to_string(i));
    return found;
}

} // namespace client::sync
