#pragma once

#include "server/sync/change.h"
#include "shared/domain/conversations/conversation.h"

#include <cstdint>
#include <optional>
#include <string>

namespace server::conversations {

/// A conversation with what only the server and the HTTP API need. `conversation.number` is the display
/// number; `number` the global one of the conversations table.
struct ConversationRow {
    std::int64_t number = 0;
    domain::Conversation conversation;
    sync::AccountNumber account = 0;
    std::int64_t inbox = 0;                  ///< inboxes.id
    std::int64_t contact = 0;                ///< contacts.id
    std::int64_t contactInbox = 0;           ///< contact_inboxes.id
    std::optional<std::int64_t> assignee;    ///< users.id
    std::optional<std::int64_t> team;        ///< teams.id
    std::string additionalAttributes = "{}"; ///< JSON object
    std::string customAttributes = "{}";     ///< JSON object
    std::optional<base::Timestamp> firstReplyAt;
    std::optional<base::Timestamp> agentSeenAt;
    std::optional<base::Timestamp> assigneeSeenAt;
    std::optional<base::Timestamp> contactSeenAt;
    base::Timestamp updatedAt{};
};

} // namespace server::conversations
