#pragma once

#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/held_reply_store.h"
#include "server/sync/mutation_registry.h"
#include "shared/protocol/conversations/conversation_messages.h"

namespace server::conversations {

/// Stands between an agent's words and the conversation: a public reply that was written before its author
/// could see what came meanwhile is kept back, by the account's policy (docs/protocol.md A.6). Runs inside
/// the jobs of conversations; has no state.
class ReplyGuard {
public:
    explicit ReplyGuard(ConversationService &service) : m_service{service} {}

    /// Posts, or holds: Held with ReplyCollision or StaleReply and a detail `{"by","by_name","at","n"}`.
    /// Under "warn" it is posted and the detail says `{"warn":"reply_collision",…}`. Takes the place of the
    /// held reply it fixes. Fails as ConversationService::post().
    base::Result<sync::Outcome> write(sync::WriteContext &ctx, const protocol::Mutation &mutation,
                                      const protocol::CreateMessage &message);
    /// Posts a held reply of the actor, under its own id, as the newest message. One that is held no longer:
    /// nothing to do. Fails with NotVisible.
    base::Result<sync::Outcome> release(sync::WriteContext &ctx, const protocol::ReleaseMessage &message);
    /// Drops a held one, or takes back one that has not gone out. Needs no access to the conversation: they
    /// are the author's own words. What is neither: nothing to do. Fails with Forbidden for another's, with
    /// NotVisible.
    base::Result<sync::Outcome> discard(sync::WriteContext &ctx, const protocol::DiscardMessage &message);

    /// Tries again what could not be delivered. Fails with NotVisible.
    static base::Result<sync::Outcome> retry(sync::WriteContext &ctx, const protocol::RetryMessage &message);
    /// Leaves words that were refused to the actor with NotVisible as a note of theirs. Fails with Forbidden
    /// when just these words were not refused, with Gone when there is no such conversation any more.
    base::Result<sync::Outcome> handOver(sync::WriteContext &ctx, const protocol::Mutation &mutation,
                                         const protocol::HandOver &message);

private:
    struct Met;
    static std::optional<Met> met(sync::WriteContext &ctx, const ConversationRow &row,
                                  const protocol::Mutation &mutation);
    static base::Status hold(sync::WriteContext &ctx, const ConversationRow &row,
                             const protocol::Mutation &mutation, const protocol::CreateMessage &message,
                             const Met &met);
    static std::optional<HeldReplyRow> take(sync::WriteContext &ctx, const base::Uuid &id);

    ConversationService &m_service;
};

} // namespace server::conversations
