#pragma once

#include "shared/base/clock.h"
#include "shared/domain/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

enum class MessageKind { Public, Note, Activity };
enum class MessageDirection { Incoming, Outgoing };

std::string_view toText(MessageKind kind);
std::optional<MessageKind> messageKindFromText(std::string_view text);
std::string_view toText(MessageDirection direction);
std::optional<MessageDirection> messageDirectionFromText(std::string_view text);

/// A file of a message. The bytes are fetched apart.
struct Attachment {
    AttachmentId id;
    std::string name;
    std::string mime;
    std::int64_t size = 0; ///< bytes
    int width = 0;         ///< pixels, images only
    int height = 0;
    bool thumbnail = false;

    bool operator==(const Attachment &) const = default;
};

/// Who wrote: exactly one of the two, or neither for activities of the system.
struct Author {
    std::optional<UserId> user;
    std::optional<ContactId> contact;

    bool operator==(const Author &) const = default;
};

/// One thing that a message offers beside its text: a choice, a card, a question of a form, an article.
struct ContentItem {
    std::string title;
    std::string detail;
    std::string link;
    std::vector<std::string> buttons; ///< what a card's buttons say

    bool operator==(const ContentItem &) const = default;
};

/// What the customer answered; without a question where there is only one.
struct ContentAnswer {
    std::string question;
    std::string answer;

    bool operator==(const ContentAnswer &) const = default;
};

/// What bots, surveys and customers exchange in a message beside its text, cut to a bearable length.
struct MessageContent {
    std::string type; ///< wire name ("input_select", "cards", …); empty: text and nothing else
    std::vector<ContentItem> items;
    std::vector<ContentAnswer> answers;
    int stars = 0; ///< of a survey, 1 to 5; 0: not rated

    bool operator==(const MessageContent &) const = default;
};

/// What was said. Never changes once accepted, but that it is answered or taken away.
///
/// An activity's body is a code with arguments ("status:resolved"), so that each client tells it in its own
/// language.
struct Message {
    MessageId id;
    ConversationId conversation;
    std::int64_t n = 0; ///< dense number in the conversation, by the server; 0 while pending
    MessageKind kind = MessageKind::Public;
    MessageDirection direction = MessageDirection::Outgoing;
    Author author;
    std::string body;
    std::vector<Attachment> attachments;
    MessageContent content;
    bool deleted = false; ///< the body says so in the account's language; who shows it may use another
    base::Timestamp at{};

    bool operator==(const Message &) const = default;
};

} // namespace domain
