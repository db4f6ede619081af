#include "client/storage/entity_table.h"
#include "client/sync/replica.h"
#include "shared/base/json.h"

#include <set>

// The part of Replica that reads again what is missing, was unreadable, or is not the server's.
namespace client::sync {

namespace {

using protocol::EntityType;
using storage::EntityKey;
using storage::ScopeState;

} // namespace

void Replica::readInboxesAgain()
{
    const auto scopes = m_cache.scopes();
    for (const auto &[key, state] : scopes) {
        if (!key.starts_with("i:") || state.phase != ScopeState::Phase::Live)
            continue;
        ScopeState fresh;
        fresh.phase = ScopeState::Phase::Resnap;
        fresh.sid = nextGeneration();
        m_cache.putScope(key, fresh);
    }
    store();
}

std::int64_t Replica::retryQuarantined()
{
    std::int64_t read = 0;
    for (const auto &[key, stored] : m_cache.quarantinedRows()) {
        const auto json = base::parseJson(stored.json);
        const auto held = m_cache.serverRow(key);
        if (!json || !m_cache.scopes().contains(stored.scope) || (held && held->q >= stored.q)) {
            m_cache.release(key);
            continue;
        }
        Row row{key, stored.q, stored.sv, stored.parent, stored.scope, &*json};
        if (upsert(row, true, 0))
            ++read;
    }
    return read;
}

base::Status Replica::bucket(const base::Json &frame)
{
    const auto scope = base::textField(frame, "s");
    const auto bucket = base::integerField(frame, "bucket");
    const auto asOf = base::integerField(frame, "as_of");
    if (!scope || !bucket || !asOf || !m_cache.scopes().contains(*scope))
        return base::Error{base::ErrorCode::Protocol, "bucket"};
    // Newer than that is what arrived since, but nothing is newer than the cursor: the server never said it.
    const auto isCovered = [this, asOf](std::int64_t q) { return q <= *asOf || q > m_cursor; };
    std::vector<EntityKey> mine;
    m_cache.eachInScope(*scope, [&](EntityType type, const base::Uuid &id, std::int64_t q) {
        if (id.raw()[8] == *bucket && isCovered(q) && !storage::entityTable(type).childOfConversation)
            mine.push_back({type, id});
    });
    std::set<EntityKey> named;
    for (const auto &item : base::member(frame, "rows")) {
        const auto row = read(item, *scope);
        if (!row)
            return row.error();
        if (!*row)
            continue;
        const auto &key = (*row)->key;
        named.insert(key);
        if (auto held = m_cache.serverRow(key); held && isCovered(held->q) && held->q != (*row)->q) {
            held->q = 0; // a number that the server never gave must not win
            m_cache.putServerRow(key, *held);
        }
        const bool isNew = !m_cache.serverRow(key);
        if (upsert(**row, false, *asOf) && isNew && key.type == EntityType::Conversation)
            m_cache.wantWindow(key.id, false, (*row)->q);
    }
    if (!base::flagField(frame, "cut").value_or(false))
        for (const auto &key : mine)
            if (!named.contains(key))
                drop(key);
    return base::Done{};
}

void Replica::distrustWindow(const base::Uuid &conversation)
{
    if (!m_cache.serverRow({EntityType::Conversation, conversation}))
        return;
    for (const auto &[child, q] : m_cache.children(conversation))
        if (auto row = m_cache.serverRow(child); row && !m_cache.hasShadow(child)) {
            row->q = 0;
            m_cache.putServerRow(child, *row);
        }
    m_cache.wantWindow(conversation, true, 0);
}

} // namespace client::sync
