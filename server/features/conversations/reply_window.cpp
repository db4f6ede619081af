#include "server/features/conversations/reply_window.h"

#include "server/features/inboxes/inbox_store.h"
#include "shared/domain/conversations/conversation_rules.h"

namespace server::conversations {

std::optional<base::Timestamp> replyWindowEnds(storage::Transaction &tx, const ConversationRow &row)
{
    const auto inbox = inboxes::InboxStore{tx}.find(row.account, row.inbox);
    const auto hours = inbox ? inboxes::replyWindowHours(inbox->settings) : 0;
    return domain::replyWindowEnds(row.conversation, hours);
}

base::Status checkReplyWindow(storage::Transaction &tx, const ConversationRow &row, base::Timestamp now)
{
    const auto ends = replyWindowEnds(tx, row);
    return ends && now >= *ends ? base::Status{base::Error{base::ErrorCode::ChannelWindow, {}}}
                                : base::Status{base::Done{}};
}

} // namespace server::conversations
