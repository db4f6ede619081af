#include "shared/domain/conversations/conversation_rules.h"

#include "shared/base/text.h"

#include <algorithm>

namespace domain {

namespace {

constexpr std::size_t previewLength = 120;

} // namespace

base::Result<Conversation> setStatus(Conversation conversation, ConversationStatus to,
                                     std::optional<std::int64_t> seenN)
{
    if (to == ConversationStatus::Resolved && seenN && conversation.customerN > *seenN)
        return base::Error{base::ErrorCode::NewCustomerMessage,
                           "message " + std::to_string(conversation.customerN)};
    conversation.status = to;
    conversation.snoozedUntil.reset();
    if (to == ConversationStatus::Resolved)
        conversation.waitingSince.reset();
    return conversation;
}

base::Result<Conversation> snooze(Conversation conversation, base::Timestamp until, base::Timestamp now)
{
    if (until > now + std::chrono::hours{24 * 366 * 2})
        return base::Error{base::ErrorCode::Invalid, "snoozed for more than two years"};
    const bool due = until <= now;
    conversation.status = due ? ConversationStatus::Open : ConversationStatus::Snoozed;
    conversation.snoozedUntil = due ? std::nullopt : std::optional{until};
    return conversation;
}

base::Result<Conversation> assign(Conversation conversation, std::optional<UserId> to,
                                  std::optional<std::optional<UserId>> expected)
{
    if (expected && *expected != conversation.assignee && conversation.assignee != to)
        return base::Error{base::ErrorCode::AssigneeChanged,
                           conversation.assignee ? conversation.assignee->text() : std::string{}};
    conversation.assignee = to;
    return conversation;
}

Conversation setPriority(Conversation conversation, Priority to)
{
    conversation.priority = to;
    return conversation;
}

base::Result<std::string> messageBody(std::string_view text, bool hasAttachments)
{
    if (!base::isUtf8(text))
        return base::Error{base::ErrorCode::Invalid, "not UTF-8"};
    std::string body{base::trimmed(base::cleaned(text))};
    if (body.empty() && !hasAttachments)
        return base::Error{base::ErrorCode::Invalid, "empty message"};
    if (base::length(body) > maxMessageLength)
        return base::Error{base::ErrorCode::TooLarge, "message over 20000 characters"};
    return body;
}

Conversation afterMessage(Conversation conversation, const Message &message)
{
    ++conversation.lastN;
    if (message.kind == MessageKind::Activity)
        return conversation;

    conversation.lastActivityAt = std::max(conversation.lastActivityAt, message.at);
    conversation = withPreview(std::move(conversation), message);
    if (message.kind == MessageKind::Note)
        return conversation;
    if (message.direction == MessageDirection::Outgoing) {
        conversation.agentN = conversation.lastN;
        conversation.waitingSince.reset();
        return conversation;
    }
    conversation.customerN = conversation.lastN;
    conversation.customerAt = message.at;
    if (!conversation.waitingSince)
        conversation.waitingSince = message.at;
    if (conversation.status == ConversationStatus::Snoozed ||
        conversation.status == ConversationStatus::Resolved) {
        conversation.status = ConversationStatus::Open;
        conversation.snoozedUntil.reset();
    }
    return conversation;
}

Conversation withPreview(Conversation conversation, const Message &newest)
{
    conversation.preview = base::preview(
        newest.body.empty() && !newest.attachments.empty() ? newest.attachments.front().name : newest.body,
        previewLength);
    conversation.previewBy = newest.kind == MessageKind::Note ? "note" : toText(newest.direction);
    return conversation;
}

std::optional<base::Timestamp> replyWindowEnds(const Conversation &conversation, std::int64_t hours)
{
    if (hours <= 0)
        return std::nullopt;
    return conversation.customerAt ? *conversation.customerAt + std::chrono::hours{hours} : base::Timestamp{};
}

ReadState markRead(ReadState state, std::int64_t readN)
{
    state.readN = std::max(state.readN, readN);
    return state;
}

} // namespace domain
