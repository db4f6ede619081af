#pragma once

#include "shared/base/result.h"
#include "shared/domain/conversations/conversation.h"
#include "shared/domain/conversations/message.h"

/// What may happen to a conversation. Pure: the client runs these to show the result at once, the server runs
/// them to decide; both get the same answer from the same input. `now` is the server's time of acceptance, or
/// the client's corrected clock while it is pending.
namespace domain {

inline constexpr std::size_t maxMessageLength = 20'000; ///< code points of a reply or note

/// Sets open, pending or resolved, or snoozed without an end (until the next reply). Ends a snooze otherwise.
///
/// `seenN` is the newest message the author had seen: resolving fails with NewCustomerMessage when the
/// customer wrote after it. Nothing when the caller cannot know (REST, jobs): then no guard.
base::Result<Conversation> setStatus(Conversation conversation, ConversationStatus to,
                                     std::optional<std::int64_t> seenN = std::nullopt);

/// Hides the conversation until a later moment. A moment that has passed meanwhile opens it instead.
/// Fails with Invalid when `until` is more than two years away.
base::Result<Conversation> snooze(Conversation conversation, base::Timestamp until, base::Timestamp now);

/// Gives the conversation to somebody, or to nobody.
///
/// `expected` is the assignee the author saw. When it is given and somebody else was assigned meanwhile,
/// fails with AssigneeChanged, unless the outcome is already the wanted one.
base::Result<Conversation> assign(Conversation conversation, std::optional<UserId> to,
                                  std::optional<std::optional<UserId>> expected = std::nullopt);

Conversation setPriority(Conversation conversation, Priority to);

/// Checks and cleans a text before it becomes a message: UTF-8, no control characters, not empty unless it
/// carries files, at most maxMessageLength. Fails with Invalid or TooLarge.
base::Result<std::string> messageBody(std::string_view text, bool hasAttachments);

/// The conversation after `message` was added with number `lastN + 1`: counters, preview, activity, waiting
/// time; a customer's message reopens a snoozed or resolved one.
Conversation afterMessage(Conversation conversation, const Message &message);

/// Preview and who it is by, from its newest message or note.
Conversation withPreview(Conversation conversation, const Message &newest);

/// Reading never goes back.
ReadState markRead(ReadState state, std::int64_t readN);
/// Until when replies are taken in an inbox with such a window: so many hours after the customer's newest
/// message. Nothing: at any time. The beginning of time: not before the customer writes.
std::optional<base::Timestamp> replyWindowEnds(const Conversation &conversation, std::int64_t hours);

} // namespace domain
