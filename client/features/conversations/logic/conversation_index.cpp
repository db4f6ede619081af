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
    for (const auto &facts : m_facts)
        tally(facts, 1);
}

void ConversationIndex::forget()
{
    m_loaded = false;
    m_facts.clear();
    m_places.clear();
    m_tallies.clear();
    m_labelled.clear();
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
    if (isNew) {
        m_facts.push_back(facts);
    } else {
        tally(m_facts[place->second], -1);
        m_facts[place->second] = facts;
    }
    tally(facts, 1);
}

// The last one takes the place.
void ConversationIndex::remove(const domain::ConversationId &id)
{
    const auto place = m_places.find(id.value);
    if (place == m_places.end())
        return;
    const auto at = place->second;
    tally(m_facts[at], -1);
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

ConversationIndex::Group ConversationIndex::groupOf(const Facts &facts)
{
    return {facts.status, facts.inbox, facts.assignee, facts.team};
}

void ConversationIndex::tally(const Facts &facts, int by)
{
    tally(m_tallies, facts, by);
    for (const auto &label : facts.labels)
        tally(m_labelled[label], facts, by);
}

void ConversationIndex::tally(Tallies &tallies, const Facts &facts, int by)
{
    const auto place = tallies.try_emplace(groupOf(facts)).first;
    place->second.all += by;
    place->second.unread += facts.isUnread ? by : 0;
    if (place->second.all == 0)
        tallies.erase(place);
}

ConversationIndex::Tally ConversationIndex::tallied(const storage::ListQuery &query)
{
    load();
    Tally sum;
    for (const auto &[group, tally] : query.label ? m_labelled[*query.label] : m_tallies) {
        if (!fits(group, query))
            continue;
        sum.all += tally.all;
        sum.unread += tally.unread;
    }
    return sum;
}

bool ConversationIndex::fits(const Group &group, const storage::ListQuery &query)
{
    if (query.owner == Owner::Mine && group.assignee != query.me)
        return false;
    if (query.owner == Owner::Unassigned && group.assignee)
        return false;
    return (!query.status || group.status == *query.status) &&
           (!query.inbox || group.inbox == *query.inbox) && (!query.team || group.team == query.team);
}

bool ConversationIndex::fits(const Facts &facts, const storage::ListQuery &query)
{
    return fits(groupOf(facts), query) &&
           (!query.label || std::binary_search(facts.labels.begin(), facts.labels.end(), *query.label));
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
    return tallied(query).all;
}

int ConversationIndex::unread(const storage::ListQuery &query)
{
    return tallied(query).unread;
}

} // namespace client::conversations
