#pragma once

#include "shared/base/clock.h"
#include "shared/domain/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

enum class ConversationStatus { Open, Pending, Snoozed, Resolved };
enum class Priority { None, Low, Medium, High, Urgent };

std::string_view toText(ConversationStatus status);
std::optional<ConversationStatus> conversationStatusFromText(std::string_view text);
std::string_view toText(Priority priority);
std::optional<Priority> priorityFromText(std::string_view text);

/// One thread with one contact in one inbox.
///
/// A plain value: compared field by field, copied between threads, unable to fail. What may change, and when,
/// is decided in conversation_rules.h.
struct Conversation {
    ConversationId id;
    std::int64_t number = 0; ///< the account's display number; 0 until the server gave one
    InboxId inbox;
    ContactId contact;
    ConversationStatus status = ConversationStatus::Open;
    std::optional<UserId> assignee;
    std::optional<TeamId> team;
    std::vector<std::string> labels; ///< titles, sorted; see label_rules.h
    Priority priority = Priority::None;
    std::optional<base::Timestamp>
        snoozedUntil;             ///< set only while Snoozed; Snoozed without it: until the next reply
    std::int64_t lastN = 0;       ///< number of the newest message
    std::int64_t customerN = 0;   ///< number of the customer's newest message
    std::int64_t agentN = 0;      ///< number of the newest public reply
    std::int64_t agentReadN = 0;  ///< everything up to here was seen by the customer
    std::string preview;          ///< newest public message or note, one line
    std::string previewBy = "in"; ///< in, out or note
    base::Timestamp createdAt{};
    base::Timestamp lastActivityAt{};
    std::optional<base::Timestamp> customerAt;   ///< when the customer's newest message came
    std::optional<base::Timestamp> waitingSince; ///< the customer waits for an answer since then

    bool operator==(const Conversation &) const = default;
};

/// How far one user has read one conversation.
struct ReadState {
    ConversationId conversation;
    std::int64_t readN = 0;
    bool operator==(const ReadState &) const = default;
};

} // namespace domain
