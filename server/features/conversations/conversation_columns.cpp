#include "server/features/conversations/conversation_columns.h"

#include "shared/base/json.h"

namespace server::conversations {

namespace {

// Enumerators are stored by number.
static_assert(static_cast<int>(domain::ConversationStatus::Open) == 0 &&
              static_cast<int>(domain::ConversationStatus::Pending) == 1 &&
              static_cast<int>(domain::ConversationStatus::Snoozed) == 2 &&
              static_cast<int>(domain::ConversationStatus::Resolved) == 3);
static_assert(static_cast<int>(domain::Priority::None) == 0 &&
              static_cast<int>(domain::Priority::Urgent) == 4);

std::vector<std::string> titlesFrom(const std::string &text)
{
    const auto json = base::parseJson(text);
    return json && json->is_array() ? json->get<std::vector<std::string>>() : std::vector<std::string>{};
}

} // namespace

ConversationRow conversationFromRow(const storage::Row &row)
{
    ConversationRow r;
    auto &c = r.conversation;
    r.number = row.integer(0);
    c.id = {row.uuid(1)};
    r.account = row.integer(2);
    c.number = row.integer(3);
    r.inbox = row.integer(4);
    c.inbox = {row.uuid(5)};
    r.contact = row.integer(6);
    c.contact = {row.uuid(7)};
    r.contactInbox = row.integer(8);
    r.assignee = row.maybeInteger(9);
    if (const auto assignee = row.maybeUuid(10))
        c.assignee = domain::UserId{*assignee};
    c.status = static_cast<domain::ConversationStatus>(row.integer(11));
    c.priority = static_cast<domain::Priority>(row.integer(12));
    c.snoozedUntil = row.maybeTime(13);
    c.lastN = row.integer(14);
    c.customerN = row.integer(15);
    c.agentN = row.integer(16);
    c.agentReadN = row.integer(17);
    c.preview = row.text(18);
    c.previewBy = row.text(19);
    c.createdAt = row.time(20);
    c.lastActivityAt = row.time(21);
    c.waitingSince = row.maybeTime(22);
    r.firstReplyAt = row.maybeTime(23);
    r.agentSeenAt = row.maybeTime(24);
    r.assigneeSeenAt = row.maybeTime(25);
    r.contactSeenAt = row.maybeTime(26);
    r.additionalAttributes = row.text(27);
    r.customAttributes = row.text(28);
    r.updatedAt = row.time(29);
    r.team = row.maybeInteger(30);
    if (const auto team = row.maybeUuid(31))
        c.team = domain::TeamId{*team};
    c.labels = titlesFrom(row.text(32));
    return r;
}

std::optional<ConversationRow> maybeConversation(const std::optional<storage::Row> &row)
{
    return row ? std::optional{conversationFromRow(*row)} : std::nullopt;
}

std::vector<ConversationRow> conversationsFromRows(const std::vector<storage::Row> &rows)
{
    std::vector<ConversationRow> found;
    found.reserve(rows.size());
    for (const auto &row : rows)
        found.push_back(conversationFromRow(row));
    return found;
}

} // namespace server::conversations
