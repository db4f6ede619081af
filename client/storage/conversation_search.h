#pragma once

#include "client/storage/connection.h"
#include "client/storage/search_query.h"
#include "client/storage/search_snippet.h"
#include "shared/domain/accounts/account.h"
#include "shared/domain/conversations/conversation.h"

#include <optional>
#include <string>
#include <vector>

namespace client::storage {

/// A conversation that was found, and its newest message that answers the question.
struct SearchHit {
    domain::ConversationId conversation;
    std::optional<domain::MessageId> message; ///< nothing: found by its number, its contact or its state
    base::Timestamp at{};                     ///< of the message, else of the newest activity
    /// A piece of the message around what was found, which stands between snippetOpen and snippetClose.
    std::string snippet;
};

/// See Reader::search(). Work is bounded whatever the question is: the newest hits are looked at first, and
/// only so many.
std::vector<SearchHit> searchConversations(Connection &cache, const SearchQuery &query, int limit,
                                           const std::optional<domain::UserId> &me, bool withSnippets);

} // namespace client::storage
