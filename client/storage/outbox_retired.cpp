#include "client/storage/outbox_store.h"

// The part of OutboxStore that remembers for a week what is over, in case the server has to be put back from
// a backup.
namespace client::storage {

namespace {

constexpr std::int64_t mostRemembered = 5000;

} // namespace

void OutboxStore::retire(const std::vector<std::int64_t> &over, const std::vector<std::int64_t> &worthKeeping,
                         base::Timestamp now)
{
    if (over.empty())
        return;
    Work work{m_connection};
    for (const auto n : worthKeeping)
        m_connection.run("INSERT OR REPLACE INTO retired(n, mid, lane, op, args, made_at, made_mono, seen_n,"
                         " seen_q, subject, at) SELECT n, mid, lane, op, args, made_at, made_mono, seen_n,"
                         " seen_q, subject, ? FROM intent WHERE n = ?",
                         {sqlValue(base::toMs(now)), sqlValue(n)});
    for (const auto n : over)
        m_connection.run("DELETE FROM intent WHERE n = ?", {sqlValue(n)});
    m_connection.run("DELETE FROM retired WHERE at < ? OR n <= (SELECT max(n) FROM retired) - ?",
                     {sqlValue(base::toMs(now - retiredLife)), sqlValue(mostRemembered)});
    work.commit();
    for (const auto n : over)
        m_intents.erase(n);
}

std::vector<std::int64_t> OutboxStore::recoverRetired(base::Timestamp now)
{
    std::vector<Intent> back;
    m_connection.each("SELECT n, mid, lane, op, args, made_at, made_mono, seen_n, seen_q, subject"
                      " FROM retired WHERE at >= ? ORDER BY n",
                      {sqlValue(base::toMs(now - retiredLife))}, [&back](const RowView &row) {
                          Intent intent;
                          intent.n = row.integer(0);
                          intent.mid = row.uuid(1);
                          intent.lane = row.text(2);
                          intent.op = row.text(3);
                          intent.args = row.text(4);
                          intent.madeAt = base::fromMs(row.integer(5));
                          intent.madeMonotonic = base::Duration{row.integer(6)};
                          if (!row.isNull(7))
                              intent.seen = protocol::Seen{row.integer(7), row.integer(8)};
                          intent.subject = row.text(9);
                          intent.state = IntentState::Attempted;
                          intent.recovered = true;
                          back.push_back(std::move(intent));
                      });
    std::vector<std::int64_t> numbers;
    Work work{m_connection};
    std::erase_if(back, [this](const Intent &intent) { // those that are there already stay as they are
        return m_intents.contains(intent.n) || find(intent.mid);
    });
    for (const auto &intent : back) {
        insert(intent);
        numbers.push_back(intent.n);
    }
    m_connection.run("DELETE FROM retired");
    work.commit();
    for (auto &intent : back)
        m_intents.emplace(intent.n, std::move(intent));
    return numbers;
}

// What is over is numbered along with the rest: should it be asked for again, it comes in its old order.
void OutboxStore::renumber()
{
    std::map<std::int64_t, std::int64_t> moved;
    m_connection.each("SELECT n FROM retired", {},
                      [&moved](const RowView &row) { moved.emplace(row.integer(0), 0); });
    const auto remembered = moved;
    for (const auto &[n, intent] : m_intents)
        moved.emplace(n, 0);
    std::int64_t next = 1;
    for (auto &[n, fresh] : moved)
        fresh = next++;
    std::map<std::int64_t, Intent> renamed;
    for (const auto &[n, intent] : m_intents) {
        auto copy = intent;
        copy.n = moved.at(n);
        copy.dep = m_intents.contains(intent.dep) ? moved.at(intent.dep) : 0; // of this device only
        renamed.emplace(copy.n, std::move(copy));
    }
    Work work{m_connection};
    m_connection.run("DELETE FROM intent");
    for (const auto &[n, intent] : renamed)
        insert(intent);
    for (const auto &[n, unused] : remembered) // none gets a greater number, so the way is always free
        m_connection.run("UPDATE retired SET n = ? WHERE n = ?", {sqlValue(moved.at(n)), sqlValue(n)});
    setSetting("next_n", std::to_string(next));
    work.commit();
    m_next = next;
    m_intents = std::move(renamed);
}

} // namespace client::storage
