#include "client/features/conversations/logic/conversation_index.h"

#include <algorithm>
#include <tuple>

namespace client::conversations {

namespace {

using Order = storage::ListQuery::Order;
using Owner = storage::ListQuery::Owner;

} // namespace

void ConversationIndex::load()
{
    if (m_loaded)
        return;
    m_loaded = true;
    m_facts = m_reader.conversationFacts();
    m_places.reserve(m_facts.size());
    for (std::size_t i = 0; i < m_facts.size(); ++i)
        m_places.emplace(m_facts[i].id.value, i);
}

void ConversationIndex::forget()
{
    m_loaded = false;
    m_facts.clear();
    m_places.clear();
}

void ConversationIndex::update(const std::set<domain::ConversationId> &ids)
{
    if (!m_loaded)
        return;
    for (const auto &id : ids)
        if (const auto facts = m_reader.conversationFacts(id))
            put(*facts);
        else
            remove(id);
}

void ConversationIndex::put(const Facts &facts)
{
    const auto [place, isNew] = m_places.try_emplace(facts.id.value, m_facts.size());
    if (isNew)
        m_facts.push_back(facts);
    else
        m_facts[place->second] = facts;
}

// The last one takes the place.
void ConversationIndex::remove(const domain::ConversationId &id)
{
    const auto place = m_places.find(id.value);
    if (place == m_places.end())
        return;
    const auto at = place->second;
    m_places.erase(place);
    if (at + 1 != m_facts.size()) {
        m_facts[at] = m_facts.back();
        m_places[m_facts[at].id.value] = at;
    }
    m_facts.pop_back();
}

const storage::ConversationFacts *ConversationIndex::find(const domain::ConversationId &id) const
{
    const auto place = m_places.find(id.value);
    return place == m_places.end() ? nullptr : &m_facts[place->second];
}

bool ConversationIndex::fits(const Facts &facts, const storage::ListQuery &query)
{
    if (query.owner == Owner::Mine && facts.assignee != query.me)
        return false;
    if (query.owner == Owner::Unassigned && facts.assignee)
        return false;
    return (!query.status || facts.status == *query.status) && (!query.inbox || facts.inbox == *query.inbox);
}

bool ConversationIndex::isBefore(const Facts &a, const Facts &b, Order order)
{
    if (order == Order::OldestActivity)
        return std::tie(a.lastActivityAt, a.id) < std::tie(b.lastActivityAt, b.id);
    if (order == Order::Priority && a.priority != b.priority)
        return a.priority > b.priority;
    return std::tie(b.lastActivityAt, b.id) < std::tie(a.lastActivityAt, a.id);
}

bool ConversationIndex::matches(const domain::ConversationId &id, const storage::ListQuery &query)
{
    load();
    const auto *facts = find(id);
    return facts && fits(*facts, query);
}

bool ConversationIndex::isBefore(const domain::ConversationId &a, const domain::ConversationId &b,
                                 Order order)
{
    load();
    const auto *first = find(a);
    const auto *second = find(b);
    return first && second && isBefore(*first, *second, order);
}

std::vector<domain::ConversationId> ConversationIndex::list(const storage::ListQuery &query)
{
    load();
    std::vector<const Facts *> chosen;
    for (const auto &facts : m_facts)
        if (fits(facts, query))
            chosen.push_back(&facts);
    std::sort(chosen.begin(), chosen.end(),
              [&query](const Facts *a, const Facts *b) { return isBefore(*a, *b, query.order); });
    std::vector<domain::ConversationId> ids;
    ids.reserve(chosen.size());
    for (const auto *facts : chosen)
        ids.push_back(facts->id);
    return ids;
}

int ConversationIndex::count(const storage::ListQuery &query)
{
    load();
    return static_cast<int>(std::count_if(m_facts.begin(), m_facts.end(),
                                          [&](const Facts &facts) { return fits(facts, query); }));
}

int ConversationIndex::unread(const storage::ListQuery &query)
{
    load();
    return static_cast<int>(std::count_if(m_facts.begin(), m_facts.end(), [&](const Facts &facts) {
        return facts.isUnread && fits(facts, query);
    }));
}

} // namespace client::conversations
