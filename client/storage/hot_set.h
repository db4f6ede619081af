#pragma once

#include "client/storage/cache_store.h"
#include "shared/base/clock.h"

#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

namespace client::storage {

/// How much of what the server said stays on this machine (sync-protocol 5.5).
struct CachePolicy {
    int days = 90; ///< resolved conversations quiet for longer keep no messages; 0: all keep theirs
    std::int64_t cacheBytes = 500'000'000;  ///< of cache.db
    std::int64_t fileBytes = 2'000'000'000; ///< of attachments

    bool operator==(const CachePolicy &) const = default;
};

/// What was opened lately stays, however old it is.
inline constexpr std::chrono::days openedLife{14};

/// Which conversations keep their messages, and what goes when there is no room. A conversation without
/// messages keeps its row; they are fetched again when it is opened. Local knowledge only: the server never
/// hears of it. Belongs to the writer's thread. Throws StorageError.
class HotSet {
public:
    explicit HotSet(CacheStore &cache) : m_cache{cache} {}

    /// Somebody looks at it. Inside a transaction.
    void opened(const base::Uuid &conversation, base::Timestamp now);
    [[nodiscard]] bool wasOpened(const base::Uuid &conversation, base::Timestamp since);

    /// Bytes of the file that hold something.
    [[nodiscard]] std::int64_t usedBytes();

    struct Search {
        base::Timestamp quietSince{};  ///< resolved, and nothing happened since
        base::Timestamp openedSince{}; ///< nor did anybody open it
        std::size_t most = 20;
    };
    /// Conversations that hold messages but need not, quiet for longest first; never those of `kept`.
    [[nodiscard]] std::vector<base::Uuid> cold(const Search &search, const std::set<base::Uuid> &kept);
    /// Conversations that hold more than a first window, used least recently first.
    [[nodiscard]] std::vector<base::Uuid> deep(std::size_t most, const std::set<base::Uuid> &kept);

    /// All messages go. Inside a transaction.
    void forget(const base::Uuid &conversation);
    /// The newest protocol::windowMessages stay. Inside a transaction.
    void trim(const base::Uuid &conversation);

    /// Gives a part of the file's free room back to the system, and tidies the full-text index. Outside of a
    /// transaction; some ten milliseconds.
    void giveBack();

private:
    std::vector<base::Uuid> found(const char *sql, QVariantList values, std::size_t most,
                                  const std::set<base::Uuid> &kept);

    CacheStore &m_cache;
};

} // namespace client::storage
