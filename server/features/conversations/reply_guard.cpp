#include "server/features/conversations/reply_guard.h"

#include "server/features/accounts/user_store.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/delivery_service.h"
#include "server/features/conversations/reply_window.h"
#include "server/sync/receipts.h"
#include "shared/base/json.h"
#include "shared/domain/conversations/conversation_rules.h"
#include "shared/domain/conversations/reply_policy.h"

#include <algorithm>

namespace server::conversations {

namespace {

domain::ReplyPolicy policyOf(storage::Transaction &tx, sync::AccountNumber account)
{
    domain::ReplyPolicy policy;
    const auto row = accounts::UserStore{tx}.account(account);
    const auto settings = row ? base::parseJson(row->settings) : base::Error{};
    if (!settings)
        return policy;
    if (const auto text = base::textField(*settings, "collision"))
        policy.collision = domain::collisionPolicyFromText(*text).value_or(policy.collision);
    if (const auto minutes = base::integerField(*settings, "stale_after"); minutes && *minutes >= 0)
        policy.staleAfter = std::chrono::minutes{*minutes};
    if (const auto seconds = base::integerField(*settings, "undo_send_s"); seconds && *seconds >= 0)
        policy.undoFor = std::min(std::chrono::seconds{*seconds}, domain::longestUndo);
    return policy;
}

// Decided before, on whichever device. Who cannot see the conversation does not learn even that.
base::Result<sync::Outcome> alreadyDone(sync::WriteContext &ctx, const domain::ConversationId &id)
{
    if (const auto row = ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), id.value); !row)
        return row.error();
    return sync::Outcome{protocol::Verdict::Ok, {}, R"({"warn":"already"})"};
}

} // namespace

/// What a reply ran into.
struct ReplyGuard::Met {
    domain::ReplyPolicy policy;
    base::ErrorCode code = base::ErrorCode::ReplyCollision;
    domain::Message other;
    std::string byName;

    [[nodiscard]] base::Json detail(base::Timestamp now) const
    {
        base::Json json{{"at", base::toMs(other.at)}, {"n", other.n}, {"held_at", base::toMs(now)}};
        if (other.author.user) {
            json["by"] = other.author.user->text();
            json["by_name"] = byName;
        }
        return json;
    }
};

std::optional<ReplyGuard::Met> ReplyGuard::met(sync::WriteContext &ctx, const ConversationRow &row,
                                               const protocol::Mutation &mutation)
{
    if (!mutation.seen || ctx.actor().kind != sync::Actor::Kind::User)
        return std::nullopt;
    const auto policy = policyOf(ctx.tx(), ctx.account());
    const MessageStore messages{ctx.tx()};
    const auto reply = messages.newestReplyByOther(row.number, mutation.seen->n, ctx.actor().number);
    const auto question = messages.newestIncoming(row.number, mutation.seen->n);
    auto waited = base::Duration{mutation.queuedMs};
    // An estimate may be too low. It was written without the sight of what came next, so count from there.
    if (mutation.queuedEstimated && question)
        waited =
            std::max(waited, ctx.now() - messages.oldestIncoming(row.number, mutation.seen->n)->message.at);
    const auto collision = domain::collisionOf({reply.has_value(), question.has_value()}, waited, policy);
    if (collision == domain::Collision::None)
        return std::nullopt;
    if (collision == domain::Collision::Stale)
        return Met{policy, base::ErrorCode::StaleReply, question->message, {}};
    Met met{policy, base::ErrorCode::ReplyCollision, reply->message, {}};
    if (met.other.author.user)
        if (const auto by = accounts::UserStore{ctx.tx()}.member(ctx.account(), met.other.author.user->value))
            met.byName = by->user.name;
    return met;
}

base::Status ReplyGuard::hold(sync::WriteContext &ctx, const ConversationRow &row,
                              const protocol::Mutation &mutation, const protocol::CreateMessage &message,
                              const Met &met)
{
    auto body = domain::messageBody(message.body, !message.uploads.empty());
    if (!body)
        return body.error();
    // The files are claimed now: unclaimed ones are swept after some days, and a decision may take longer.
    const auto files = attachments::AttachmentStore{ctx.tx()}.claim(
        ctx.account(), ctx.actor(), message.uploads,
        {mutation.mid, row.conversation.id.value, row.conversation.inbox.value});
    if (!files)
        return files.error();
    HeldReplyRow fresh{ctx.account(), ctx.actor().number, {}};
    auto &held = fresh.held;
    held.message = {mutation.mid};
    held.conversation = row.conversation.id;
    held.number = row.conversation.number;
    if (const auto contact = contacts::ContactStore{ctx.tx()}.find(ctx.account(), row.contact))
        held.subject = contact->contact.name;
    held.body = *std::move(body);
    held.code = base::toText(met.code);
    held.by = met.other.author.user;
    held.byName = met.byName;
    held.otherAt = met.other.at;
    held.otherN = met.other.n;
    held.madeAt = std::min(mutation.at, ctx.now());
    held.heldAt = ctx.now();
    HeldReplyStore{ctx.tx()}.insert(fresh);
    // Without a parent: it outlives the conversation, and stays with its author when the conversation moves.
    ctx.record(protocol::EntityType::HeldReply, mutation.mid, sync::scope::user(ctx.actor().id));
    return base::Done{};
}

base::Result<sync::Outcome> ReplyGuard::write(sync::WriteContext &ctx, const protocol::Mutation &mutation,
                                              const protocol::CreateMessage &message)
{
    const auto row =
        ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), message.conversation.value);
    if (!row)
        return row.error();
    const bool isReply = message.kind == domain::MessageKind::Public;
    if (isReply && !mutation.recovered) // what went out before a restore is on record whatever the hour
        if (const auto open = checkReplyWindow(ctx.tx(), *row, ctx.now()); !open)
            return open.error();
    if (message.fixes)
        (void)take(ctx, message.fixes->value);
    const auto stopped = isReply && !mutation.recovered ? met(ctx, *row, mutation) : std::nullopt;
    if (stopped && stopped->policy.collision == domain::CollisionPolicy::Hold) {
        if (const auto kept = hold(ctx, *row, mutation, message, *stopped); !kept)
            return kept.error();
        return sync::Outcome{protocol::Verdict::Held, stopped->code,
                             base::toText(stopped->detail(ctx.now()))};
    }
    NewMessage fresh;
    fresh.id = mutation.mid;
    fresh.kind = message.kind;
    fresh.body = message.body;
    fresh.uploads = message.uploads;
    if (mutation.recovered) // files may be lost as well; the words are not to wait for them
        std::erase_if(fresh.uploads, [&ctx](const domain::AttachmentId &id) {
            return !attachments::AttachmentStore{ctx.tx()}.find(id.value);
        });
    fresh.undoFor = mutation.recovered ? base::Duration{} : policyOf(ctx.tx(), ctx.account()).undoFor;
    const auto posted = m_service.post(ctx, message.conversation.value, fresh);
    if (!posted && posted.error().code == base::ErrorCode::Conflict)
        return base::Error{base::ErrorCode::Invalid, "mid"};
    if (!posted)
        return posted.error();
    if (isReply && mutation.recovered)
        m_service.noteRecovered(ctx, mutation.mid);
    if (fresh.uploads.size() < message.uploads.size())
        return sync::Outcome{protocol::Verdict::Ok, {}, R"({"warn":"files_lost"})"};
    if (!stopped)
        return sync::Outcome{};
    auto detail = stopped->detail(ctx.now());
    detail["warn"] = base::toText(stopped->code);
    return sync::Outcome{protocol::Verdict::Ok, {}, base::toText(detail)};
}

std::optional<HeldReplyRow> ReplyGuard::take(sync::WriteContext &ctx, const base::Uuid &id)
{
    HeldReplyStore store{ctx.tx()};
    auto row = store.find(ctx.account(), id);
    if (!row || row->user != ctx.actor().number || ctx.actor().kind != sync::Actor::Kind::User)
        return std::nullopt;
    attachments::AttachmentStore{ctx.tx()}.unclaim(id);
    store.remove(id);
    ctx.record({sync::ChangeKind::Delete,
                protocol::EntityType::HeldReply,
                id,
                sync::scope::user(ctx.actor().id),
                {}});
    return row;
}

base::Result<sync::Outcome> ReplyGuard::release(sync::WriteContext &ctx,
                                                const protocol::ReleaseMessage &message)
{
    const auto row = take(ctx, message.message.value);
    if (!row)
        return alreadyDone(ctx, message.conversation);
    const auto conversation =
        ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), row->held.conversation.value);
    if (!conversation)
        return conversation.error();
    if (const auto open = checkReplyWindow(ctx.tx(), *conversation, ctx.now()); !open)
        return open.error();
    NewMessage fresh;
    fresh.id = row->held.message.value;
    fresh.body = row->held.body;
    for (const auto &file : row->held.attachments)
        fresh.uploads.push_back(file.id);
    fresh.undoFor = policyOf(ctx.tx(), ctx.account()).undoFor;
    const auto posted = m_service.post(ctx, row->held.conversation.value, fresh);
    if (!posted)
        return posted.error();
    return sync::Outcome{};
}

base::Result<sync::Outcome> ReplyGuard::discard(sync::WriteContext &ctx,
                                                const protocol::DiscardMessage &message)
{
    if (take(ctx, message.message.value))
        return sync::Outcome{};
    const auto undone = DeliveryService::undo(ctx, message.message.value);
    if (!undone)
        return undone.error();
    return *undone ? base::Result<sync::Outcome>{sync::Outcome{}} : alreadyDone(ctx, message.conversation);
}

base::Result<sync::Outcome> ReplyGuard::retry(sync::WriteContext &ctx, const protocol::RetryMessage &message)
{
    const auto row =
        ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), message.conversation.value);
    if (!row)
        return row.error();
    if (const auto open = checkReplyWindow(ctx.tx(), *row, ctx.now()); !open)
        return open.error();
    if (DeliveryService::retry(ctx, *row, message.message.value))
        return sync::Outcome{};
    return alreadyDone(ctx, message.conversation);
}

base::Result<sync::Outcome> ReplyGuard::handOver(sync::WriteContext &ctx, const protocol::Mutation &mutation,
                                                 const protocol::HandOver &message)
{
    const auto refused =
        sync::Receipts{ctx.tx(), ctx.account()}.findByMid(ctx.actor().id, message.message.value);
    protocol::Mutation asked;
    asked.op = protocol::CreateMessage::name;
    asked.args = message.words;
    const bool isProved = refused && refused->receipt.verdict == protocol::Verdict::Rejected &&
                          refused->receipt.code == base::ErrorCode::NotVisible &&
                          refused->hash == sync::Receipts::hash(asked);
    const auto args = isProved ? base::parseJson(message.words) : base::Error{base::ErrorCode::Forbidden, {}};
    if (!args)
        return args.error();
    const auto written = protocol::messageFromJson<protocol::CreateMessage>(*args);
    if (!written)
        return written.error();
    if (written->conversation != message.conversation)
        return base::Error{base::ErrorCode::Forbidden, "conv"};
    NewMessage note;
    note.id = mutation.mid;
    note.kind = domain::MessageKind::Note;
    note.body = written->body;
    note.uploads = written->uploads;
    const auto posted = m_service.leaveNote(ctx, message.conversation.value, note);
    if (!posted)
        return posted.error();
    return sync::Outcome{};
}

} // namespace server::conversations
