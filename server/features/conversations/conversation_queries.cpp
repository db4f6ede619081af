#include "server/features/conversations/conversation_columns.h"
#include "server/features/conversations/conversation_store.h"
#include "shared/base/json.h"

/// The lists of conversations.
namespace server::conversations {

namespace {

constexpr int statuses = 4;

// +inbox_id keeps the planner on the index that has the rows in order.
#define LIST_FILTER                                                                                          \
    "account_id = ?1 AND +inbox_id IN (SELECT value FROM json_each(?2))"                                     \
    " AND (?4 = 0 OR (?4 = 1 AND assignee_id = ?5) OR (?4 = 2 AND assignee_id IS NULL)"                      \
    " OR (?4 = 3 AND assignee_id IS NOT NULL)) AND (?6 IS NULL OR contact_id = ?6)"                          \
    " AND (?7 IS NULL OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id"        \
    " AND m.body LIKE ?7 ESCAPE '\\')) AND (?8 IS NULL OR team_id = ?8)"                                     \
    " AND (?9 IS NULL OR EXISTS (SELECT 1 FROM conversation_labels l WHERE l.conversation_id ="              \
    " conversations.id AND l.title IN (SELECT value FROM json_each(?9))))"
#define LIST_ORDERED(order)                                                                                  \
    {                                                                                                        \
        SELECT_CONVERSATION "WHERE status = ?3 AND " LIST_FILTER " ORDER BY " order " LIMIT ?10 OFFSET ?11", \
            SELECT_CONVERSATION "WHERE ?3 IS NULL AND " LIST_FILTER " ORDER BY " order                       \
                                " LIMIT ?10 OFFSET ?11"                                                      \
    }

struct ListSql {
    const char *withStatus;
    const char *ofAny;
};

ListSql listSql(ConversationOrder order)
{
    switch (order) {
    case ConversationOrder::LastActivityDescending:
        return LIST_ORDERED("last_activity_at DESC, id DESC");
    case ConversationOrder::LastActivityAscending:
        return LIST_ORDERED("last_activity_at, id");
    case ConversationOrder::CreatedDescending:
        return LIST_ORDERED("created_at DESC, id DESC");
    case ConversationOrder::CreatedAscending:
        return LIST_ORDERED("created_at, id");
    case ConversationOrder::PriorityDescending:
        return LIST_ORDERED("priority DESC, last_activity_at DESC, id DESC");
    case ConversationOrder::PriorityAscending:
        return LIST_ORDERED("priority, last_activity_at DESC, id DESC");
    case ConversationOrder::WaitingSinceAscending:
        return LIST_ORDERED("waiting_since IS NULL, waiting_since, id");
    case ConversationOrder::WaitingSinceDescending:
        return LIST_ORDERED("waiting_since IS NULL, waiting_since DESC, id DESC");
    }
    return LIST_ORDERED("last_activity_at DESC, id DESC");
}

std::int64_t toLimit(std::size_t limit)
{
    return static_cast<std::int64_t>(limit);
}

template <class T>
std::string jsonList(const std::vector<T> &items)
{
    return base::toText(base::Json(items));
}

storage::Value titleList(const std::vector<std::string> &titles)
{
    return titles.empty() ? storage::Value{} : storage::Value{jsonList(titles)};
}

storage::Value likePattern(const std::string &text)
{
    if (text.empty())
        return {};
    std::string pattern{"%"};
    for (const auto c : text) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

storage::Value statusValue(const std::optional<domain::ConversationStatus> &status)
{
    return status ? storage::Value{static_cast<int>(*status)} : storage::Value{};
}

} // namespace

std::vector<ConversationRow> ConversationStore::ofContact(sync::AccountNumber account, std::int64_t contact,
                                                          std::size_t limit) const
{
    return conversationsFromRows(m_tx.all(SELECT_CONVERSATION
                                          "WHERE contact_id = ? AND account_id = ? ORDER BY id DESC LIMIT ?",
                                          {contact, account, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::ofContactInbox(std::int64_t contactInbox,
                                                               std::size_t limit) const
{
    return conversationsFromRows(m_tx.all(SELECT_CONVERSATION
                                          "WHERE contact_inbox_id = ? ORDER BY id DESC LIMIT ?",
                                          {contactInbox, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::list(sync::AccountNumber account,
                                                     const ConversationFilter &filter,
                                                     ConversationOrder order, std::int64_t offset,
                                                     std::int64_t limit) const
{
    const auto sql = listSql(order);
    return conversationsFromRows(
        m_tx.all(filter.status ? sql.withStatus : sql.ofAny,
                 {account, jsonList(filter.inboxes), statusValue(filter.status),
                  static_cast<int>(filter.assignee), filter.assigneeNumber, filter.contact,
                  likePattern(filter.text), filter.team, titleList(filter.labels), limit, offset}));
}

ConversationCounts ConversationStore::counts(sync::AccountNumber account,
                                             const ConversationFilter &filter) const
{
    constexpr const char *withStatus =
        "SELECT count(*), count(assignee_id), coalesce(sum(assignee_id = ?5), 0) FROM conversations"
        " WHERE status = ?3 AND " LIST_FILTER;
    constexpr const char *ofAny =
        "SELECT count(*), count(assignee_id), coalesce(sum(assignee_id = ?5), 0) FROM conversations"
        " WHERE ?3 IS NULL AND " LIST_FILTER;
    const auto row =
        m_tx.one(filter.status ? withStatus : ofAny,
                 {account, jsonList(filter.inboxes), statusValue(filter.status), 0, filter.assigneeNumber,
                  filter.contact, likePattern(filter.text), filter.team, titleList(filter.labels)});
    ConversationCounts counts;
    counts.all = row->integer(0);
    counts.assigned = row->integer(1);
    counts.unassigned = counts.all - counts.assigned;
    counts.mine = row->integer(2);
    return counts;
}

std::vector<base::Uuid> ConversationStore::page(std::int64_t inbox, ConversationPlace &place,
                                                std::size_t limit) const
{
    std::vector<base::Uuid> ids;
    while (place.status < statuses && ids.size() < limit) {
        const auto rows =
            m_tx.all(R"(
            SELECT uuid, last_activity_at, id
              FROM conversations
             WHERE inbox_id = ? AND status = ? AND (last_activity_at, id) < (?, ?)
             ORDER BY last_activity_at DESC, id DESC
             LIMIT ?)",
                     {inbox, place.status, place.lastActivity, place.number, toLimit(limit - ids.size())});
        for (const auto &row : rows)
            ids.push_back(row.uuid(0));
        if (ids.size() == limit)
            place = {place.status, rows.back().integer(1), rows.back().integer(2)};
        else
            place = {place.status + 1, INT64_MAX, INT64_MAX};
    }
    return ids;
}

std::vector<ConversationRow> ConversationStore::newestOf(std::int64_t inbox, ConversationPlace &place,
                                                         std::size_t limit) const
{
    auto rows = conversationsFromRows(
        m_tx.all(SELECT_CONVERSATION "WHERE inbox_id = ? AND status = ? AND (last_activity_at, id) < (?, ?)"
                                     " ORDER BY last_activity_at DESC, id DESC LIMIT ?",
                 {inbox, place.status, place.lastActivity, place.number, toLimit(limit)}));
    if (!rows.empty()) {
        place.lastActivity = base::toMs(rows.back().conversation.lastActivityAt);
        place.number = rows.back().number;
    }
    return rows;
}

std::int64_t ConversationStore::countOf(std::int64_t inbox) const
{
    return m_tx.one("SELECT count(*) FROM conversations WHERE inbox_id = ?", {inbox})->integer(0);
}

std::vector<sync::AccountNumber> ConversationStore::accountsWithDueSnoozes(base::Timestamp now) const
{
    std::vector<sync::AccountNumber> accounts;
    for (const auto &row :
         m_tx.all("SELECT DISTINCT account_id FROM conversations WHERE snoozed_until <= ?", {now}))
        accounts.push_back(row.integer(0));
    return accounts;
}

std::vector<ConversationRow> ConversationStore::dueSnoozes(sync::AccountNumber account, base::Timestamp now,
                                                           std::size_t limit) const
{
    return conversationsFromRows(m_tx.all(
        SELECT_CONVERSATION "WHERE snoozed_until <= ? AND +account_id = ? ORDER BY snoozed_until LIMIT ?",
        {now, account, toLimit(limit)}));
}

std::optional<base::Timestamp> ConversationStore::nextSnooze() const
{
    const auto row = m_tx.one("SELECT snoozed_until FROM conversations WHERE snoozed_until IS NOT NULL "
                              "ORDER BY snoozed_until LIMIT 1");
    return row ? row->maybeTime(0) : std::nullopt;
}

std::vector<ConversationRow> ConversationStore::assignedTo(sync::AccountNumber account, std::int64_t user,
                                                           std::size_t limit) const
{
    return conversationsFromRows(m_tx.all(SELECT_CONVERSATION
                                          "WHERE assignee_id = ? AND account_id = ? LIMIT ?",
                                          {user, account, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::labelled(sync::AccountNumber account,
                                                         const std::string &title, std::size_t limit) const
{
    return conversationsFromRows(m_tx.all(SELECT_CONVERSATION
                                          "WHERE id IN (SELECT conversation_id FROM conversation_labels"
                                          " WHERE account_id = ? AND title = ? LIMIT ?)",
                                          {account, title, toLimit(limit)}));
}

std::vector<ConversationRow> ConversationStore::ofTeam(sync::AccountNumber account, std::int64_t team,
                                                       std::size_t limit) const
{
    return conversationsFromRows(m_tx.all(SELECT_CONVERSATION "WHERE team_id = ? AND account_id = ? LIMIT ?",
                                          {team, account, toLimit(limit)}));
}

} // namespace server::conversations
