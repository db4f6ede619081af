#pragma once

#include "server/features/conversations/conversation_row.h"
#include "server/storage/row.h"

#include <cstdint>
#include <optional>
#include <vector>

/// How ConversationStore reads its table; for its own sources only.
namespace server::conversations {

#define CONVERSATION_COLUMNS                                                                                 \
    "id, uuid, account_id, display_id, inbox_id, inbox_uuid, contact_id, contact_uuid, contact_inbox_id, "   \
    "assignee_id, assignee_uuid, status, priority, snoozed_until, last_n, customer_n, agent_n, "             \
    "agent_read_n, "                                                                                         \
    "preview, preview_by, created_at, last_activity_at, waiting_since, first_reply_at, agent_seen_at, "      \
    "assignee_seen_at, contact_seen_at, additional_attributes, custom_attributes, updated_at, team_id, "     \
    "team_uuid, labels"
#define SELECT_CONVERSATION "SELECT " CONVERSATION_COLUMNS " FROM conversations "

ConversationRow conversationFromRow(const storage::Row &row);
std::optional<ConversationRow> maybeConversation(const std::optional<storage::Row> &row);
std::vector<ConversationRow> conversationsFromRows(const std::vector<storage::Row> &rows);

} // namespace server::conversations
