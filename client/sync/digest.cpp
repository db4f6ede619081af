#include "client/sync/digest.h"

#include "client/storage/entity_table.h"
#include "shared/base/fingerprint.h"

#include <charconv>
#include <map>

namespace client::sync {

namespace {

std::uint64_t fingerprint(const storage::EntityKey &key, std::int64_t q)
{
    return base::fnv1a64(std::to_string(static_cast<int>(key.type)) + ":" + key.id.text() + ":" +
                         std::to_string(q));
}

std::size_t bucketOf(const base::Uuid &id)
{
    return id.raw()[8];
}

} // namespace

Digest digestOf(storage::CacheStore &cache, const std::string &scope)
{
    Digest digest{};
    cache.eachInScope(scope, [&digest](protocol::EntityType type, const base::Uuid &id, std::int64_t q) {
        digest[bucketOf(id)] ^= fingerprint({type, id}, q);
    });
    return digest;
}

Digest digestOfHeads(storage::CacheStore &cache, const std::string &scope)
{
    std::map<storage::EntityKey, std::int64_t> unread;
    for (const auto &[key, row] : cache.quarantinedRows())
        if (row.scope == scope && !storage::entityTable(key.type).childOfConversation)
            unread.emplace(key, row.q);
    Digest digest{};
    cache.eachInScope(scope, [&](protocol::EntityType type, const base::Uuid &id, std::int64_t q) {
        if (!storage::entityTable(type).childOfConversation && !unread.contains({type, id}))
            digest[bucketOf(id)] ^= fingerprint({type, id}, q);
    });
    for (const auto &[key, q] : unread)
        digest[bucketOf(key.id)] ^= fingerprint(key, q);
    return digest;
}

std::uint64_t digestOfWindow(storage::CacheStore &cache, const base::Uuid &conversation)
{
    std::uint64_t sum = 0;
    for (const auto &[key, q] : cache.window(conversation))
        sum ^= fingerprint(key, q);
    return sum;
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
