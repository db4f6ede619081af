#include "server/sync/page_reader.h"

#include "shared/protocol/limits.h"

#include <algorithm>

namespace server::sync {

namespace {

constexpr std::int64_t exactLeft = 100'000;

std::int64_t countUpTo(storage::Transaction &tx, AccountNumber account, const std::string &scopes,
                       std::int64_t cursor, std::int64_t most)
{
    const auto row =
        tx.one("SELECT count(*) FROM (SELECT 1 FROM sync_journal WHERE account_id = ? AND seq > ?"
               " AND +scope IN (SELECT value FROM json_each(?)) LIMIT ?)",
               {account, cursor, scopes, most});
    return row->integer(0);
}

} // namespace

std::string_view toText(ResetReason reason)
{
    switch (reason) {
    case ResetReason::None:
        return "none";
    case ResetReason::Epoch:
        return "epoch";
    case ResetReason::Ahead:
        return "ahead";
    case ResetReason::Floor:
        return "floor";
    case ResetReason::FarBehind:
        return "far_behind";
    case ResetReason::Asked:
        return "asked";
    }
    return "none";
}

bool forgetsRevisions(ResetReason reason)
{
    return reason == ResetReason::Epoch || reason == ResetReason::Ahead || reason == ResetReason::Asked;
}

PageReader::ScopeIds PageReader::ids(storage::Transaction &tx, AccountNumber account,
                                     const std::vector<std::string> &scopes)
{
    ScopeIds found;
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        const std::pair key{account, scopes[i]};
        auto known = m_scopeIds.find(key);
        if (known == m_scopeIds.end()) {
            const auto row =
                tx.one("SELECT id FROM sync_scope WHERE account_id = ? AND key = ?", {account, scopes[i]});
            if (!row)
                continue; // nothing ever happened in it
            known = m_scopeIds.emplace(key, row->integer(0)).first;
        }
        found.index.emplace(known->second, i);
        found.list += (found.list.empty() ? "" : ",") + std::to_string(known->second);
    }
    found.list = "[" + found.list + "]";
    return found;
}

ResetReason PageReader::resetFor(storage::Transaction &tx, AccountNumber account, const ScopeIds &scopes,
                                 const Head &head, const Cursor &cursor)
{
    if (cursor.epoch != head.epoch)
        return ResetReason::Epoch;
    if (cursor.q > head.head)
        return ResetReason::Ahead;
    if (cursor.q < head.floor)
        return ResetReason::Floor;
    if (head.head - cursor.q > protocol::maxCatchUpRows &&
        countUpTo(tx, account, scopes.list, cursor.q, protocol::maxCatchUpRows + 1) >
            protocol::maxCatchUpRows)
        return ResetReason::FarBehind;
    return ResetReason::None;
}

Page PageReader::read(storage::Transaction &tx, AccountNumber account, const std::vector<std::string> &scopes,
                      const Cursor &cursor, std::int64_t upTo)
{
    Page page;
    page.head = readHead(tx, account);
    const auto ours = ids(tx, account, scopes);
    page.reset = resetFor(tx, account, ours, page.head, cursor);
    page.to = page.head.head;
    if (page.reset != ResetReason::None)
        return page;

    const auto limit = std::max(cursor.q, std::min(page.head.head, upTo));
    page.to = cursor.q;
    tx.each("SELECT seq, etype, eid, op, scope, sv, parent FROM sync_journal"
            " WHERE account_id = ? AND seq > ? AND seq <= ? AND +scope IN (SELECT value FROM json_each(?))"
            " ORDER BY seq",
            {account, cursor.q, limit, ours.list}, [&](const storage::Row &row) {
                page.more =
                    page.count >= protocol::maxDeltaRows || page.changes.size() >= protocol::maxDeltaBytes;
                if (page.more)
                    return false;
                const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(1)));
                page.to = row.integer(0);
                if (!type)
                    return true;
                const RowPlace place{*type, row.uuid(2), row.integer(0), row.integer(5), row.maybeUuid(6)};
                const auto body = text(tx, account, page.head.epoch, place, row.text(3));
                if (body.empty())
                    return true;
                page.changes += page.count == 0 ? R"({"s":)" : R"(,{"s":)";
                page.changes += std::to_string(ours.index.at(row.integer(4))) + ',' + body;
                ++page.count;
                return true;
            });
    if (!page.more)
        page.to = limit;
    else
        page.left = left(tx, account, scopes, page.to, page.head.head);
    return page;
}

std::int64_t PageReader::left(storage::Transaction &tx, AccountNumber account,
                              const std::vector<std::string> &scopes, std::int64_t cursor, std::int64_t head)
{
    const auto counted = countUpTo(tx, account, ids(tx, account, scopes).list, cursor, exactLeft);
    return counted < exactLeft ? counted : std::max(head - cursor, counted);
}

std::set<std::string> PageReader::personalScopes(storage::Transaction &tx, AccountNumber account,
                                                 std::int64_t cursor, std::int64_t upTo)
{
    std::set<std::string> found;
    tx.each("SELECT key FROM sync_scope WHERE account_id = ? AND id IN (SELECT scope FROM sync_journal"
            " WHERE account_id = ? AND seq > ? AND seq <= ?) AND substr(key, 1, 2) = 'u:'",
            {account, account, cursor, upTo}, [&](const storage::Row &row) {
                found.insert(row.text(0));
                return true;
            });
    return found;
}

std::string PageReader::text(storage::Transaction &tx, AccountNumber account, std::int64_t epoch,
                             const RowPlace &place, const std::string &op)
{
    if (op != "U")
        return removalText(place, op);
    if (const auto *known = m_cache.find(account, epoch, place.seq))
        return *known;
    const auto fresh = rowText(tx, m_registry, account, place);
    if (!fresh)
        return {};
    m_cache.keep(account, epoch, place.seq, *fresh);
    return *fresh;
}

} // namespace server::sync
