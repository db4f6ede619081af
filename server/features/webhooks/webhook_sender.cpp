#include "server/features/webhooks/webhook_sender.h"

#include "server/features/inboxes/inbox_store.h"
#include "server/features/webhooks/webhook_store.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::webhooks {

namespace {

constexpr std::size_t mostUnderWay = 64;
constexpr std::size_t mostTargets = 1000; // looked at in a round
constexpr std::size_t mostExpired = 200;
constexpr std::size_t mostForgotten = 500;
constexpr base::Duration kept = std::chrono::hours{24 * 14};

std::string reasonOf(const ports::CallOutcome &call)
{
    if (!call.failure.empty())
        return call.failure;
    return verdictOf(call.status) == Verdict::Taken ? "" : "status_" + std::to_string(call.status);
}

} // namespace

bool WebhookSender::job(sync::AccountNumber account, const std::function<void(sync::WriteContext &)> &work)
{
    const auto done = m_parts.executor.run(account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        work(ctx);
        return base::Done{};
    });
    if (!done)
        m_parts.log.warning("webhook_job_failed", {{"account", account}, {"reason", done.error().detail}});
    return static_cast<bool>(done);
}

void WebhookSender::round()
{
    collect();
    expire();
    beginSome();
}

// What cannot be written down now stays under way, and is written down in a later round.
void WebhookSender::collect()
{
    for (auto &call : m_parts.client.finished()) {
        const auto known = m_underWay.find(call.ticket);
        if (known == m_underWay.end())
            continue;
        const auto &row = known->second;
        auto &health = m_health[row.target];
        if (call.failure.empty() && verdictOf(call.status) == Verdict::Taken)
            health.succeeded();
        else
            health.failed(m_parts.clock.now(), call.retryAfter, m_parts.random);
        m_outcomes[row.event.account].push_back({row, std::move(call)});
    }
    for (auto &[account, outcomes] : m_outcomes)
        record(account, outcomes);
    std::erase_if(m_outcomes, [](const auto &entry) { return entry.second.empty(); });
}

void WebhookSender::record(sync::AccountNumber account, std::vector<Outcome> &outcomes)
{
    const bool isDone = job(account, [&](sync::WriteContext &ctx) {
        for (const auto &outcome : outcomes)
            settle(ctx, outcome);
    });
    if (!isDone)
        return;
    for (const auto &outcome : outcomes)
        m_underWay.erase(outcome.call.ticket);
    outcomes.clear();
}

void WebhookSender::settle(sync::WriteContext &ctx, const Outcome &outcome)
{
    DeliveryStore store{ctx.tx()};
    auto row = store.find(outcome.row.number);
    if (!row) // its webhook was removed meanwhile
        return;
    const auto &call = outcome.call;
    row->status = call.status;
    row->reason = reasonOf(call);
    row->ms = call.took.count();
    const auto verdict = call.failure.empty() ? verdictOf(call.status) : Verdict::Again;
    if (verdict == Verdict::Taken) {
        row->state = DeliveryRow::State::Done;
        return store.decide(*row, ctx.now());
    }
    if (verdict == Verdict::Never || row->attempts >= row->tries)
        return giveUp(ctx, *std::move(row));
    row->notBefore = ctx.now() + pause(row->attempts, call.retryAfter, m_parts.random);
    store.postpone(*row);
}

void WebhookSender::giveUp(sync::WriteContext &ctx, DeliveryRow row)
{
    row.state = DeliveryRow::State::Dead;
    DeliveryStore{ctx.tx()}.decide(row, ctx.now());
    m_parts.log.warning("webhook_given_up", {{"account", ctx.account()},
                                             {"target", row.target},
                                             {"event", row.event.name},
                                             {"reason", row.reason}});
    // The inbox's program is how its customers are reached: the author has to know.
    if (row.target < 0 && row.event.message)
        (void)m_parts.conversations.setDelivery(ctx, *row.event.message, "failed", "webhook_" + row.reason);
}

void WebhookSender::expire()
{
    std::map<sync::AccountNumber, std::vector<DeliveryRow>> late;
    m_parts.database.read([&](storage::Transaction &tx) {
        for (auto &row : DeliveryStore{tx}.expired(m_parts.clock.now(), mostExpired))
            late[row.event.account].push_back(std::move(row));
    });
    for (const auto &[account, rows] : late)
        job(account, [&, &list = rows](sync::WriteContext &ctx) {
            for (auto row : list) {
                const bool isUnderWay =
                    std::any_of(m_underWay.begin(), m_underWay.end(),
                                [&](const auto &entry) { return entry.second.number == row.number; });
                if (isUnderWay)
                    continue;
                if (row.reason.empty())
                    row.reason = "expired";
                giveUp(ctx, std::move(row));
            }
        });
}

int WebhookSender::underWayTo(Target target) const
{
    return static_cast<int>(std::count_if(m_underWay.begin(), m_underWay.end(), [target](const auto &entry) {
        return entry.second.target == target;
    }));
}

// Targets take turns, so that the first of them do not take all the room.
std::vector<DeliveryRow> WebhookSender::startable()
{
    const auto now = m_parts.clock.now();
    std::vector<DeliveryRow> rows;
    m_parts.database.read([&](storage::Transaction &tx) {
        const DeliveryStore store{tx};
        auto targets = store.readyTargets(now, INT64_MIN, mostTargets);
        const auto next = std::upper_bound(targets.begin(), targets.end(), m_lastServed);
        std::rotate(targets.begin(), next, targets.end());
        for (const auto target : targets) {
            const auto busy = underWayTo(target);
            auto room = m_health[target].room(now) - busy;
            if (room <= 0)
                continue;
            for (auto &row : store.ready(target, now, static_cast<std::size_t>(room + busy))) {
                const bool isUnderWay =
                    std::any_of(m_underWay.begin(), m_underWay.end(),
                                [&](const auto &entry) { return entry.second.number == row.number; });
                if (isUnderWay || room <= 0)
                    continue;
                if (m_underWay.size() + rows.size() >= mostUnderWay)
                    return;
                rows.push_back(std::move(row));
                m_lastServed = target;
                --room;
            }
        }
    });
    return rows;
}

void WebhookSender::beginSome()
{
    std::map<sync::AccountNumber, std::vector<DeliveryRow>> byAccount;
    for (auto &row : startable())
        byAccount[row.event.account].push_back(std::move(row));
    for (const auto &[account, rows] : byAccount)
        begin(account, rows);
}

void WebhookSender::begin(sync::AccountNumber account, const std::vector<DeliveryRow> &rows)
{
    std::vector<std::pair<DeliveryRow, Place>> begun;
    const bool isDone = job(account, [&](sync::WriteContext &ctx) {
        begun.clear(); // the job may run twice
        DeliveryStore store{ctx.tx()};
        for (const auto &known : rows) {
            auto row = store.find(known.number);
            if (!row || row->state != DeliveryRow::State::Ready)
                continue;
            auto place = placeOf(ctx.tx(), *row);
            // Counted already as often as it may be tried: the tries before ended in crashes.
            if (!place || row->attempts >= row->tries) {
                row->reason = place ? "crashed" : "no_target";
                giveUp(ctx, *std::move(row));
                continue;
            }
            store.begin(row->number);
            ++row->attempts;
            begun.emplace_back(*std::move(row), *std::move(place));
        }
    });
    if (isDone)
        for (const auto &[row, place] : begun)
            post(row, place);
}

std::optional<WebhookSender::Place> WebhookSender::placeOf(storage::Transaction &tx,
                                                           const DeliveryRow &row) const
{
    if (row.target > 0) {
        const auto hook = WebhookStore{tx}.find(row.target);
        return hook ? std::optional{Place{hook->url, m_parts.webhooks.secret(*hook)}} : std::nullopt;
    }
    const auto inbox = inboxes::InboxStore{tx}.find(row.event.account, -row.target);
    if (!inbox || inbox->settings.webhookUrl.empty())
        return std::nullopt;
    return Place{inbox->settings.webhookUrl, m_parts.inboxes.webhookSecret(*inbox)};
}

void WebhookSender::post(const DeliveryRow &row, const Place &place)
{
    const auto timestamp = std::to_string(base::toMs(m_parts.clock.now()) / 1000);
    ports::OutgoingCall call;
    call.url = place.url;
    call.timeout = m_parts.timeout;
    call.headers.set("Content-Type", "application/json");
    call.headers.set("Accept", "application/json");
    call.headers.set("X-Chatwoot-Delivery", row.id.text());
    call.headers.set("X-Chatwoot-Timestamp", timestamp);
    call.headers.set(
        "X-Chatwoot-Signature",
        "sha256=" + base::toHex(m_parts.crypto.hmacSha256(place.secret, timestamp + "." + row.event.body)));
    call.body = row.event.body;
    const auto ticket = ++m_ticket;
    auto known = row;
    known.event.body.clear();
    m_underWay.emplace(ticket, std::move(known));
    m_parts.client.begin(ticket, std::move(call));
}

void WebhookSender::forget()
{
    std::int64_t gone = static_cast<std::int64_t>(mostForgotten);
    while (gone >= static_cast<std::int64_t>(mostForgotten))
        // Of all accounts at once: no row of theirs that syncs is touched.
        if (!job(0, [&](sync::WriteContext &ctx) {
                gone = DeliveryStore{ctx.tx()}.forget(ctx.now() - kept, mostForgotten);
            }))
            return;
}

} // namespace server::webhooks
