#pragma once

#include <optional>
#include <string_view>

namespace protocol {

/// Kinds of rows that sync. Numbers are stored in databases and names go over the wire: append-only.
enum class EntityType {
    Account = 1,
    User = 2,
    Team = 3,
    Inbox = 4,
    Label = 5,
    Macro = 10,
    CannedResponse = 11,
    Contact = 14,
    Conversation = 16,
    Message = 17,
    MessageState = 18, ///< delivery of one message; same id as the message
    ReadState = 20,    ///< my read state; id of the conversation
    Draft = 21,        ///< what I have not sent; id of the conversation
    Access = 22,       ///< my scopes and permissions; id of the user
    Device = 24,
    HeldReply = 25, ///< a reply of mine that waits for my decision; id of the message it would be
};

std::string_view toText(EntityType type);
std::optional<EntityType> entityTypeFromText(std::string_view text);
std::optional<EntityType> entityTypeFromNumber(int number);

} // namespace protocol
