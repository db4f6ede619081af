#include "client/features/conversations/logic/conversation_overlay.h"

#include "shared/base/json.h"
#include "shared/domain/conversations/conversation_rules.h"
#include "shared/domain/conversations/delivery.h"
#include "shared/domain/labels/label_rules.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/rows.h"

#include <algorithm>

namespace client::conversations {

namespace {

using protocol::EntityType;
using storage::EntityKey;
using sync::OverlayContext;
using sync::OverlayView;

EntityKey conversationKey(const base::Uuid &id)
{
    return {EntityType::Conversation, id};
}

std::optional<base::Uuid> conversationOf(const storage::Intent &intent)
{
    const auto args = base::parseJson(intent.args);
    return args ? base::uuidField(*args, "conv") : std::nullopt;
}

std::vector<EntityKey> onlyConversation(const storage::Intent &intent)
{
    const auto id = conversationOf(intent);
    return id ? std::vector{conversationKey(*id)} : std::vector<EntityKey>{};
}

base::Result<domain::Conversation> held(OverlayView &view, const domain::ConversationId &id)
{
    const auto *row = view.row(conversationKey(id.value));
    const auto json = row ? base::parseJson(row->json) : base::Error{base::ErrorCode::NotVisible, id.text()};
    if (!json)
        return json.error();
    return protocol::conversationFromRow(id.value, *json);
}

void show(OverlayView &view, const domain::Conversation &conversation)
{
    const auto key = conversationKey(conversation.id.value);
    view.put(key, protocol::toRow(conversation), view.row(key)->scope, std::nullopt);
}

// A mutation that changes nothing but the conversation's own row, by a rule.
template <class M, class Rule>
sync::Overlay conversationRule(Rule rule)
{
    const auto apply = [rule](OverlayView &view, const OverlayContext &context,
                              const base::Json &args) -> base::Status {
        const auto message = protocol::messageFromJson<M>(args);
        if (!message)
            return message.error();
        const auto before = held(view, message->conversation);
        if (!before)
            return before.error();
        const auto after = rule(*before, *message, context);
        if (!after)
            return after.error();
        show(view, *after);
        return base::Done{};
    };
    return {onlyConversation, apply};
}

base::Result<domain::Message> messageOf(const protocol::CreateMessage &request, const OverlayContext &context)
{
    domain::Message message;
    message.id = {context.intent.mid};
    message.conversation = request.conversation;
    message.kind = request.kind;
    message.direction = domain::MessageDirection::Outgoing;
    message.author.user = context.me;
    message.at = context.intent.madeAt;
    for (const auto &upload : request.uploads) {
        domain::Attachment unknown;
        unknown.id = upload;
        message.attachments.push_back(context.attachment(upload.value).value_or(unknown));
    }
    auto body = domain::messageBody(request.body, !request.uploads.empty());
    if (!body)
        return body.error();
    message.body = *std::move(body);
    return message;
}

base::Status createMessage(OverlayView &view, const OverlayContext &context, const base::Json &args)
{
    const auto request = protocol::messageFromJson<protocol::CreateMessage>(args);
    if (!request)
        return request.error();
    const EntityKey key{EntityType::Message, context.intent.mid};
    if (view.row(key))
        return base::Done{}; // it came back before its verdict did: the server's rows have the effect already
    const auto before = held(view, request->conversation);
    if (!before)
        return before.error();
    auto message = messageOf(*request, context);
    if (!message)
        return message.error();
    const auto after = domain::afterMessage(*before, *message);
    message->n = after.lastN;
    view.put(key, protocol::toRow(*message), view.row(conversationKey(before->id.value))->scope,
             before->id.value);
    show(view, after);
    return base::Done{};
}

std::vector<EntityKey> messageTargets(const storage::Intent &intent)
{
    auto targets = onlyConversation(intent);
    targets.push_back({EntityType::Message, intent.mid});
    return targets;
}

std::optional<base::Uuid> heldMessageOf(const storage::Intent &intent)
{
    const auto args = base::parseJson(intent.args);
    return args ? base::uuidField(*args, "message") : std::nullopt;
}

std::vector<EntityKey> releaseTargets(const storage::Intent &intent)
{
    auto targets = onlyConversation(intent);
    if (const auto id = heldMessageOf(intent)) {
        targets.push_back({EntityType::Message, *id});
        targets.push_back({EntityType::HeldReply, *id});
    }
    return targets;
}

// The held words become the newest message.
base::Status releaseMessage(OverlayView &view, const OverlayContext &context, const base::Json &args)
{
    const auto request = protocol::messageFromJson<protocol::ReleaseMessage>(args);
    if (!request)
        return request.error();
    const EntityKey key{EntityType::Message, request->message.value};
    const auto *row = view.row({EntityType::HeldReply, key.id});
    if (view.row(key) || !row)
        return base::Done{}; // decided before, here or elsewhere
    const auto json = base::parseJson(row->json);
    const auto kept = json ? protocol::heldReplyFromRow(key.id, *json) : json.error();
    if (!kept)
        return kept.error();
    const auto before = held(view, request->conversation);
    if (!before)
        return before.error();
    domain::Message message;
    message.id = request->message;
    message.conversation = request->conversation;
    message.author.user = context.me;
    message.at = context.intent.madeAt;
    message.body = kept->body;
    message.attachments = kept->attachments;
    const auto after = domain::afterMessage(*before, message);
    message.n = after.lastN;
    view.put(key, protocol::toRow(message), view.row(conversationKey(before->id.value))->scope,
             before->id.value);
    show(view, after);
    return base::Done{};
}

std::vector<EntityKey> retryTargets(const storage::Intent &intent)
{
    const auto id = heldMessageOf(intent);
    return id ? std::vector{EntityKey{EntityType::MessageState, *id}} : std::vector<EntityKey>{};
}

base::Status retryMessage(OverlayView &view, const OverlayContext &, const base::Json &args)
{
    const auto request = protocol::messageFromJson<protocol::RetryMessage>(args);
    if (!request)
        return request.error();
    const EntityKey key{EntityType::MessageState, request->message.value};
    const auto *row = view.row(key);
    const auto json = row ? base::parseJson(row->json) : base::Error{};
    const auto state = json ? protocol::messageStateFromRow(key.id, *json) : json.error();
    const auto known = state ? domain::deliveryFromText(state->state) : std::nullopt;
    if (!known || !domain::mayRetry(*known))
        return base::Done{}; // settled meanwhile
    auto fresh = *state;
    fresh.state = domain::toText(domain::Delivery::Pending);
    fresh.code.clear();
    view.put(key, protocol::toRow(fresh), row->scope, row->parent);
    return base::Done{};
}

std::vector<EntityKey> readTargets(const storage::Intent &intent)
{
    const auto id = conversationOf(intent);
    return id ? std::vector{EntityKey{EntityType::ReadState, *id}} : std::vector<EntityKey>{};
}

base::Status markRead(OverlayView &view, const OverlayContext &context, const base::Json &args)
{
    const auto request = protocol::messageFromJson<protocol::MarkRead>(args);
    if (!request)
        return request.error();
    const EntityKey key{EntityType::ReadState, request->conversation.value};
    domain::ReadState state{request->conversation, 0};
    if (const auto *row = view.row(key)) {
        const auto json = base::parseJson(row->json);
        auto stored = json ? protocol::readStateFromRow(key.id, *json) : json.error();
        if (!stored)
            return stored.error();
        state = *stored;
    }
    // As the server does: what does not exist yet cannot have been read.
    const auto conversation = held(view, request->conversation);
    const auto readN = conversation ? std::min(request->readN, conversation->lastN) : request->readN;
    view.put(key, protocol::toRow(domain::markRead(state, readN)), "u:" + context.me.text(), key.id);
    return base::Done{};
}

std::vector<EntityKey> draftTargets(const storage::Intent &intent)
{
    const auto id = conversationOf(intent);
    return id ? std::vector{EntityKey{EntityType::Draft, *id}} : std::vector<EntityKey>{};
}

base::Status setDraft(OverlayView &view, const OverlayContext &context, const base::Json &args)
{
    const auto request = protocol::messageFromJson<protocol::SetDraft>(args);
    if (!request)
        return request.error();
    const EntityKey key{EntityType::Draft, request->conversation.value};
    protocol::Draft draft;
    if (const auto *row = view.row(key)) {
        const auto json = base::parseJson(row->json);
        auto stored = json ? protocol::draftFromRow(key.id, *json) : json.error();
        if (!stored)
            return stored.error();
        draft = *std::move(stored);
    }
    auto &text = request->kind == domain::MessageKind::Note ? draft.note : draft.reply;
    text = {request->body, context.intent.madeAt};
    view.put(key, protocol::toRow(draft), "u:" + context.me.text(), key.id);
    return base::Done{};
}

sync::Overlay onlyAtTheServer()
{
    return {[](const storage::Intent &) { return std::vector<EntityKey>{}; },
            [](OverlayView &, const OverlayContext &, const base::Json &) -> base::Status {
                return base::Done{};
            }};
}

} // namespace

void registerConversationOverlays(sync::OverlayRegistry &registry)
{
    registry.add(protocol::CreateMessage::name, {messageTargets, createMessage});
    registry.add(protocol::ReleaseMessage::name, {releaseTargets, releaseMessage});
    // Nothing of a conversation changes; the lists leave out what a decision is on its way for.
    registry.add(protocol::DiscardMessage::name, onlyAtTheServer());
    registry.add(protocol::HandOver::name, onlyAtTheServer());
    registry.add(protocol::RetryMessage::name, {retryTargets, retryMessage});
    registry.add(protocol::SetDraft::name, {draftTargets, setDraft, true});
    registry.add(protocol::MarkRead::name, {readTargets, markRead, true});
    registry.add(protocol::SetStatus::name,
                 conversationRule<protocol::SetStatus>([](const domain::Conversation &conversation,
                                                          const protocol::SetStatus &request,
                                                          const OverlayContext &context) {
                     const auto &seen = context.intent.seen;
                     return domain::setStatus(conversation, request.to,
                                              seen && !request.force ? std::optional{seen->n} : std::nullopt);
                 }));
    registry.add(protocol::Snooze::name,
                 conversationRule<protocol::Snooze>([](const domain::Conversation &conversation,
                                                       const protocol::Snooze &request,
                                                       const OverlayContext &context) {
                     return domain::snooze(conversation, request.until, context.intent.madeAt);
                 }));
    registry.add(
        protocol::Assign::name,
        conversationRule<protocol::Assign>([](const domain::Conversation &conversation,
                                              const protocol::Assign &request, const OverlayContext &) {
            return domain::assign(conversation, request.to, request.expected);
        }));
    registry.add(protocol::SetPriority::name,
                 conversationRule<protocol::SetPriority>(
                     [](const domain::Conversation &conversation, const protocol::SetPriority &request,
                        const OverlayContext &) -> base::Result<domain::Conversation> {
                         return domain::setPriority(conversation, request.to);
                     }));
    registry.add(protocol::SetTeam::name,
                 conversationRule<protocol::SetTeam>(
                     [](domain::Conversation conversation, const protocol::SetTeam &request,
                        const OverlayContext &) -> base::Result<domain::Conversation> {
                         conversation.team = request.to;
                         return conversation;
                     }));
    registry.add(protocol::SetLabels::name,
                 conversationRule<protocol::SetLabels>(
                     [](domain::Conversation conversation, const protocol::SetLabels &request,
                        const OverlayContext &) -> base::Result<domain::Conversation> {
                         auto labels = domain::relabelled(conversation.labels, request.add, request.remove);
                         if (!labels)
                             return labels.error();
                         conversation.labels = *std::move(labels);
                         return conversation;
                     }));
}

} // namespace client::conversations
