#include "server/features/webhooks/event_targets.h"

#include "server/features/inboxes/inbox_store.h"
#include "server/features/webhooks/webhook_rules.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::webhooks {

EventTargets::EventTargets(storage::Transaction &tx, sync::AccountNumber account)
    : m_tx{tx}
    , m_account{account}
    , m_hooks{WebhookStore{tx}.all(account)}
{
}

bool EventTargets::isNobody() const
{
    return m_hooks.empty() && !inboxes::InboxStore{m_tx}.hasApi(m_account);
}

bool EventTargets::isTold(std::int64_t inbox)
{
    const auto known = m_inboxes.find(inbox);
    if (known != m_inboxes.end())
        return known->second;
    const auto row = inboxes::InboxStore{m_tx}.find(m_account, inbox);
    const bool isTold = row && row->inbox.channel == "api" && !row->settings.webhookUrl.empty();
    return m_inboxes.emplace(inbox, isTold).first->second;
}

bool EventTargets::isEmpty(const std::vector<std::int64_t> &inboxes)
{
    return m_hooks.empty() &&
           std::none_of(inboxes.begin(), inboxes.end(), [this](std::int64_t inbox) { return isTold(inbox); });
}

std::vector<Target> EventTargets::of(std::string_view event, const Subject &subject)
{
    std::vector<Target> targets;
    const auto concerns = [&subject](std::int64_t inbox) {
        return std::find(subject.inboxes.begin(), subject.inboxes.end(), inbox) != subject.inboxes.end();
    };
    for (const auto &hook : m_hooks) {
        const auto &names = hook.subscriptions;
        if (std::find(names.begin(), names.end(), event) != names.end() &&
            (!hook.inbox || concerns(*hook.inbox)))
            targets.push_back(hook.number);
    }
    const bool isOfAContact = event.starts_with("contact_") || event == "webwidget_triggered";
    if (!isOfAContact)
        for (const auto inbox : subject.inboxes)
            if (isTold(inbox))
                targets.push_back(-inbox);
    return targets;
}

void EventTargets::store(sync::WriteContext &ctx, std::string_view event, const Subject &subject,
                         const std::vector<Target> &targets, base::Json body)
{
    body["event"] = event;
    EventRow row;
    row.account = ctx.account();
    row.name = event;
    row.conversation = subject.conversation;
    row.message = subject.message;
    row.body = base::toText(body);
    row.at = ctx.now();
    DeliveryStore store{ctx.tx()};
    row.number = store.insert(row);
    row.body.clear();
    for (const auto target : targets) {
        const auto effort = effortFor(event, target < 0);
        DeliveryRow delivery;
        delivery.id = ctx.newId();
        delivery.target = target;
        delivery.lane = isFleeting(event) ? 0 : subject.lane;
        delivery.tries = effort.tries;
        delivery.notBefore = ctx.now();
        delivery.expiresAt = ctx.now() + effort.life;
        delivery.event = row;
        store.insert(std::move(delivery));
    }
}

} // namespace server::webhooks
