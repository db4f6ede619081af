#include "shared/protocol/rows.h"

#include "shared/protocol/fields.h"

namespace protocol {

template <>
struct EnumText<domain::Role> {
    static auto parse(std::string_view text) { return domain::roleFromText(text); }
};
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
struct EnumText<domain::MessageDirection> {
    static auto parse(std::string_view text) { return domain::messageDirectionFromText(text); }
};

template <>
struct Fields<domain::Account> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("name", self.name);
        visit("locale", self.locale);
        visit("lease_days", self.offlineLeaseDays);
    }
};

template <>
struct Fields<domain::User> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("name", self.name);
        visit("email", self.email);
        visit("role", self.role);
        visit("active", self.active);
    }
};

template <>
struct Fields<domain::Inbox> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("name", self.name);
        visit("channel", self.channel);
        visit("reply_h", self.replyWindowHours);
        visit("members", self.members);
    }
};

template <>
struct Fields<domain::Contact> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("name", self.name);
        visit("email", self.email);
        visit("phone", self.phone);
        visit("identifier", self.identifier);
        visit("avatar", self.avatarUrl);
        visit("city", self.city);
        visit("country", self.country);
        visit("company", self.company);
        visit("page", self.lastPage);
        visit("created_at", self.createdAt);
        visit("last_at", self.lastActivityAt);
        visit("blocked", self.blocked);
        visit("labels", self.labels);
    }
};

template <>
struct Fields<domain::Conversation> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("inbox", self.inbox);
        visit("contact", self.contact);
        visit("status", self.status);
        visit("assignee", self.assignee);
        visit("team", self.team);
        visit("labels", self.labels);
        visit("priority", self.priority);
        visit("snoozed_until", self.snoozedUntil);
        visit("last_n", self.lastN);
        visit("cust_n", self.customerN);
        visit("agent_n", self.agentN);
        visit("agent_read_n", self.agentReadN);
        visit("preview", self.preview);
        visit("preview_by", self.previewBy);
        visit("created_at", self.createdAt);
        visit("last_at", self.lastActivityAt);
        visit("cust_at", self.customerAt);
        visit("waiting_since", self.waitingSince);
    }
};

template <>
struct Fields<domain::Attachment> {
    static void walk(auto &self, auto &&visit)
    {
        visit("id", self.id);
        visit("name", self.name);
        visit("mime", self.mime);
        visit("size", self.size);
        visit("w", self.width);
        visit("h", self.height);
        visit("thumb", self.thumbnail);
    }
};

template <>
struct Fields<domain::Author> {
    static void walk(auto &self, auto &&visit)
    {
        visit("user", self.user);
        visit("contact", self.contact);
    }
};

template <>
struct Fields<domain::ContentItem> {
    static void walk(auto &self, auto &&visit)
    {
        visit("title", self.title);
        visit("detail", self.detail);
        visit("link", self.link);
        visit("buttons", self.buttons);
    }
};

template <>
struct Fields<domain::ContentAnswer> {
    static void walk(auto &self, auto &&visit)
    {
        visit("q", self.question);
        visit("a", self.answer);
    }
};

template <>
struct Fields<domain::MessageContent> {
    static void walk(auto &self, auto &&visit)
    {
        visit("type", self.type);
        visit("items", self.items);
        visit("answers", self.answers);
        visit("stars", self.stars);
    }
};

template <>
struct Fields<domain::Message> {
    static void walk(auto &self, auto &&visit)
    {
        visit("n", self.n);
        visit("kind", self.kind);
        visit("dir", self.direction);
        visit("by", self.author);
        visit("body", self.body);
        visit("att", self.attachments);
        visit("content", self.content);
        visit("deleted", self.deleted);
        visit("at", self.at);
    }
};

template <>
struct Fields<domain::ReadState> {
    static void walk(auto &self, auto &&visit) { visit("read_n", self.readN); }
};

template <>
struct Fields<MessageState> {
    static void walk(auto &self, auto &&visit)
    {
        visit("st", self.state);
        visit("at", self.at);
        visit("code", self.code);
        visit("until", self.until);
    }
};

template <>
struct Fields<Draft> {
    static void walk(auto &self, auto &&visit)
    {
        visit("reply", self.reply.body);
        visit("reply_at", self.reply.at);
        visit("note", self.note.body);
        visit("note_at", self.note.at);
        visit("lost", self.lost);
    }
};

template <>
struct Fields<HeldReply> {
    static void walk(auto &self, auto &&visit)
    {
        visit("conv", self.conversation);
        visit("num", self.number);
        visit("subject", self.subject);
        visit("body", self.body);
        visit("files", self.attachments);
        visit("code", self.code);
        visit("by", self.by);
        visit("by_name", self.byName);
        visit("other_at", self.otherAt);
        visit("other_n", self.otherN);
        visit("made_at", self.madeAt);
        visit("held_at", self.heldAt);
    }
};

template <>
struct Fields<Access> {
    static void walk(auto &self, auto &&visit)
    {
        visit("role", self.role);
        visit("scopes", self.scopes);
    }
};

template <>
struct Fields<Device> {
    static void walk(auto &self, auto &&visit)
    {
        visit("name", self.name);
        visit("os", self.os);
        visit("app", self.app);
        visit("created_at", self.createdAt);
        visit("last_seen_at", self.lastSeenAt);
    }
};

namespace {

template <class T>
base::Result<T> readRow(const base::Json &row, T value)
{
    return read(row, std::move(value), base::ErrorCode::Protocol);
}

} // namespace

base::Json toRow(const domain::Account &account)
{
    return write(account);
}

base::Result<domain::Account> accountFromRow(const base::Uuid &id, const base::Json &row)
{
    domain::Account account;
    account.id = {id};
    return readRow(row, account);
}

base::Json toRow(const domain::User &user)
{
    auto row = write(user);
    row["active"] = user.active; // written even when false: the default is true
    return row;
}

base::Result<domain::User> userFromRow(const base::Uuid &id, const base::Json &row)
{
    domain::User user;
    user.id = {id};
    return readRow(row, user);
}

base::Json toRow(const domain::Inbox &inbox)
{
    return write(inbox);
}

base::Result<domain::Inbox> inboxFromRow(const base::Uuid &id, const base::Json &row)
{
    domain::Inbox inbox;
    inbox.id = {id};
    return readRow(row, inbox);
}

base::Json toRow(const domain::Contact &contact)
{
    return write(contact);
}

base::Result<domain::Contact> contactFromRow(const base::Uuid &id, const base::Json &row)
{
    domain::Contact contact;
    contact.id = {id};
    return readRow(row, contact);
}

base::Json toRow(const domain::Conversation &conversation)
{
    return write(conversation);
}

base::Result<domain::Conversation> conversationFromRow(const base::Uuid &id, const base::Json &row)
{
    domain::Conversation conversation;
    conversation.id = {id};
    return readRow(row, conversation);
}

base::Json toRow(const domain::Message &message)
{
    return write(message);
}

base::Result<domain::Message> messageFromRow(const base::Uuid &id, const base::Uuid &conversation,
                                             const base::Json &row)
{
    domain::Message message;
    message.id = {id};
    message.conversation = {conversation};
    return readRow(row, message);
}

base::Json toRow(const MessageState &state)
{
    return write(state);
}

base::Result<MessageState> messageStateFromRow(const base::Uuid &id, const base::Json &row)
{
    MessageState state;
    state.message = {id};
    return readRow(row, state);
}

base::Json toRow(const Draft &draft)
{
    return write(draft);
}

base::Result<Draft> draftFromRow(const base::Uuid &conversation, const base::Json &row)
{
    Draft draft;
    draft.conversation = {conversation};
    return readRow(row, draft);
}

base::Json toRow(const HeldReply &held)
{
    return write(held);
}

base::Result<HeldReply> heldReplyFromRow(const base::Uuid &id, const base::Json &row)
{
    HeldReply held;
    held.message = {id};
    return readRow(row, held);
}

base::Json toRow(const domain::ReadState &state)
{
    return write(state);
}

base::Result<domain::ReadState> readStateFromRow(const base::Uuid &conversation, const base::Json &row)
{
    domain::ReadState state;
    state.conversation = {conversation};
    return readRow(row, state);
}

base::Json toRow(const Access &access)
{
    return write(access);
}

base::Result<Access> accessFromRow(const base::Uuid &id, const base::Json &row)
{
    Access access;
    access.user = {id};
    return readRow(row, access);
}

base::Json toRow(const Device &device)
{
    return write(device);
}

base::Result<Device> deviceFromRow(const base::Uuid &id, const base::Json &row)
{
    Device device;
    device.id = {id};
    return readRow(row, device);
}

} // namespace protocol
