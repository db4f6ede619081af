#include "server/features/conversations/conversation_mutations.h"

#include "shared/base/json.h"
#include "shared/protocol/conversations/conversation_messages.h"

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
    registry.add(
        std::string{M::name},
        [handler](WriteContext &ctx, const Mutation &mutation, const base::Json &args) -> base::Status {
            const auto message = protocol::messageFromJson<M>(args);
            if (!message)
                return message.error();
            return handler(ctx, mutation, *message);
        });
}

base::Status createMessage(ConversationService &service, WriteContext &ctx, const Mutation &mutation,
                           const protocol::CreateMessage &m)
{
    NewMessage message;
    message.id = mutation.mid;
    message.kind = m.kind;
    message.body = m.body;
    message.uploads = m.uploads;
    const auto posted = service.post(ctx, m.conversation.value, message);
    if (!posted && posted.error().code == base::ErrorCode::Conflict)
        return base::Error{base::ErrorCode::Invalid, "mid"};
    return toStatus(posted);
}

} // namespace

void registerConversationMutations(sync::MutationRegistry &registry, ConversationService &service)
{
    handle<protocol::CreateMessage>(
        registry, [&service](WriteContext &ctx, const Mutation &mutation, const protocol::CreateMessage &m) {
            return createMessage(service, ctx, mutation, m);
        });
    handle<protocol::SetStatus>(
        registry, [&service](WriteContext &ctx, const Mutation &mutation, const protocol::SetStatus &m) {
            const auto seenN = mutation.seen ? std::optional{mutation.seen->n} : std::nullopt;
            return toStatus(service.setStatus(ctx, m.conversation.value, m.to, seenN));
        });
    handle<protocol::Snooze>(registry,
                             [&service](WriteContext &ctx, const Mutation &, const protocol::Snooze &m) {
                                 if (base::toMs(m.until) <= 0)
                                     return base::Status{base::Error{base::ErrorCode::Invalid, "until"}};
                                 return toStatus(service.snooze(ctx, m.conversation.value, m.until));
                             });
    handle<protocol::Assign>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::Assign &m) {
            return toStatus(service.assign(ctx, m.conversation.value, m.to, std::optional{m.expected}));
        });
    handle<protocol::SetPriority>(
        registry, [&service](WriteContext &ctx, const Mutation &, const protocol::SetPriority &m) {
            return toStatus(service.setPriority(ctx, m.conversation.value, m.to));
        });
    handle<protocol::MarkRead>(registry,
                               [&service](WriteContext &ctx, const Mutation &, const protocol::MarkRead &m) {
                                   return service.markRead(ctx, m.conversation.value, m.readN);
                               });
}

} // namespace server::conversations
