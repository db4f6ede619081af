#pragma once

#include "shared/base/clock.h"
#include "shared/domain/conversations/conversation.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace client::storage {

/// What a person typed into the search box: words, `"a phrase"`, `-word`, and the operators `from:` `to:`
/// `in:` `label:` `status:` `assignee:` `before:` `after:` `has:attachment`. A value with spaces stands in
/// quotes. An operator that is not known or whose value is not usable is words, as typed.
struct SearchQuery {
    std::string words; ///< without operators, phrases and exclusions; as typed
    std::vector<std::string> phrases;
    std::vector<std::string> excluded;
    std::string from;     ///< part of a name or address; "me"
    std::string to;       ///< the same, of the contact that was written to
    std::string inbox;    ///< part of a name
    std::string label;    ///< a title
    std::string assignee; ///< part of a name or address; "me", "none"
    std::optional<domain::ConversationStatus> status;
    std::optional<base::Timestamp> before; ///< start of that day, where this machine is
    std::optional<base::Timestamp> after;  ///< end of that day
    bool hasAttachment = false;

    [[nodiscard]] bool hasWords() const { return words.find_first_not_of(" \t\n") != std::string::npos; }
    /// The words, or the first phrase when there are none, without spaces around.
    [[nodiscard]] std::string plainText() const;
    /// Single messages are meant, not only their conversations.
    [[nodiscard]] bool asksMessages() const
    {
        return !from.empty() || !to.empty() || before || after || hasAttachment;
    }
    [[nodiscard]] bool asksConversations() const
    {
        return !inbox.empty() || !label.empty() || !assignee.empty() || status;
    }

    bool operator==(const SearchQuery &) const = default;
};

SearchQuery parseSearch(std::string_view text);

/// The words and phrases as an FTS5 query, without what is excluded; empty when there are none that the index
/// can find.
std::string matchExpression(const SearchQuery &query);

} // namespace client::storage
