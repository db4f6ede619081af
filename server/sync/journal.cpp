#include "server/sync/journal.h"

#include "server/sync/fold.h"

namespace server::sync {

namespace {

using storage::Transaction;
using storage::Value;

struct Known {
    std::int64_t scope;
    std::string key;
};

// A row to be written, before it has its number.
struct Entry {
    const Folded *folded;
    std::vector<std::int64_t> leaves;
};

std::optional<Known> knownState(Transaction &tx, AccountNumber account, const Folded &folded)
{
    const auto row = tx.one("SELECT j.scope, s.key FROM sync_journal j JOIN sync_scope s ON s.id = j.scope"
                            " WHERE j.account_id = ? AND j.etype = ? AND j.eid = ? AND j.kind = 0",
                            {account, static_cast<int>(folded.type), folded.id});
    return row ? std::optional{Known{row->integer(0), row->text(1)}} : std::nullopt;
}

void moveChildren(Transaction &tx, AccountNumber account, const base::Uuid &parent, std::int64_t from,
                  std::int64_t to)
{
    tx.run("UPDATE sync_journal SET scope = ? WHERE account_id = ? AND parent = ? AND scope = ?",
           {to, account, parent, from});
}

// Children beside their parent go without a trace: who is told of the parent drops them. Those elsewhere
// (read states in a user's scope) are told of one by one.
std::vector<Change> deleteChildren(Transaction &tx, AccountNumber account, const Folded &parent)
{
    std::vector<Change> elsewhere;
    const auto rows =
        tx.all("SELECT j.etype, j.eid, s.key FROM sync_journal j JOIN sync_scope s ON s.id = j.scope"
               " WHERE j.account_id = ? AND j.parent = ? AND j.op = 'U' AND s.key <> ?",
               {account, parent.id, parent.state->scope});
    for (const auto &row : rows)
        if (const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(0))))
            elsewhere.push_back({ChangeKind::Delete, *type, row.uuid(1), row.text(2), parent.id});
    tx.run("DELETE FROM sync_journal WHERE account_id = ? AND parent = ?"
           " AND scope = (SELECT id FROM sync_scope WHERE account_id = ? AND key = ?)",
           {account, parent.id, account, parent.state->scope});
    return elsewhere;
}

std::int64_t takeNumbers(Transaction &tx, AccountNumber account, std::int64_t count)
{
    const auto row =
        tx.one("INSERT INTO sync_head(account_id, epoch, head)"
               " VALUES(?, (SELECT value FROM sync_meta WHERE key = 'epoch'), ?)"
               " ON CONFLICT(account_id) DO UPDATE SET head = head + excluded.head RETURNING head",
               {account, count});
    return row->integer(0);
}

void writeState(Transaction &tx, AccountNumber account, std::int64_t seq, const Change &change,
                std::int64_t scope, base::Timestamp at)
{
    tx.run("INSERT INTO sync_journal(account_id, seq, kind, etype, eid, op, scope, sv, parent, at)"
           " VALUES(?1, ?2, 0, ?3, ?4, ?5, ?6, ?2, ?7, ?8)"
           " ON CONFLICT(account_id, etype, eid) WHERE kind = 0 DO UPDATE SET"
           " seq = excluded.seq, op = excluded.op, scope = excluded.scope, parent = excluded.parent, at = "
           "excluded.at,"
           " sv = CASE WHEN scope <> excluded.scope OR op = 'D' THEN excluded.seq ELSE sv END",
           {account, seq, static_cast<int>(change.type), change.id,
            change.kind == ChangeKind::Delete ? "D" : "U", scope, change.parent, at});
}

void writeLeave(Transaction &tx, AccountNumber account, std::int64_t seq, const Folded &folded,
                std::int64_t scope, base::Timestamp at)
{
    tx.run("INSERT INTO sync_journal(account_id, seq, kind, etype, eid, op, scope, sv, at)"
           " VALUES(?, ?, 1, ?, ?, 'X', ?, 0, ?)"
           " ON CONFLICT(account_id, etype, eid, scope) WHERE kind = 1 DO UPDATE SET"
           " seq = excluded.seq, at = excluded.at",
           {account, seq, static_cast<int>(folded.type), folded.id, scope, at});
}

} // namespace

Head readHead(Transaction &tx, AccountNumber account)
{
    if (const auto row = tx.one("SELECT epoch, head, floor FROM sync_head WHERE account_id = ?", {account}))
        return {row->integer(0), row->integer(1), row->integer(2)};
    const auto epoch = tx.one("SELECT value FROM sync_meta WHERE key = 'epoch'");
    return {epoch ? epoch->integer(0) : 1, 0, 0};
}

std::map<AccountNumber, std::int64_t> readHeads(Transaction &tx)
{
    std::map<AccountNumber, std::int64_t> heads;
    for (const auto &row : tx.all("SELECT account_id, head FROM sync_head"))
        heads.emplace(row.integer(0), row.integer(1));
    return heads;
}

std::int64_t beginEpoch(Transaction &tx, base::Timestamp now)
{
    tx.run("UPDATE sync_meta SET value = max(value + 1, ?) WHERE key = 'epoch'", {base::toMs(now) / 1000});
    tx.run("UPDATE sync_head SET epoch = (SELECT value FROM sync_meta WHERE key = 'epoch')");
    return tx.one("SELECT value FROM sync_meta WHERE key = 'epoch'")->integer(0);
}

std::optional<JournalState> readState(Transaction &tx, AccountNumber account, protocol::EntityType type,
                                      const base::Uuid &id)
{
    const auto row =
        tx.one("SELECT j.seq, j.op, s.key, j.sv FROM sync_journal j JOIN sync_scope s ON s.id = j.scope"
               " WHERE j.account_id = ? AND j.etype = ? AND j.eid = ? AND j.kind = 0",
               {account, static_cast<int>(type), id});
    if (!row)
        return std::nullopt;
    return JournalState{row->integer(0), row->text(1) == "D", row->text(2), row->integer(3)};
}

std::int64_t Journal::append(Transaction &tx, AccountNumber account, const std::vector<Change> &changes,
                             base::Timestamp at)
{
    Fold fold;
    for (const auto &change : changes)
        fold.add(change);

    // Entries may grow while deleted parents name children that live elsewhere: a list keeps its elements in
    // place.
    std::vector<Change> orphans;
    for (const auto &folded : fold.entries())
        if (folded.state && folded.state->kind == ChangeKind::Delete && !folded.state->parent)
            for (auto &orphan : deleteChildren(tx, account, folded))
                orphans.push_back(std::move(orphan));
    for (const auto &orphan : orphans)
        fold.add(orphan);

    std::vector<Entry> entries;
    std::int64_t count = 0;
    for (const auto &folded : fold.entries()) {
        auto leaves = folded.leaves;
        const auto known = knownState(tx, account, folded);
        const auto &scope = folded.state ? folded.state->scope : (known ? known->key : std::string{});
        const bool moved = known && folded.state && known->key != scope;
        if (moved && !folded.state->parent) {
            leaves.insert(known->key);
            moveChildren(tx, account, folded.id, known->scope, scopeId(tx, account, scope));
            fold.moveChildren(folded.id, known->key, scope);
        }
        leaves.erase(scope);
        Entry entry{&folded, {}};
        for (const auto &left : leaves)
            entry.leaves.push_back(scopeId(tx, account, left));
        count += (folded.state ? 1 : 0) + static_cast<std::int64_t>(entry.leaves.size());
        entries.push_back(std::move(entry));
    }
    if (count == 0)
        return readHead(tx, account).head;

    for (const auto &[folded, leaves] : entries)
        if (folded->state)
            tx.run("DELETE FROM sync_journal WHERE account_id = ? AND etype = ? AND eid = ? AND scope = ? "
                   "AND kind = 1",
                   {account, static_cast<int>(folded->type), folded->id,
                    scopeId(tx, account, folded->state->scope)});

    const auto head = takeNumbers(tx, account, count);
    auto seq = head - count;
    for (const auto &[folded, leaves] : entries) {
        if (folded->state)
            writeState(tx, account, ++seq, *folded->state, scopeId(tx, account, folded->state->scope), at);
        for (const auto scope : leaves)
            writeLeave(tx, account, ++seq, *folded, scope, at);
    }
    return head;
}

std::int64_t Journal::scopeId(Transaction &tx, AccountNumber account, const std::string &key)
{
    const auto found = m_scopes.find({account, key});
    if (found != m_scopes.end())
        return found->second;
    tx.run("INSERT INTO sync_scope(account_id, key) VALUES(?, ?) ON CONFLICT DO NOTHING", {account, key});
    const auto row = tx.one("SELECT id FROM sync_scope WHERE account_id = ? AND key = ?", {account, key});
    return m_scopes.emplace(std::pair{account, key}, row->integer(0)).first->second;
}

} // namespace server::sync
