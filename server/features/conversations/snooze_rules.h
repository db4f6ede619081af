#pragma once

#include "server/features/conversations/conversation_service.h"
#include "server/ports/time_zones.h"
#include "server/sync/executor.h"
#include "shared/protocol/conversations/conversation_messages.h"

namespace server::conversations {

/// Snoozes that were meant by the clock of a zone: the server says when that is, and says it again when the
/// zone's rules have changed. Runs inside the jobs of conversations.
class SnoozeRules {
public:
    SnoozeRules(ConversationService &service, const ports::TimeZones &zones)
        : m_service{service}
        , m_zones{zones}
    {
    }

    /// Snoozes by the rule when there is one that is understood here, else until the moment the author's
    /// program came to. Fails as ConversationService::snooze().
    base::Status snooze(sync::WriteContext &ctx, const protocol::Snooze &request);
    /// Moves the snoozes of `ctx.account()` whose rule has come to mean another moment; how many.
    int evaluateAgain(sync::WriteContext &ctx);

private:
    ConversationService &m_service;
    const ports::TimeZones &m_zones;
};

/// evaluateAgain() for all accounts: after a start, and now and then.
void evaluateSnoozesAgain(storage::Database &database, sync::Executor &executor, SnoozeRules &rules);

} // namespace server::conversations
