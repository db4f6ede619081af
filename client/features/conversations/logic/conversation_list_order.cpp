#include "client/features/conversations/logic/conversation_list_model.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>

// The half of ConversationListModel that keeps its rows in order.
namespace client::conversations {

// Only what was touched can stand in another place now: the rest keeps its order. Told as single removals,
// moves and insertions, so that the selection stays on its conversation.
void ConversationListModel::arrange(const std::set<domain::ConversationId> &touched)
{
    if (touched.size() > mostSingleMoves)
        return rearrange(touched);
    auto &facts = m_conversations.index();
    std::vector<domain::ConversationId> rest;
    rest.reserve(m_ids.size());
    std::copy_if(m_ids.begin(), m_ids.end(), std::back_inserter(rest),
                 [&](const auto &id) { return !touched.contains(id); });
    std::vector<domain::ConversationId> wanted;
    for (const auto &id : touched) {
        if (facts.matches(id, m_query)) {
            wanted.push_back(id);
        } else if (const int row = indexOf(id); row >= 0) {
            beginRemoveRows({}, row, row);
            m_ids.erase(m_ids.begin() + row);
            endRemoveRows();
        }
    }
    const auto before = [&](const auto &a, const auto &b) { return facts.isBefore(a, b, m_query.order); };
    std::sort(wanted.begin(), wanted.end(), before);
    auto previous = rest.begin();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto at = std::lower_bound(rest.begin(), rest.end(), wanted[i], before);
        const bool behindLast = i > 0 && at == previous;
        const auto ahead = behindLast           ? wanted[i - 1]
                           : at == rest.begin() ? domain::ConversationId{}
                                                : *std::prev(at);
        place(wanted[i], at == rest.begin() && !behindLast ? 0 : indexOf(ahead) + 1);
        previous = at;
    }
}

void ConversationListModel::place(const domain::ConversationId &id, int row)
{
    const int now = indexOf(id);
    if (now == row)
        return;
    if (now < 0) {
        beginInsertRows({}, row, row);
        m_ids.insert(m_ids.begin() + row, id);
        endInsertRows();
        return;
    }
    beginMoveRows({}, now, now, {}, row);
    if (now < row)
        std::rotate(m_ids.begin() + now, m_ids.begin() + now + 1, m_ids.begin() + row);
    else
        std::rotate(m_ids.begin() + row, m_ids.begin() + now, m_ids.begin() + now + 1);
    endMoveRows();
}

// Many at once, as while catching up: the list is told as new.
void ConversationListModel::rearrange(const std::set<domain::ConversationId> &touched)
{
    auto &facts = m_conversations.index();
    const auto before = [&](const auto &a, const auto &b) { return facts.isBefore(a, b, m_query.order); };
    std::vector<domain::ConversationId> wanted;
    std::copy_if(touched.begin(), touched.end(), std::back_inserter(wanted),
                 [&](const auto &id) { return facts.matches(id, m_query); });
    std::sort(wanted.begin(), wanted.end(), before);
    const std::unordered_set<base::Uuid> moved = [&] {
        std::unordered_set<base::Uuid> ids;
        for (const auto &id : touched)
            ids.insert(id.value);
        return ids;
    }();
    std::vector<domain::ConversationId> rest;
    rest.reserve(m_ids.size());
    std::copy_if(m_ids.begin(), m_ids.end(), std::back_inserter(rest),
                 [&](const auto &id) { return !moved.contains(id.value); });
    std::vector<domain::ConversationId> fresh;
    fresh.reserve(rest.size() + wanted.size());
    auto from = rest.begin();
    for (const auto &id : wanted) {
        const auto at = std::lower_bound(from, rest.end(), id, before);
        fresh.insert(fresh.end(), from, at);
        fresh.push_back(id);
        from = at;
    }
    fresh.insert(fresh.end(), from, rest.end());
    if (fresh == m_ids)
        return;
    beginResetModel();
    m_ids = std::move(fresh);
    endResetModel();
}

} // namespace client::conversations
