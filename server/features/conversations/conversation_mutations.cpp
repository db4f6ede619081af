#include "server/features/conversations/conversation_mutations.h"

#include "server/features/conversations/draft_store.h"
#include "server/features/conversations/reply_guard.h"
#include "server/features/conversations/snooze_rules.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/conversations/conversation_messages.h"

#include <algorithm>

namespace server::conversations {

namespace {

using protocol::Mutation;
using sync::WriteContext;

template <class T>
base::Status toStatus(const base::Result<T> &result)
{
    return result ? base::Status{base::Done{}} : base::Status{result.error()};
}

/// Registers a handler that gets the arguments already read and checked.
template <class M, class Handler>
void handle(sync::MutationRegistry &registry, Handler handler)
{
    registry.add(std::string{M::name},
                 [handler](WriteContext &ctx, const Mutation &mutation, const base::Json &args)
                     -> std::invoke_result_t<Handler, WriteContext &, const Mutation &, const M &> {
                     const auto message = protocol::messageFromJson<M>(args);
                     if (!message)
                         return message.error();
                     return handler(ctx, mutation, *message);
                 });
}

} // namespace

void registerConversationMutations(sync::MutationRegistry &registry, ConversationService &service,
                                   const ports::TimeZones &zones)
{
    handle<protocol::CreateMessage>(
        registry, [&service](WriteContext &ctx, const Mutation &mutation, const protocol::CreateMessage &m) {
            return ReplyGuard{service}.write(ctx, mutation, m);
        });
    handle<protocol::ReleaseMessage>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::ReleaseMessage &m) {
            return ReplyGuard{service}.release(ctx, m);
        });
    handle<protocol::DiscardMessage>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::DiscardMessage &m) {
            return ReplyGuard{service}.discard(ctx, m);
        });
    handle<protocol::RetryMessage>(registry,
                                   [](WriteContext &ctx, const Mutation &, const protocol::RetryMessage &m) {
                                       return ReplyGuard::retry(ctx, m);
                                   });
    handle<protocol::HandOver>(
        registry, [&service](WriteContext &ctx, const Mutation &mutation, const protocol::HandOver &m) {
            return ReplyGuard{service}.handOver(ctx, mutation, m);
        });
    handle<protocol::SetStatus>(
        registry, [&service](WriteContext &ctx, const Mutation &mutation, const protocol::SetStatus &m) {
            const auto seenN = mutation.seen && !m.force ? std::optional{mutation.seen->n} : std::nullopt;
            return toStatus(service.setStatus(ctx, m.conversation.value, m.to, seenN));
        });
    handle<protocol::Snooze>(
        registry, [&service, &zones](WriteContext &ctx, const Mutation &, const protocol::Snooze &m) {
            if (base::toMs(m.until) <= 0)
                return base::Status{base::Error{base::ErrorCode::Invalid, "until"}};
            return SnoozeRules{service, zones}.snooze(ctx, m);
        });
    handle<protocol::Assign>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::Assign &m) {
            return toStatus(service.assign(ctx, m.conversation.value, m.to, std::optional{m.expected}));
        });
    handle<protocol::SetPriority>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::SetPriority &m) {
            return toStatus(service.setPriority(ctx, m.conversation.value, m.to));
        });
    handle<protocol::SetTeam>(registry,
                              [&service](WriteContext &ctx, const Mutation &, const protocol::SetTeam &m) {
                                  return toStatus(service.setTeam(ctx, m.conversation.value, m.to));
                              });
    handle<protocol::SetLabels>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::SetLabels &m) {
            return toStatus(service.label(ctx, m.conversation.value, m.add, m.remove));
        });
    handle<protocol::MarkRead>(registry,
                               [&service](WriteContext &ctx, const Mutation &, const protocol::MarkRead &m) {
                                   return service.markRead(ctx, m.conversation.value, m.readN);
                               });
    handle<protocol::SetDraft>(
        registry,
        [](WriteContext &ctx, const Mutation &mutation, const protocol::SetDraft &m) -> base::Status {
            const auto row =
                ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), m.conversation.value);
            if (!row)
                return row.error();
            if (!base::isUtf8(m.body))
                return base::Error{base::ErrorCode::Invalid, "body"};
            DraftStore store{ctx.tx()};
            const auto id = store.idOf(ctx.account(), ctx.actor().number, m.conversation.value, ctx.newId());
            store.put(id, {ctx.account(), ctx.actor().number, m.conversation.value, m.kind, m.body,
                           std::min(mutation.at, ctx.now()), ctx.actor().device.value_or(base::Uuid{})});
            ctx.record(protocol::EntityType::Draft, id, sync::scope::user(ctx.actor().id),
                       m.conversation.value);
            return base::Done{};
        });
}

} // namespace server::conversations
