#pragma once

#include "server/features/conversations/conversation_store.h"
#include "shared/domain/filters/filter.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace server::conversations {

/// What a conversation has under an attribute of filters.
domain::FilterValue filterValue(const ConversationRow &row, std::string_view attribute);

struct ConversationMatches {
    std::vector<ConversationRow> rows; ///< the page asked for, newest activity first
    ConversationCounts counts;         ///< of all that were found
    bool isComplete = true;            ///< false: there were more to look at than one question may
};

struct MatchesWanted {
    sync::AccountNumber account = 0;
    std::vector<std::int64_t> inboxes; ///< inboxes.id, those the caller may see
    std::int64_t caller = 0;           ///< users.id, for the count of their own
    base::Timestamp now{};
    std::size_t offset = 0;
    std::size_t limit = 0;
};

/// The conversations that a checked filter means. Looks at 50,000 at most: of each inbox and status the
/// filter does not rule out, newest activity first.
ConversationMatches matching(storage::Transaction &tx, const domain::Filter &filter,
                             const MatchesWanted &wanted);

} // namespace server::conversations
