#pragma once

#include "client/storage/cache_store.h"
#include "shared/base/uuid.h"

#include <random>
#include <string>
#include <vector>

namespace bench {

/// What the rows are about.
struct Desk {
    base::Uuid account;
    base::Uuid me;
    std::vector<base::Uuid> users; ///< me first
    std::vector<base::Uuid> inboxes;
};

/// A vocabulary in which a word is the rarer the higher its number, as in writing.
std::string word(std::mt19937_64 &random);
std::string body(std::mt19937_64 &random);

/// Fills a cache as a finished first sync would: people, inboxes, `conversations` open ones of `each`
/// messages, a tenth of them unread by the desk's user, the newest last. One commit for about 500 messages.
std::vector<base::Uuid> fillCache(client::storage::CacheStore &cache, const Desk &desk, int conversations,
                                  int each, base::UuidMaker &ids, std::mt19937_64 &random);
/// One more conversation, of so many messages.
base::Uuid fillConversation(client::storage::CacheStore &cache, const Desk &desk, int number, int messages,
                            base::UuidMaker &ids, std::mt19937_64 &random);

} // namespace bench
