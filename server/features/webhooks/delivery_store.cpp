#include "server/features/webhooks/delivery_store.h"

namespace server::webhooks {

namespace {

using State = DeliveryRow::State;

#define DELIVERY_COLUMNS                                                                                     \
    "SELECT d.id, d.uuid, d.target, d.lane, d.state, d.attempts, d.tries, d.not_before, d.expires_at, "      \
    "d.finished_at, d.status, d.reason, d.ms, e.id, e.account_id, e.event, e.conversation, e.message, e.at"
#define FROM_DELIVERIES " FROM webhook_deliveries AS d JOIN webhook_events AS e ON e.id = d.event_id "
#define SELECT_DELIVERY DELIVERY_COLUMNS ", e.body" FROM_DELIVERIES
#define SELECT_LOG DELIVERY_COLUMNS ", ''" FROM_DELIVERIES

DeliveryRow fromRow(const storage::Row &row)
{
    DeliveryRow found;
    found.number = row.integer(0);
    found.id = row.uuid(1);
    found.target = row.integer(2);
    found.lane = row.integer(3);
    found.state = static_cast<State>(row.integer(4));
    found.attempts = static_cast<int>(row.integer(5));
    found.tries = static_cast<int>(row.integer(6));
    found.notBefore = row.time(7);
    found.expiresAt = row.time(8);
    if (const auto at = row.maybeInteger(9))
        found.finishedAt = base::fromMs(*at);
    found.status = static_cast<int>(row.integer(10));
    found.reason = row.text(11);
    found.ms = row.integer(12);
    found.event.number = row.integer(13);
    found.event.account = row.integer(14);
    found.event.name = row.text(15);
    found.event.conversation = row.integer(16);
    if (!row.isNull(17))
        found.event.message = row.uuid(17);
    found.event.at = row.time(18);
    found.event.body = row.text(19);
    return found;
}

std::optional<DeliveryRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

} // namespace

std::vector<storage::Migration> DeliveryStore::migrations()
{
    return {{71, "webhook deliveries", R"(
        CREATE TABLE webhook_events (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            account_id   INTEGER NOT NULL,
            event        TEXT NOT NULL,
            conversation INTEGER NOT NULL,
            message      BLOB,
            body         TEXT NOT NULL,
            at           INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE webhook_deliveries (
            id          INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid        BLOB NOT NULL UNIQUE,
            event_id    INTEGER NOT NULL,
            target      INTEGER NOT NULL,
            lane        INTEGER NOT NULL,
            state       INTEGER NOT NULL,
            attempts    INTEGER NOT NULL,
            tries       INTEGER NOT NULL,
            not_before  INTEGER NOT NULL,
            expires_at  INTEGER NOT NULL,
            finished_at INTEGER,
            status      INTEGER NOT NULL,
            reason      TEXT NOT NULL,
            ms          INTEGER NOT NULL,
            message     BLOB
        ) STRICT;
        CREATE INDEX webhook_deliveries_ready ON webhook_deliveries (target, not_before, id) WHERE state = 1;
        CREATE INDEX webhook_deliveries_lane ON webhook_deliveries (target, lane, id) WHERE state < 2;
        CREATE INDEX webhook_deliveries_expiry ON webhook_deliveries (expires_at) WHERE state < 2;
        CREATE INDEX webhook_deliveries_log ON webhook_deliveries (target, id);
        CREATE INDEX webhook_deliveries_state ON webhook_deliveries (target, state, id);
        CREATE INDEX webhook_deliveries_event ON webhook_deliveries (event_id);
        CREATE INDEX webhook_deliveries_old ON webhook_deliveries (finished_at) WHERE state > 1;
        CREATE INDEX webhook_deliveries_message ON webhook_deliveries (message, target)
            WHERE message IS NOT NULL;
    )"}};
}

std::int64_t DeliveryStore::insert(const EventRow &event)
{
    m_tx.run("INSERT INTO webhook_events (account_id, event, conversation, message, body, at) "
             "VALUES (?, ?, ?, ?, ?, ?)",
             {event.account, event.name, event.conversation, event.message, event.body, event.at});
    return m_tx.lastInsertId();
}

void DeliveryStore::insert(DeliveryRow row)
{
    const bool isBehind =
        row.lane != 0 &&
        m_tx.one("SELECT 1 FROM webhook_deliveries WHERE target = ? AND lane = ? AND state < 2",
                 {row.target, row.lane});
    m_tx.run(
        "INSERT INTO webhook_deliveries (uuid, event_id, target, lane, state, attempts, tries, not_before,"
        " expires_at, status, reason, ms, message) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, 0, '', 0, ?)",
        {row.id, row.event.number, row.target, row.lane, isBehind ? 0 : 1, row.tries, row.notBefore,
         row.expiresAt, row.event.message});
}

std::vector<DeliveryRow> DeliveryStore::rows(std::string_view sql,
                                             const std::vector<storage::Value> &values) const
{
    std::vector<DeliveryRow> found;
    for (const auto &row : m_tx.all(sql, values))
        found.push_back(fromRow(row));
    return found;
}

std::optional<DeliveryRow> DeliveryStore::find(std::int64_t number) const
{
    return maybe(m_tx.one(SELECT_DELIVERY "WHERE d.id = ?", {number}));
}

std::optional<DeliveryRow> DeliveryStore::find(Target target, const base::Uuid &id) const
{
    return maybe(m_tx.one(SELECT_DELIVERY "WHERE d.uuid = ? AND d.target = ?", {id, target}));
}

std::optional<DeliveryRow> DeliveryStore::ofMessage(Target target, const base::Uuid &message) const
{
    return maybe(m_tx.one(SELECT_DELIVERY "WHERE d.message = ? AND d.target = ?", {message, target}));
}

std::vector<DeliveryRow> DeliveryStore::log(Target target, const LogPage &page) const
{
    const auto before = page.before > 0 ? page.before : INT64_MAX;
    const auto limit = static_cast<std::int64_t>(page.limit);
    if (!page.state)
        return rows(SELECT_LOG "WHERE d.target = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                    {target, before, limit});
    if (*page.state == State::Ready || *page.state == State::Behind)
        return rows(SELECT_LOG "WHERE d.target = ? AND d.state < 2 AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                    {target, before, limit});
    return rows(SELECT_LOG "WHERE d.target = ? AND d.state = ? AND d.id < ? ORDER BY d.id DESC LIMIT ?",
                {target, static_cast<std::int64_t>(*page.state), before, limit});
}

std::vector<Target> DeliveryStore::readyTargets(base::Timestamp now, Target after, std::size_t limit) const
{
    std::vector<Target> found;
    // One step of the index a target, however much waits there.
    while (found.size() < limit) {
        const auto next = m_tx.one("SELECT target, not_before FROM webhook_deliveries WHERE state = 1 AND "
                                   "target > ? ORDER BY target, not_before LIMIT 1",
                                   {after});
        if (!next)
            break;
        after = next->integer(0);
        if (next->time(1) <= now)
            found.push_back(after);
    }
    return found;
}

std::vector<DeliveryRow> DeliveryStore::ready(Target target, base::Timestamp now, std::size_t limit) const
{
    return rows(SELECT_DELIVERY "WHERE d.state = 1 AND d.target = ? AND d.not_before <= ? "
                                "ORDER BY d.not_before, d.id LIMIT ?",
                {target, now, static_cast<std::int64_t>(limit)});
}

std::vector<DeliveryRow> DeliveryStore::expired(base::Timestamp now, std::size_t limit) const
{
    return rows(SELECT_LOG "WHERE d.state < 2 AND d.expires_at <= ? ORDER BY d.expires_at LIMIT ?",
                {now, static_cast<std::int64_t>(limit)});
}

std::int64_t DeliveryStore::waiting() const
{
    return m_tx.one("SELECT count(*) FROM webhook_deliveries WHERE state < 2")->integer(0);
}

void DeliveryStore::begin(std::int64_t number)
{
    m_tx.run("UPDATE webhook_deliveries SET attempts = attempts + 1 WHERE id = ?", {number});
}

void DeliveryStore::postpone(const DeliveryRow &row)
{
    m_tx.run("UPDATE webhook_deliveries SET not_before = ?, status = ?, reason = ?, ms = ? WHERE id = ?",
             {row.notBefore, row.status, row.reason, row.ms, row.number});
}

void DeliveryStore::decide(const DeliveryRow &row, base::Timestamp now)
{
    m_tx.run("UPDATE webhook_deliveries SET state = ?, finished_at = ?, status = ?, reason = ?, ms = ? "
             "WHERE id = ?",
             {static_cast<std::int64_t>(row.state), now, row.status, row.reason, row.ms, row.number});
    if (row.lane == 0)
        return;
    m_tx.run("UPDATE webhook_deliveries SET state = 1 WHERE state = 0 AND id = (SELECT min(id) FROM "
             "webhook_deliveries WHERE target = ? AND lane = ? AND state < 2) AND NOT EXISTS (SELECT 1 FROM "
             "webhook_deliveries WHERE target = ?1 AND lane = ?2 AND state = 1)",
             {row.target, row.lane});
}

void DeliveryStore::replay(const DeliveryRow &row, base::Timestamp now, base::Timestamp expiresAt)
{
    const bool isBehind =
        row.lane != 0 &&
        m_tx.one("SELECT 1 FROM webhook_deliveries WHERE target = ? AND lane = ? AND state < 2",
                 {row.target, row.lane});
    m_tx.run("UPDATE webhook_deliveries SET state = ?, attempts = 0, not_before = ?, expires_at = ?, "
             "finished_at = NULL WHERE id = ?",
             {isBehind ? 0 : 1, now, expiresAt, row.number});
}

std::vector<std::int64_t> DeliveryStore::dead(Target target, std::size_t limit) const
{
    std::vector<std::int64_t> found;
    for (const auto &row : m_tx.all("SELECT id FROM webhook_deliveries WHERE target = ? AND state = 3 "
                                    "ORDER BY id LIMIT ?",
                                    {target, static_cast<std::int64_t>(limit)}))
        found.push_back(row.integer(0));
    return found;
}

std::int64_t DeliveryStore::remove(Target target, std::size_t limit)
{
    return m_tx.run("DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries WHERE "
                    "target = ? LIMIT ?)",
                    {target, static_cast<std::int64_t>(limit)});
}

std::int64_t DeliveryStore::forget(base::Timestamp until, std::size_t limit)
{
    const auto most = static_cast<std::int64_t>(limit);
    const auto decided = m_tx.run("DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM "
                                  "webhook_deliveries WHERE state > 1 AND finished_at < ? LIMIT ?)",
                                  {until, most});
    // Events are numbered in the order of time: the oldest are looked at, not all.
    const auto told = m_tx.run("DELETE FROM webhook_events WHERE at < ? AND id IN (SELECT id FROM "
                               "webhook_events ORDER BY id LIMIT ?) AND NOT EXISTS (SELECT 1 FROM "
                               "webhook_deliveries AS d WHERE d.event_id = webhook_events.id)",
                               {until, most});
    return decided + told;
}

} // namespace server::webhooks
