#include "server/features/conversations/conversation_records.h"

#include "shared/domain/conversations/conversation_rules.h"

namespace server::conversations {

void recordConversation(sync::WriteContext &ctx, const ConversationRow &row)
{
    ctx.record(protocol::EntityType::Conversation, row.conversation.id.value,
               sync::scope::inbox(row.conversation.inbox.value));
}

void recordMessage(sync::WriteContext &ctx, const ConversationRow &row, const MessageRow &message)
{
    ctx.record(protocol::EntityType::Message, message.message.id.value,
               sync::scope::inbox(row.conversation.inbox.value), row.conversation.id.value);
}

void recordState(sync::WriteContext &ctx, const ConversationRow &row, const base::Uuid &message)
{
    ctx.record(protocol::EntityType::MessageState, message, sync::scope::inbox(row.conversation.inbox.value),
               row.conversation.id.value);
}

void setAuthor(MessageRow &message, const sync::Actor &actor)
{
    switch (actor.kind) {
    case sync::Actor::Kind::System:
        break;
    case sync::Actor::Kind::User:
        message.message.author.user = domain::UserId{actor.id};
        message.userNumber = actor.number;
        break;
    case sync::Actor::Kind::Contact:
        message.message.author.contact = domain::ContactId{actor.id};
        message.contactNumber = actor.number;
        break;
    }
}

void addActivity(sync::WriteContext &ctx, ConversationRow &row, const std::string &code, bool bySystem)
{
    MessageRow line;
    line.account = row.account;
    line.inbox = row.inbox;
    line.conversation = row.number;
    line.message.id = {ctx.newId()};
    line.message.conversation = row.conversation.id;
    line.message.n = row.conversation.lastN + 1;
    line.message.kind = domain::MessageKind::Activity;
    line.message.direction = domain::MessageDirection::Outgoing;
    line.message.body = code;
    line.message.at = line.updatedAt = ctx.now();
    if (!bySystem && ctx.actor().kind == sync::Actor::Kind::User)
        setAuthor(line, ctx.actor());
    row.conversation = domain::afterMessage(row.conversation, line.message);
    MessageStore{ctx.tx()}.insert(line);
    recordMessage(ctx, row, line);
}

void setRead(sync::WriteContext &ctx, const ConversationRow &row, const sync::Actor &user, std::int64_t readN)
{
    const auto id = ConversationStore{ctx.tx()}.setReadN(row, user.number, readN, ctx.newId());
    ctx.record(protocol::EntityType::ReadState, id, sync::scope::user(user.id), row.conversation.id.value);
}

} // namespace server::conversations
