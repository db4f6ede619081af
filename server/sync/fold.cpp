#include "server/sync/fold.h"

namespace server::sync {

void Fold::add(const Change &change)
{
    auto &entry = touch(change.type, change.id);
    if (change.kind == ChangeKind::Leave) {
        entry.leaves.insert(change.scope);
        return;
    }
    if (change.parent)
        m_children.emplace(*change.parent, Key{change.type, change.id});
    if (!change.parent && entry.state && entry.state->scope != change.scope)
        moveChildren(change.id, entry.state->scope, change.scope);
    if (change.kind == ChangeKind::Delete)
        dropChildren(change.id, change.scope);
    entry.state = change;
}

Folded &Fold::touch(protocol::EntityType type, const base::Uuid &id)
{
    const Key key{type, id};
    if (const auto found = m_places.find(key); found != m_places.end()) {
        m_entries.splice(m_entries.end(), m_entries, found->second);
        return *found->second;
    }
    m_entries.push_back({type, id, {}, {}});
    m_places.emplace(key, std::prev(m_entries.end()));
    return m_entries.back();
}

void Fold::moveChildren(const base::Uuid &parent, const std::string &from, const std::string &to)
{
    const auto [begin, end] = m_children.equal_range(parent);
    for (auto child = begin; child != end; ++child)
        if (const auto place = m_places.find(child->second); place != m_places.end()) {
            auto &state = place->second->state;
            if (state && state->scope == from)
                state->scope = to;
        }
}

void Fold::dropChildren(const base::Uuid &parent, const std::string &scope)
{
    const auto [begin, end] = m_children.equal_range(parent);
    for (auto child = begin; child != end; ++child) {
        const auto place = m_places.find(child->second);
        if (place == m_places.end())
            continue;
        auto &state = place->second->state;
        if (state && state->scope == scope) {
            m_entries.erase(place->second);
            m_places.erase(place);
        } else if (state) {
            state->kind = ChangeKind::Delete;
        }
    }
    m_children.erase(parent);
}

} // namespace server::sync
