#include "client/sync/replica.h"

#include "client/storage/entity_table.h"
#include "shared/base/json.h"

#include <algorithm>
#include <set>

namespace client::sync {

namespace {

using protocol::EntityType;
using storage::EntityKey;
using storage::ScopeState;
using storage::StoredRow;

base::Error broken(std::string what)
{
    return {base::ErrorCode::Protocol, std::move(what)};
}

const base::Json &listOf(const base::Json &frame, std::string_view key)
{
    static const base::Json empty = base::Json::array();
    const auto &list = base::member(frame, key);
    return list.is_array() ? list : empty;
}

} // namespace

Replica::Replica(storage::CacheStore &cache) : m_cache{cache}
{
    reload();
}

void Replica::reload()
{
    m_epoch = m_cache.number("epoch");
    m_cursor = m_cache.number("cursor");
    m_generation = m_cache.number("generation");
}

void Replica::store()
{
    m_cache.setNumber("epoch", m_epoch);
    m_cache.setNumber("cursor", m_cursor);
    m_cache.setNumber("generation", m_generation);
}

std::int64_t Replica::nextGeneration()
{
    return ++m_generation;
}

bool Replica::allLive() const
{
    const auto &scopes = m_cache.scopes();
    return !scopes.empty() && std::all_of(scopes.begin(), scopes.end(), [](const auto &entry) {
        return entry.second.phase == ScopeState::Phase::Live;
    });
}

void Replica::connectionChanged()
{
    m_scopeList.clear();
    m_removed.clear();
    m_bulk = 0;
}

void Replica::bulkEnded()
{
    if (m_bulk > 0 && --m_bulk == 0)
        m_removed.clear();
}

base::Status Replica::reset(const base::Json &frame)
{
    const auto epoch = base::integerField(frame, "epoch");
    const auto q = base::integerField(frame, "q");
    if (!epoch || !q || *q < 0)
        return broken("reset");
    m_epoch = *epoch;
    m_cursor = *q;
    if (base::flagField(frame, "rev0").value_or(false))
        m_cache.zeroRevisions();
    const auto scopes = m_cache.scopes();
    for (const auto &[key, state] : scopes) {
        ScopeState fresh;
        fresh.phase =
            state.phase == ScopeState::Phase::Snap ? ScopeState::Phase::Snap : ScopeState::Phase::Resnap;
        fresh.sid = nextGeneration();
        m_cache.putScope(key, fresh);
    }
    store();
    return base::Done{};
}

base::Status Replica::scopes(const base::Json &frame)
{
    std::vector<std::string> list;
    for (const auto &item : listOf(frame, "list")) {
        if (!item.is_string())
            return broken("scopes");
        list.push_back(item.get<std::string>());
    }
    const auto known = m_cache.scopes();
    for (const auto &[key, state] : known)
        if (std::find(list.begin(), list.end(), key) == list.end()) {
            m_cache.sweep(key, std::nullopt);
            m_cache.removeScope(key);
        }
    for (const auto &key : list)
        if (!known.contains(key)) {
            ScopeState fresh;
            fresh.sid = nextGeneration();
            m_cache.putScope(key, fresh);
        }
    m_scopeList = std::move(list);
    store();
    return base::Done{};
}

base::Result<std::optional<Replica::Row>> Replica::read(const base::Json &change, const std::string &scope)
{
    const auto name = base::textField(change, "t");
    const auto id = base::uuidField(change, "id");
    const auto q = base::integerField(change, "q");
    if (!name || !id || !q)
        return broken("change without t, id or q");
    const auto type = protocol::entityTypeFromText(*name);
    if (!type)
        return std::optional<Row>{}; // a kind this program does not know yet
    Row row;
    row.key = {*type, *id};
    row.q = *q;
    row.sv = base::integerField(change, "sv").value_or(0);
    row.parent = base::uuidField(change, "p");
    row.scope = scope;
    row.value = &base::member(change, "v");
    return std::optional{row};
}

base::Status Replica::delta(const base::Json &frame)
{
    const auto from = base::integerField(frame, "from");
    const auto to = base::integerField(frame, "to");
    if (!from || !to || *from != m_cursor || *to < *from)
        return broken("delta from " + std::to_string(from.value_or(-1)) + " at cursor " +
                      std::to_string(m_cursor));
    m_newConversations.clear();
    for (const auto &change : listOf(frame, "ch")) {
        const auto at = base::integerField(change, "s");
        if (!at || *at < 0 || static_cast<std::size_t>(*at) >= m_scopeList.size())
            return broken("change of an unknown scope");
        const auto row = read(change, m_scopeList[static_cast<std::size_t>(*at)]);
        if (!row)
            return row.error();
        if (!*row)
            continue;
        const auto what = base::textField(change, "o").value_or("");
        if (what.empty())
            upsert(**row, true, 0);
        else
            remove(**row, what == "x");
    }
    settleWants(*from);
    m_cursor = *to;
    store();
    return base::Done{};
}

// A conversation that began within this frame came with everything it has: there is nothing to fetch.
void Replica::settleWants(std::int64_t from)
{
    for (const auto &id : m_newConversations) {
        const auto lastN = m_cache.connection().number(
            "SELECT last_n FROM conversation WHERE id = ? AND pending = 0", {storage::sqlValue(id)});
        const auto held = m_cache.connection().number(
            "SELECT count(*) FROM message WHERE parent = ? AND pending = 0 AND q > ? AND n > 0",
            {storage::sqlValue(id), storage::sqlValue(from)});
        if (lastN && held && *lastN > 0 && *held == *lastN) {
            m_cache.unwantWindow(id);
            m_cache.setLowestMessage(id, 1);
        }
    }
    m_newConversations.clear();
}

bool Replica::removedSince(const EntityKey &key, std::int64_t asOf) const
{
    const auto found = m_removed.find(key);
    return found != m_removed.end() && found->second > asOf;
}

bool Replica::upsert(const Row &row, bool live, std::int64_t asOf)
{
    const bool goesWithParent = row.parent && storage::entityTable(row.key.type).childOfConversation;
    if (!live) {
        if (removedSince(row.key, asOf) ||
            (goesWithParent && removedSince({EntityType::Conversation, *row.parent}, asOf)))
            return false;
        if (!m_cache.scopes().contains(row.scope))
            return false;
    }
    const auto held = m_cache.serverRow(row.key);
    if (held && held->q >= row.q) {
        m_cache.confirm(row.key, m_generation);
        return true;
    }
    if (const auto readable = storage::checkRow(row.key.type, row.key.id, row.parent, *row.value);
        !readable) {
        m_cache.quarantine(row.key, {row.q, row.scope, row.parent, 0, row.sv, base::toText(*row.value)},
                           readable.error().detail);
        return false;
    }
    m_cache.release(row.key);
    StoredRow stored{row.q, row.scope, row.parent, m_generation, row.sv, base::toText(*row.value)};
    if (goesWithParent)
        if (const auto parent = m_cache.serverRow({EntityType::Conversation, *row.parent}))
            stored.scope = parent->scope; // it lives where its conversation lives now
    m_cache.putServerRow(row.key, stored);
    if (row.key.type == EntityType::Conversation) {
        if (!held || held->scope != row.scope)
            m_cache.moveChildren(row.key.id, row.scope);
        if (live)
            wantWhatIsNew(row, held);
    }
    return true;
}

bool Replica::isHot(const base::Json &conversation) const
{
    return base::textField(conversation, "status") != "resolved" ||
           base::integerField(conversation, "last_at").value_or(0) >= base::toMs(m_keepSince);
}

void Replica::wantWhatIsNew(const Row &row, const std::optional<StoredRow> &held)
{
    const auto &id = row.key.id;
    if (!held || held->sv != row.sv) {
        m_cache.wantWindow(id, false, row.q);
        if (!held)
            m_newConversations.push_back(id);
    } else if (!m_cache.lowestMessage(id) && isHot(*row.value) && !m_cache.isWindowWanted(id)) {
        m_cache.wantWindow(id, false, row.q); // its messages had been left out or let go
    }
}

void Replica::remove(const Row &row, bool onlyInScope)
{
    const auto held = m_cache.serverRow(row.key);
    const bool goes = !held || (held->q < row.q && (!onlyInScope || held->scope == row.scope));
    if (goes) {
        drop(row.key);
        if (!onlyInScope && row.key.type == EntityType::Conversation)
            for (const auto mine : {EntityType::ReadState, EntityType::Draft})
                m_cache.removeServerRow({mine, row.key.id});
    }
    if (m_bulk > 0) {
        auto &remembered = m_removed[row.key];
        remembered = std::max(remembered, row.q);
    }
}

void Replica::drop(const EntityKey &key)
{
    if (key.type == EntityType::Conversation)
        for (const auto &[child, q] : m_cache.children(key.id))
            m_cache.removeServerRow(child);
    m_cache.removeServerRow(key);
}

base::Result<bool> Replica::bundle(const base::Json &frame)
{
    const auto scope = base::textField(frame, "s");
    const auto sid = base::integerField(frame, "sid");
    const auto asOf = base::integerField(frame, "as_of");
    const auto token = base::textField(frame, "tok");
    if (!scope || !sid || !asOf || !token)
        return broken("bundle");
    const auto known = m_cache.scopes().find(*scope);
    if (known == m_cache.scopes().end() || known->second.phase == ScopeState::Phase::Live ||
        known->second.sid != *sid)
        return false;

    for (const auto &item : listOf(frame, "rows")) {
        const auto row = read(item, *scope);
        if (!row)
            return row.error();
        if (*row && upsert(**row, false, *asOf) && (*row)->key.type == EntityType::Conversation)
            bundleBrought(**row, item, *asOf);
    }
    auto state = known->second;
    state.token = *token;
    state.done = base::integerField(frame, "done").value_or(state.done);
    state.total = base::integerField(frame, "total").value_or(state.total);
    if (base::flagField(frame, "last").value_or(false)) {
        // One that a change moved ahead of where the next bundle went on was in none of them: only what
        // changed of it is confirmed.
        for (const auto &id : m_cache.sweep(*scope, *sid))
            askForMessages(id);
        state.phase = ScopeState::Phase::Live;
        state.token.clear();
    }
    m_cache.putScope(*scope, state);
    return true;
}

void Replica::bundleBrought(const Row &row, const base::Json &item, std::int64_t asOf)
{
    const auto &id = row.key.id;
    const auto held = m_cache.serverRow(row.key);
    if (!held || held->sv != row.sv)
        return;
    if (const auto lowest = base::integerField(item, "lo")) {
        m_cache.setLowestMessage(id, *lowest);
        m_cache.bundleBrought(id, asOf);
    } else if (m_cache.lowestMessage(id)) {
        askForMessages(id); // it came without: nobody confirms those held, and the sweep takes them
    }
}

// None are said to be here until they come.
void Replica::askForMessages(const base::Uuid &conversation)
{
    const auto held = m_cache.serverRow({EntityType::Conversation, conversation});
    m_cache.setLowestMessage(conversation, std::nullopt);
    m_cache.wantWindow(conversation, false, held ? held->q : 0);
}

// An older window says nothing of what lies outside its range.
bool Replica::isBetween(const EntityKey &child, std::int64_t lo, std::int64_t hi)
{
    const auto message = m_cache.serverRow({EntityType::Message, child.id});
    const auto json = message ? base::parseJson(message->json) : base::Error{};
    const auto n = json ? base::integerField(*json, "n").value_or(0) : 0;
    return n >= lo && n <= hi;
}

base::Result<Replica::WindowOutcome> Replica::window(const base::Json &frame, std::int64_t before)
{
    const auto id = base::uuidField(frame, "conv");
    const auto asOf = base::integerField(frame, "as_of");
    const auto lo = base::integerField(frame, "lo");
    const auto hi = base::integerField(frame, "hi");
    if (!id || !asOf || !lo || !hi)
        return broken("window");
    if (!base::flagField(frame, "visible").value_or(false))
        return WindowOutcome::NotVisible;
    const auto conversation = m_cache.serverRow({EntityType::Conversation, *id});
    if (!conversation || removedSince({EntityType::Conversation, *id}, *asOf))
        return WindowOutcome::Ignored;
    if (before > 0 && m_cache.lowestMessage(*id) != before)
        return WindowOutcome::Ignored; // what it would join on to was let go meanwhile: there would be a gap

    std::set<EntityKey> named;
    for (const auto &item : listOf(frame, "rows")) {
        const auto row = read(item, conversation->scope);
        if (!row)
            return row.error();
        if (!*row)
            continue;
        named.insert((*row)->key);
        upsert(**row, false, *asOf);
    }
    std::vector<EntityKey> gone;
    for (const auto &[child, q] : m_cache.children(*id))
        if (q <= *asOf && !named.contains(child) && (before == 0 || isBetween(child, *lo, *hi)))
            gone.push_back(child);
    for (const auto &child : gone)
        m_cache.removeServerRow(child);
    m_cache.setLowestMessage(*id, *lo);
    return WindowOutcome::Applied;
}

} // namespace client::sync
