#include "server/features/conversations/reply_window.h"

#include "server/features/conversations/message_store.h"
#include "server/features/inboxes/inbox_store.h"

#include <chrono>

namespace server::conversations {

std::optional<base::Timestamp> replyWindowEnds(storage::Transaction &tx, const ConversationRow &row)
{
    const auto inbox = inboxes::InboxStore{tx}.find(row.account, row.inbox);
    const auto hours = inbox ? inboxes::replyWindowHours(inbox->settings) : 0;
    if (hours <= 0)
        return std::nullopt;
    const auto newest = MessageStore{tx}.newestIncoming(row.number, 0);
    return newest ? newest->message.at + std::chrono::hours{hours} : base::Timestamp{};
}

base::Status checkReplyWindow(storage::Transaction &tx, const ConversationRow &row, base::Timestamp now)
{
    const auto ends = replyWindowEnds(tx, row);
    return ends && now >= *ends ? base::Status{base::Error{base::ErrorCode::ChannelWindow, {}}}
                                : base::Status{base::Done{}};
}

} // namespace server::conversations
