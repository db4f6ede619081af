#include "server/features/conversations/snooze_rules.h"

#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/snooze_rule_store.h"

namespace server::conversations {

base::Status SnoozeRules::snooze(sync::WriteContext &ctx, const protocol::Snooze &request)
{
    const auto &id = request.conversation.value;
    const auto meant = request.zone.empty() ? std::nullopt : m_zones.moment(request.local, request.zone);
    const auto until = meant.value_or(request.until);
    const auto row = m_service.snooze(ctx, id, until);
    if (!row)
        return row.error();
    SnoozeRuleStore store{ctx.tx()};
    if (meant && row->conversation.snoozedUntil == until)
        store.put({id, ctx.account(), {request.local, request.zone}, until});
    else
        store.remove(id);
    return base::Done{};
}

int SnoozeRules::evaluateAgain(sync::WriteContext &ctx)
{
    int moved = 0;
    SnoozeRuleStore store{ctx.tx()};
    for (auto known : store.all(ctx.account())) {
        auto row = ConversationStore{ctx.tx()}.find(ctx.account(), known.conversation);
        if (!row || row->conversation.snoozedUntil != known.until) {
            store.remove(known.conversation); // it woke up, or was snoozed in another way
            continue;
        }
        const auto now = m_zones.moment(known.rule.local, known.rule.zone);
        if (!now || *now == known.until)
            continue;
        known.until = *now;
        store.put(known);
        row->conversation.snoozedUntil = now; // when that has passed it is opened as any other
        row->updatedAt = ctx.now();
        ConversationStore{ctx.tx()}.update(*row);
        recordConversation(ctx, *row);
        ++moved;
    }
    return moved;
}

void evaluateSnoozesAgain(storage::Database &database, sync::Executor &executor, SnoozeRules &rules)
{
    std::vector<sync::AccountNumber> accounts;
    database.read([&](storage::Transaction &tx) { accounts = SnoozeRuleStore{tx}.accounts(); });
    for (const auto account : accounts)
        (void)executor.run(account, {}, [&](sync::WriteContext &ctx) -> base::Status {
            rules.evaluateAgain(ctx);
            return base::Done{};
        });
}

} // namespace server::conversations
