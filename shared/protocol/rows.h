#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/accounts/account.h"
#include "shared/domain/contacts/contact.h"
#include "shared/domain/conversations/conversation.h"
#include "shared/domain/conversations/message.h"
#include "shared/domain/inboxes/inbox.h"

/// The `v` of a change row, one pair of functions a kind (docs/protocol.md, "Rows"). The id and revision
/// travel beside the row, so the readers take the id. Reading is total: what is missing gets the type's
/// default, what is of another type fails with Protocol. Absent means null; empty texts and zeros are not
/// written.
namespace protocol {

base::Json toRow(const domain::Account &account);
base::Result<domain::Account> accountFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::User &user);
base::Result<domain::User> userFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::Inbox &inbox);
base::Result<domain::Inbox> inboxFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::Contact &contact);
base::Result<domain::Contact> contactFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::Conversation &conversation);
base::Result<domain::Conversation> conversationFromRow(const base::Uuid &id, const base::Json &row);

/// `conversation` is the row's parent, `p` on the wire.
base::Json toRow(const domain::Message &message);
base::Result<domain::Message> messageFromRow(const base::Uuid &id, const base::Uuid &conversation,
                                             const base::Json &row);

/// How far one message got (docs/protocol.md, "Delivery").
struct MessageState {
    domain::MessageId message;
    std::string state; ///< pending, dispatching, sent, delivered, read, failed, uncertain
    base::Timestamp at{};
    std::string code;        ///< why it failed
    base::Timestamp until{}; ///< while pending: until then its author may take it back

    bool operator==(const MessageState &) const = default;
};
base::Json toRow(const MessageState &state);
base::Result<MessageState> messageStateFromRow(const base::Uuid &id, const base::Json &row);

base::Json toRow(const domain::ReadState &state);
base::Result<domain::ReadState> readStateFromRow(const base::Uuid &conversation, const base::Json &row);

/// What I began to write in one conversation, on whichever device, and have not sent.
struct Draft {
    struct Text {
        std::string body;
        base::Timestamp at{}; ///< when it was written, by its author's clock
        bool operator==(const Text &) const = default;
    };
    domain::ConversationId conversation;
    Text reply;
    Text note;
    std::vector<std::string> lost; ///< what another device's words took the place of, newest first, at most 5

    bool operator==(const Draft &) const = default;
};
base::Json toRow(const Draft &draft);
base::Result<Draft> draftFromRow(const base::Uuid &conversation, const base::Json &row);

/// A reply that the server keeps back until its author decides (docs/protocol.md A.6); only the author gets
/// it. Carries what is needed to read it when the conversation is not here any more.
struct HeldReply {
    domain::MessageId message; ///< the id it gets when it is sent
    domain::ConversationId conversation;
    std::int64_t number = 0; ///< of the conversation
    std::string subject;     ///< whom it is to
    std::string body;
    std::vector<domain::Attachment> attachments;
    std::string code;                 ///< why: reply_collision, stale_reply
    std::optional<domain::UserId> by; ///< who answered before
    std::string byName;
    base::Timestamp otherAt{}; ///< when that answer, or the customer's message, came
    std::int64_t otherN = 0;   ///< its number
    base::Timestamp madeAt{};  ///< when the author wrote it
    base::Timestamp heldAt{};

    bool operator==(const HeldReply &) const = default;
};
base::Json toRow(const HeldReply &held);
base::Result<HeldReply> heldReplyFromRow(const base::Uuid &id, const base::Json &row);

/// What I may see and do.
struct Access {
    domain::UserId user;
    domain::Role role = domain::Role::Agent;
    std::vector<std::string> scopes;

    bool operator==(const Access &) const = default;
};
base::Json toRow(const Access &access);
base::Result<Access> accessFromRow(const base::Uuid &id, const base::Json &row);

/// One of my signed-in programs.
struct Device {
    domain::DeviceId id;
    std::string name;
    std::string os;
    std::string app;
    base::Timestamp createdAt{};
    base::Timestamp lastSeenAt{};

    bool operator==(const Device &) const = default;
};
base::Json toRow(const Device &device);
base::Result<Device> deviceFromRow(const base::Uuid &id, const base::Json &row);

} // namespace protocol
