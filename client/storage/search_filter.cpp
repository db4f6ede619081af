#include "client/storage/search_filter.h"

#include "shared/base/json.h"

namespace client::storage {

namespace {

constexpr int namesAtMost = 500;
constexpr const char *contactsNamed =
    "SELECT id FROM contact WHERE name LIKE ? ESCAPE '\\' OR email LIKE ? ESCAPE '\\' LIMIT ?";
constexpr const char *usersNamed = "SELECT id FROM user WHERE name LIKE ? ESCAPE '\\' OR"
                                   " json_extract(CAST(row AS TEXT), '$.email') LIKE ? ESCAPE '\\' LIMIT ?";
constexpr const char *inboxesNamed =
    "SELECT id FROM inbox WHERE name LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\' LIMIT ?";
constexpr const char *conversationSql =
    "SELECT status, inbox, contact, assignee, EXISTS(SELECT 1 FROM json_each(CAST(row AS TEXT), '$.labels')"
    " WHERE value = ? COLLATE NOCASE) FROM conversation WHERE id = ?";

} // namespace

MessageHit messageHit(const RowView &row, bool whole)
{
    MessageHit hit{row.integer(0), row.uuid(1), row.integer(2), row.uuid(3), false, {}};
    if (whole) {
        hit.outgoing = row.text(4) == "out";
        hit.row = row.text(5);
    }
    return hit;
}

std::string likePattern(const std::string &words)
{
    std::string pattern = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

SearchFilter::SearchFilter(Connection &cache, const SearchQuery &query,
                           const std::optional<domain::UserId> &me)
    : m_cache{cache}
    , m_query{query}
{
    const auto people = [&](const std::string &name, bool users, bool contacts) {
        std::set<base::Uuid> ids;
        if (name == "me" && users)
            return me ? std::set{me->value} : ids;
        if (users)
            ids.merge(named(usersNamed, name));
        if (contacts)
            ids.merge(named(contactsNamed, name));
        return ids;
    };
    if (!query.inbox.empty())
        m_inboxes = named(inboxesNamed, query.inbox);
    if (!query.assignee.empty() && query.assignee != "none")
        m_assignees = people(query.assignee, true, false);
    if (!query.from.empty())
        m_authors = people(query.from, true, true);
    if (!query.to.empty())
        m_receivers = people(query.to, false, true);
}

std::set<base::Uuid> SearchFilter::named(const char *sql, const std::string &name)
{
    std::set<base::Uuid> ids;
    const auto pattern = sqlValue(likePattern(name));
    m_cache.each(sql, {pattern, pattern, namesAtMost},
                 [&ids](const RowView &row) { ids.insert(row.uuid(0)); });
    return ids;
}

const SearchFilter::Conversation &SearchFilter::conversation(const base::Uuid &id)
{
    const auto [place, isNew] = m_known.try_emplace(id);
    if (isNew)
        m_cache.each(conversationSql, {sqlValue(m_query.label), sqlValue(id)},
                     [&found = place->second](const RowView &row) {
                         found = {true,        row.text(0),      row.uuid(1),
                                  row.uuid(2), row.maybeUuid(3), row.integer(4) != 0};
                     });
    return place->second;
}

bool SearchFilter::takesConversation(const base::Uuid &id)
{
    if (!m_query.asksConversations())
        return true;
    const auto &known = conversation(id);
    if (!known.exists || (m_query.status && known.status != domain::toText(*m_query.status)))
        return false;
    if (!m_query.inbox.empty() && !m_inboxes.contains(known.inbox))
        return false;
    if (!m_query.label.empty() && !known.hasLabel)
        return false;
    if (m_query.assignee == "none")
        return !known.assignee;
    return m_query.assignee.empty() || (known.assignee && m_assignees.contains(*known.assignee));
}

bool SearchFilter::takesMessage(const MessageHit &hit)
{
    if (!m_query.asksMessages())
        return true;
    if ((m_query.before && hit.at >= base::toMs(*m_query.before)) ||
        (m_query.after && hit.at < base::toMs(*m_query.after)))
        return false;
    if (!m_query.to.empty() &&
        (!hit.outgoing || !m_receivers.contains(conversation(hit.conversation).contact)))
        return false;
    const auto row = base::Json::parse(hit.row, nullptr, false);
    if (m_query.hasAttachment && base::member(row, "att").empty())
        return false;
    if (m_query.from.empty())
        return true;
    const auto &by = base::member(row, "by");
    for (const auto *key : {"user", "contact"})
        if (const auto author = base::uuidField(by, key); author && m_authors.contains(*author))
            return true;
    return false;
}

} // namespace client::storage
