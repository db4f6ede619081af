#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/fields.h"
#include "shared/protocol/limits.h"

namespace protocol {

template <>
struct EnumText<domain::ConversationStatus> {
    static auto parse(std::string_view text) { return domain::conversationStatusFromText(text); }
};
template <>
struct EnumText<domain::Priority> {
    static auto parse(std::string_view text) { return domain::priorityFromText(text); }
};
template <>
struct EnumText<domain::MessageKind> {
    static auto parse(std::string_view text) { return domain::messageKindFromText(text); }
};

template <>
struct Fields<CreateMessage> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("kind", self.kind);
        visit("body", self.body);
        visit("up", self.uploads);
        visit("fixes", self.fixes);
    }
};

template <>
struct Fields<ReleaseMessage> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("message", self.message);
    }
};

template <>
struct Fields<DiscardMessage> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("message", self.message);
    }
};

template <>
struct Fields<RetryMessage> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("message", self.message);
    }
};

template <>
struct Fields<HandOver> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("message", self.message);
        visit("words", self.words);
    }
};

template <>
struct Fields<SetStatus> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("to", self.to);
        visit("force", self.force);
    }
};

template <>
struct Fields<Snooze> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("until", self.until);
        visit("local", self.local);
        visit("tz", self.zone);
    }
};

template <>
struct Fields<Assign> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("to", self.to);
        visit("expect", self.expected);
    }
};

template <>
struct Fields<SetPriority> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("to", self.to);
    }
};

template <>
struct Fields<SetTeam> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("to", self.to);
    }
};

template <>
struct Fields<SetLabels> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("add", self.add);
        visit("remove", self.remove);
    }
};

template <>
struct Fields<MarkRead> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("read_n", self.readN);
    }
};

template <>
struct Fields<SetDraft> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("kind", self.kind);
        visit("body", self.body);
    }
};

namespace {

constexpr std::size_t maxRuleText = 64;
constexpr std::size_t maxDraftBytes = 80'000; // the longest message, in UTF-8

template <class M>
base::Result<M> readArgs(const base::Json &args)
{
    auto message = read(args, M{}, base::ErrorCode::Invalid);
    if (message && message->conversation.isNull())
        return base::Error{base::ErrorCode::Invalid, "conv"};
    return message;
}

template <class M>
base::Result<M> readMessageArgs(const base::Json &args)
{
    auto message = readArgs<M>(args);
    if (message && message->message.isNull())
        return base::Error{base::ErrorCode::Invalid, "message"};
    return message;
}

} // namespace

base::Json toJson(const ReleaseMessage &m)
{
    return write(m);
}

base::Json toJson(const DiscardMessage &m)
{
    return write(m);
}

base::Json toJson(const RetryMessage &m)
{
    return write(m);
}

base::Json toJson(const CreateMessage &m)
{
    return write(m);
}

base::Json toJson(const HandOver &m)
{
    return write(m);
}

base::Json toJson(const SetStatus &m)
{
    return write(m);
}

base::Json toJson(const Snooze &m)
{
    return write(m);
}

base::Json toJson(const Assign &m)
{
    return write(m);
}

base::Json toJson(const SetPriority &m)
{
    return write(m);
}

base::Json toJson(const SetTeam &m)
{
    return write(m);
}

base::Json toJson(const SetLabels &m)
{
    return write(m);
}

base::Json toJson(const MarkRead &m)
{
    return write(m);
}

base::Json toJson(const SetDraft &m)
{
    return write(m);
}

template <>
base::Result<SetDraft> messageFromJson(const base::Json &args)
{
    auto message = readArgs<SetDraft>(args);
    if (message && message->kind == domain::MessageKind::Activity)
        return base::Error{base::ErrorCode::Invalid, "kind"};
    if (message && message->body.size() > maxDraftBytes)
        return base::Error{base::ErrorCode::TooLarge, "body"};
    return message;
}

template <>
base::Result<CreateMessage> messageFromJson(const base::Json &args)
{
    auto message = readArgs<CreateMessage>(args);
    if (message && message->kind == domain::MessageKind::Activity)
        return base::Error{base::ErrorCode::Invalid, "kind"};
    if (message && message->uploads.size() > maxAttachments)
        return base::Error{base::ErrorCode::Invalid, "up"};
    return message;
}

template <>
base::Result<ReleaseMessage> messageFromJson(const base::Json &args)
{
    return readMessageArgs<ReleaseMessage>(args);
}

template <>
base::Result<DiscardMessage> messageFromJson(const base::Json &args)
{
    return readMessageArgs<DiscardMessage>(args);
}

template <>
base::Result<RetryMessage> messageFromJson(const base::Json &args)
{
    return readMessageArgs<RetryMessage>(args);
}

template <>
base::Result<HandOver> messageFromJson(const base::Json &args)
{
    auto message = readMessageArgs<HandOver>(args);
    if (message && message->words.size() > 2 * maxDraftBytes) // escaped letters take more room
        return base::Error{base::ErrorCode::TooLarge, "words"};
    return message;
}

template <>
base::Result<SetStatus> messageFromJson(const base::Json &args)
{
    return readArgs<SetStatus>(args);
}

template <>
base::Result<Snooze> messageFromJson(const base::Json &args)
{
    auto message = readArgs<Snooze>(args);
    if (message && (message->local.size() > maxRuleText || message->zone.size() > maxRuleText))
        return base::Error{base::ErrorCode::Invalid, "tz"};
    return message;
}

template <>
base::Result<Assign> messageFromJson(const base::Json &args)
{
    return readArgs<Assign>(args);
}

template <>
base::Result<SetPriority> messageFromJson(const base::Json &args)
{
    return readArgs<SetPriority>(args);
}

template <>
base::Result<SetTeam> messageFromJson(const base::Json &args)
{
    return readArgs<SetTeam>(args);
}

template <>
base::Result<SetLabels> messageFromJson(const base::Json &args)
{
    auto message = readArgs<SetLabels>(args);
    if (message && message->add.size() + message->remove.size() > maxLabelsAtOnce)
        return base::Error{base::ErrorCode::Invalid, "add"};
    return message;
}

template <>
base::Result<MarkRead> messageFromJson(const base::Json &args)
{
    return readArgs<MarkRead>(args);
}

} // namespace protocol
