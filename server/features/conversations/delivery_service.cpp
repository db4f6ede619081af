#include "server/features/conversations/delivery_service.h"

#include "server/features/attachments/attachment_store.h"
#include "server/features/conversations/conversation_records.h"
#include "server/features/inboxes/inbox_store.h"
#include "shared/domain/conversations/conversation_rules.h"

#include <algorithm>

namespace server::conversations {

namespace {

using domain::Delivery;

/// The queued reply's own rows; nothing when they were deleted meanwhile: then it leaves the queue.
struct Target {
    ConversationRow conversation;
    MessageRow message;
};

std::optional<Target> targetOf(sync::WriteContext &ctx, const QueuedReply &reply)
{
    auto message = MessageStore{ctx.tx()}.find(ctx.account(), reply.message);
    auto conversation =
        message ? ConversationStore{ctx.tx()}.find(ctx.account(), message->message.conversation.value)
                : std::nullopt;
    if (conversation)
        return Target{std::move(*conversation), std::move(*message)};
    OutQueueStore{ctx.tx()}.remove(reply.message);
    return std::nullopt;
}

void setState(sync::WriteContext &ctx, const Target &target, Delivery state)
{
    const auto &id = target.message.message.id.value;
    MessageStore{ctx.tx()}.putState(target.conversation.number, id, state, ctx.now());
    recordState(ctx, target.conversation, id);
}

// News from beyond may have been quicker than the answer to the try: they stand.
void moveState(sync::WriteContext &ctx, const Target &target, Delivery state, const std::string &code = {})
{
    const auto &id = target.message.message.id.value;
    if (MessageStore{ctx.tx()}.moveState(target.conversation.number, id, state, ctx.now(), code))
        recordState(ctx, target.conversation, id);
}

// The conversation as if the reply had not been there.
void takeOut(sync::WriteContext &ctx, ConversationRow &row, const MessageRow &message,
             const QueuedReply &reply)
{
    const MessageStore messages{ctx.tx()};
    auto &conversation = row.conversation;
    const auto newest = messages.newestReply(row.number);
    conversation.agentN = newest ? newest->message.n : 0;
    const bool answeredSince = conversation.agentN > message.message.n;
    if (!answeredSince && reply.waitingSince && conversation.status != domain::ConversationStatus::Resolved)
        conversation.waitingSince = reply.waitingSince;
    if (reply.isFirstReply && !newest)
        row.firstReplyAt.reset();
    const auto last = messages.lastSpoken(row.number);
    conversation = domain::withPreview(std::move(conversation), last ? last->message : domain::Message{});
    row.updatedAt = ctx.now();
    ConversationStore{ctx.tx()}.update(row);
    recordConversation(ctx, row);
}

} // namespace

void DeliveryService::accept(sync::WriteContext &ctx, const ConversationRow &before,
                             const MessageRow &message, base::Duration undo)
{
    const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ctx.account(), before.inbox);
    const bool inPlace = !inbox || deliversInPlace(inbox->inbox.channel);
    if (undo.count() <= 0 && inPlace)
        return;
    QueuedReply reply;
    reply.message = message.message.id.value;
    reply.account = ctx.account();
    reply.inbox = before.inbox;
    reply.conversation = before.number;
    reply.notBefore = ctx.now() + undo;
    reply.undoable = undo.count() > 0;
    reply.waitingSince = before.conversation.waitingSince;
    reply.isFirstReply = !before.firstReplyAt;
    OutQueueStore{ctx.tx()}.insert(reply);
    setState(ctx, {before, message}, Delivery::Pending);
}

base::Result<bool> DeliveryService::undo(sync::WriteContext &ctx, const base::Uuid &message)
{
    OutQueueStore queue{ctx.tx()};
    const auto reply = queue.find(message);
    if (!reply || reply->account != ctx.account() || !reply->undoable || reply->notBefore <= ctx.now())
        return false;
    auto target = targetOf(ctx, *reply);
    if (!target)
        return false;
    if (ctx.actor().kind != sync::Actor::Kind::User || target->message.userNumber != ctx.actor().number)
        return base::Error{base::ErrorCode::Forbidden, "message"};
    attachments::AttachmentStore{ctx.tx()}.unclaim(message);
    MessageStore{ctx.tx()}.remove(target->message);
    queue.remove(message);
    auto &row = target->conversation;
    for (const auto type : {protocol::EntityType::Message, protocol::EntityType::MessageState})
        ctx.record({sync::ChangeKind::Delete, type, message, sync::scope::inbox(row.conversation.inbox.value),
                    row.conversation.id.value});
    takeOut(ctx, row, target->message, *reply);
    return true;
}

bool DeliveryService::retry(sync::WriteContext &ctx, const ConversationRow &row, const base::Uuid &message)
{
    const auto found = MessageStore{ctx.tx()}.find(ctx.account(), message);
    if (!found || found->conversation != row.number ||
        !domain::mayRetry(MessageStore{ctx.tx()}.delivery(message)))
        return false;
    QueuedReply reply;
    reply.message = message;
    reply.account = ctx.account();
    reply.inbox = row.inbox;
    reply.conversation = row.number;
    reply.notBefore = ctx.now();
    OutQueueStore queue{ctx.tx()};
    queue.remove(message); // it may wait for a repetition already
    queue.insert(reply);
    setState(ctx, {row, *found}, Delivery::Pending);
    return true;
}

void DeliveryService::begin(sync::WriteContext &ctx, const QueuedReply &reply, base::Timestamp leaseUntil)
{
    const auto target = targetOf(ctx, reply);
    if (!target)
        return;
    OutQueueStore{ctx.tx()}.lease(reply.message, leaseUntil);
    if (MessageStore{ctx.tx()}.delivery(reply.message) != Delivery::Dispatching)
        setState(ctx, *target, Delivery::Dispatching);
}

void DeliveryService::sent(sync::WriteContext &ctx, const QueuedReply &reply)
{
    auto target = targetOf(ctx, reply);
    if (!target)
        return;
    auto &row = target->conversation;
    auto &message = target->message;
    MessageStore messages{ctx.tx()};
    OutQueueStore{ctx.tx()}.remove(reply.message);
    const auto shown = messages.newestPublic(row.number, message.message.n, 1);
    if (!shown.empty()) {
        message.message.n = ++row.conversation.lastN;
        message.message.at = ctx.now();
        messages.moveTo(message, message.message.n, ctx.now());
        row.conversation.agentN = message.message.n;
        row.conversation.lastActivityAt = std::max(row.conversation.lastActivityAt, ctx.now());
        row.conversation = domain::withPreview(std::move(row.conversation), message.message);
        row.updatedAt = ctx.now();
        ConversationStore{ctx.tx()}.update(row);
        recordConversation(ctx, row);
    }
    // The message as well: from this number on the customer's side may see it.
    recordMessage(ctx, row, message);
    moveState(ctx, *target, Delivery::Sent);
}

void DeliveryService::stopped(sync::WriteContext &ctx, const QueuedReply &reply, domain::Delivery state,
                              const std::string &code)
{
    const auto target = targetOf(ctx, reply);
    if (!target)
        return;
    OutQueueStore{ctx.tx()}.remove(reply.message);
    moveState(ctx, *target, state, code);
}

} // namespace server::conversations
