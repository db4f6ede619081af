#include "server/features/conversations/dispatcher.h"

#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/delivery_service.h"
#include "server/features/inboxes/inbox_store.h"

#include <algorithm>

namespace server::conversations {

namespace {

using domain::Delivery;
using Kind = DeliveryOutcome::Kind;

constexpr std::size_t mostAtOnce = 100;
constexpr base::Duration leaseTime{60'000};
constexpr int mostTries = 12;
constexpr base::Duration firstPause{2000};
constexpr base::Duration longestPause{15 * 60'000};
constexpr base::Duration repeatUncertain{10 * 60'000};
constexpr int triesWhenUnknown = 2;

} // namespace

void Dispatcher::round()
{
    std::vector<sync::AccountNumber> accounts;
    m_parts.database.read(
        [&](storage::Transaction &tx) { accounts = OutQueueStore{tx}.dueAccounts(m_parts.clock.now()); });
    for (const auto account : accounts)
        round(account);
}

void Dispatcher::round(sync::AccountNumber account)
{
    for (const auto &reply : take(account))
        tryOne(reply);
}

bool Dispatcher::job(sync::AccountNumber account, const std::function<void(sync::WriteContext &)> &work)
{
    const auto done = m_parts.executor.run(account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        work(ctx);
        return base::Done{};
    });
    if (!done)
        m_parts.log.warning("dispatch_failed", {{"account", account}, {"reason", done.error().detail}});
    return static_cast<bool>(done);
}

std::vector<QueuedReply> Dispatcher::take(sync::AccountNumber account)
{
    std::vector<QueuedReply> leased;
    const bool done = job(account, [&](sync::WriteContext &ctx) {
        leased.clear(); // the job may run twice
        for (const auto &reply : OutQueueStore{ctx.tx()}.due(account, ctx.now(), mostAtOnce))
            takeOne(ctx, reply, leased);
    });
    return done ? leased : std::vector<QueuedReply>{};
}

OutboundChannel *Dispatcher::channelOf(storage::Transaction &tx, const QueuedReply &reply,
                                       bool &inPlace) const
{
    const auto inbox = inboxes::InboxStore{tx}.find(reply.account, reply.inbox);
    inPlace = inbox && deliversInPlace(inbox->inbox.channel);
    const auto found = inbox ? m_parts.channels.find(inbox->inbox.channel) : m_parts.channels.end();
    return found == m_parts.channels.end() ? nullptr : found->second;
}

void Dispatcher::takeOne(sync::WriteContext &ctx, const QueuedReply &reply, std::vector<QueuedReply> &leased)
{
    bool inPlace = false;
    auto *channel = channelOf(ctx.tx(), reply, inPlace);
    if (inPlace)
        return DeliveryService::sent(ctx, reply);
    if (!channel)
        return DeliveryService::stopped(ctx, reply, Delivery::Failed, "no_channel");
    // A lease that ran out: whoever had it died in the middle of a try.
    if (reply.leaseUntil && !channel->isIdempotent())
        return DeliveryService::stopped(ctx, reply, Delivery::Uncertain, "no_answer");
    DeliveryService::begin(ctx, reply, ctx.now() + leaseTime);
    leased.push_back(reply);
    ++leased.back().attempt;
}

void Dispatcher::tryOne(const QueuedReply &reply)
{
    OutboundChannel *channel = nullptr;
    OutboundMessage message;
    m_parts.database.read([&](storage::Transaction &tx) {
        bool inPlace = false;
        const auto row = MessageStore{tx}.find(reply.account, reply.message);
        const auto conversation =
            row ? ConversationStore{tx}.find(reply.account, row->message.conversation.value) : std::nullopt;
        if (!conversation)
            return;
        channel = channelOf(tx, reply, inPlace);
        message = {reply.account, reply.inbox, conversation->contactInbox, row->message, reply.attempt};
    });
    if (!channel)
        return; // deleted meanwhile: the next round clears it away
    const auto outcome = channel->deliver(message);
    job(reply.account, [&](sync::WriteContext &ctx) { settle(ctx, reply, outcome); });
}

void Dispatcher::settle(sync::WriteContext &ctx, const QueuedReply &reply, const DeliveryOutcome &outcome)
{
    switch (outcome.kind) {
    case Kind::Accepted:
        return DeliveryService::sent(ctx, reply);
    case Kind::Refused:
        return DeliveryService::stopped(ctx, reply, Delivery::Failed, outcome.code);
    case Kind::Later:
        if (reply.attempt >= mostTries)
            return DeliveryService::stopped(ctx, reply, Delivery::Failed, outcome.code);
        return askAgain(ctx, reply, outcome);
    case Kind::Unknown:
        break;
    }
    bool inPlace = false;
    const auto *channel = channelOf(ctx.tx(), reply, inPlace);
    DeliveryService::stopped(ctx, reply, Delivery::Uncertain, outcome.code);
    if (!channel || !channel->isIdempotent() || reply.attempt >= triesWhenUnknown)
        return;
    // The same once more can do no harm; others need not wait for it.
    auto again = reply;
    again.undoable = false;
    again.notBefore = ctx.now() + repeatUncertain;
    OutQueueStore{ctx.tx()}.insert(again);
}

void Dispatcher::askAgain(sync::WriteContext &ctx, const QueuedReply &reply, const DeliveryOutcome &outcome)
{
    const auto most = std::min(longestPause, base::Duration{firstPause * (1 << std::min(reply.attempt, 12))});
    const base::Duration wait{
        static_cast<std::int64_t>(m_parts.random.below(static_cast<std::uint64_t>(most.count())))};
    OutQueueStore{ctx.tx()}.postpone(reply.message, ctx.now() + std::max(wait, outcome.retryAfter));
}

} // namespace server::conversations
