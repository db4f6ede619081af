#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/conversations/conversation.h"
#include "shared/domain/conversations/message.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The mutations of conversations (docs/protocol.md, "Mutations"). `name` is the wire name: never renamed,
/// never reused. Lanes: all of them use "cv:<conversation>".
namespace protocol {

/// Adds a reply or a private note. The mutation's mid becomes the message's id.
struct CreateMessage {
    static constexpr std::string_view name = "message.create";

    domain::ConversationId conversation;
    domain::MessageKind kind = domain::MessageKind::Public; ///< Public or Note
    std::string body;
    std::vector<domain::AttachmentId> uploads;
    std::optional<domain::MessageId> fixes; ///< takes the place of this reply of mine if it is held
};

/// Sends a held reply of mine after all. Lane of its conversation.
struct ReleaseMessage {
    static constexpr std::string_view name = "message.release";

    domain::ConversationId conversation;
    domain::MessageId message;
};

/// Gives a held reply of mine up, or takes back one that has not gone out yet.
struct DiscardMessage {
    static constexpr std::string_view name = "message.discard";

    domain::ConversationId conversation;
    domain::MessageId message;
};

/// Sends once more what could not be delivered, or may not have been.
struct RetryMessage {
    static constexpr std::string_view name = "message.retry";

    domain::ConversationId conversation;
    domain::MessageId message;
};

/// Leaves words that the server refused for want of access as a note, for those who see the conversation.
struct HandOver {
    static constexpr std::string_view name = "message.hand_over";

    domain::ConversationId conversation;
    domain::MessageId message; ///< the refused CreateMessage's mid
    std::string words;         ///< its arguments as they were sent: proof that just these were refused
};

/// Opens, resolves or sets pending; or snoozes without an end.
struct SetStatus {
    static constexpr std::string_view name = "conversation.status";

    domain::ConversationId conversation;
    domain::ConversationStatus to = domain::ConversationStatus::Open;
    bool force = false; ///< resolve although the customer wrote meanwhile
};

struct Snooze {
    static constexpr std::string_view name = "conversation.snooze";

    domain::ConversationId conversation;
    base::Timestamp until{};
    std::string local; ///< what was meant: until clocks in `zone` show this, "2026-11-25T09:00"
    std::string zone;  ///< IANA name; empty: the moment itself was meant
};

/// Gives the conversation to `to`, or to nobody. `expect` is the assignee the author saw (null for nobody).
struct Assign {
    static constexpr std::string_view name = "conversation.assign";

    domain::ConversationId conversation;
    std::optional<domain::UserId> to;
    std::optional<domain::UserId> expected;
};

struct SetPriority {
    static constexpr std::string_view name = "conversation.priority";

    domain::ConversationId conversation;
    domain::Priority to = domain::Priority::None;
};

/// Gives the conversation to a team, or to none. Last arrival wins.
struct SetTeam {
    static constexpr std::string_view name = "conversation.team";

    domain::ConversationId conversation;
    std::optional<domain::TeamId> to;
};

/// Adds and removes labels by title; see domain::relabelled().
struct SetLabels {
    static constexpr std::string_view name = "conversation.label";

    domain::ConversationId conversation;
    std::vector<std::string> add;
    std::vector<std::string> remove;
};

/// I have read up to `readN`. Lane "me".
struct MarkRead {
    static constexpr std::string_view name = "cread.set";

    domain::ConversationId conversation;
    std::int64_t readN = 0;
};

/// What I have written so far and not sent; empty when there is nothing. Lane "me".
struct SetDraft {
    static constexpr std::string_view name = "draft.set";

    domain::ConversationId conversation;
    domain::MessageKind kind = domain::MessageKind::Public; ///< Public or Note
    std::string body;
};

// JSON of `a`. Reading fails with Invalid and the field's name.
base::Json toJson(const CreateMessage &m);
base::Json toJson(const ReleaseMessage &m);
base::Json toJson(const DiscardMessage &m);
base::Json toJson(const RetryMessage &m);
base::Json toJson(const HandOver &m);
base::Json toJson(const SetStatus &m);
base::Json toJson(const Snooze &m);
base::Json toJson(const Assign &m);
base::Json toJson(const SetPriority &m);
base::Json toJson(const SetTeam &m);
base::Json toJson(const SetLabels &m);
base::Json toJson(const MarkRead &m);
base::Json toJson(const SetDraft &m);

template <class M>
base::Result<M> messageFromJson(const base::Json &args);
template <>
base::Result<CreateMessage> messageFromJson(const base::Json &args);
template <>
base::Result<ReleaseMessage> messageFromJson(const base::Json &args);
template <>
base::Result<DiscardMessage> messageFromJson(const base::Json &args);
template <>
base::Result<RetryMessage> messageFromJson(const base::Json &args);
template <>
base::Result<HandOver> messageFromJson(const base::Json &args);
template <>
base::Result<SetStatus> messageFromJson(const base::Json &args);
template <>
base::Result<Snooze> messageFromJson(const base::Json &args);
template <>
base::Result<Assign> messageFromJson(const base::Json &args);
template <>
base::Result<SetPriority> messageFromJson(const base::Json &args);
template <>
base::Result<SetTeam> messageFromJson(const base::Json &args);
template <>
base::Result<SetLabels> messageFromJson(const base::Json &args);
template <>
base::Result<MarkRead> messageFromJson(const base::Json &args);
template <>
base::Result<SetDraft> messageFromJson(const base::Json &args);

} // namespace protocol
