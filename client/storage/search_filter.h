#pragma once

#include "client/storage/connection.h"
#include "client/storage/search_query.h"
#include "shared/domain/accounts/account.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace client::storage {

/// A message that has the words, before the operators are asked.
struct MessageHit {
    std::int64_t key = 0; ///< in the full-text index; grows with time
    base::Uuid conversation;
    std::int64_t at = 0;
    base::Uuid id;
    bool outgoing = false;
    std::string row; ///< only when messages are asked
};

/// Of a row "key, conversation, at, id" and, `whole`, "direction, row".
MessageHit messageHit(const RowView &row, bool whole);

/// "%words%", with what LIKE understands taken literally.
std::string likePattern(const std::string &words);

/// The operators of a question, asked about what was found. Names are looked up once, when it is made.
class SearchFilter {
public:
    SearchFilter(Connection &cache, const SearchQuery &query, const std::optional<domain::UserId> &me);

    bool takesConversation(const base::Uuid &id);
    bool takesMessage(const MessageHit &hit);

private:
    struct Conversation {
        bool exists = false;
        std::string status;
        base::Uuid inbox;
        base::Uuid contact;
        std::optional<base::Uuid> assignee;
        bool hasLabel = false; ///< the one that is asked for
    };
    const Conversation &conversation(const base::Uuid &id);
    std::set<base::Uuid> named(const char *sql, const std::string &name);

    Connection &m_cache;
    const SearchQuery &m_query;
    std::map<base::Uuid, Conversation> m_known;
    std::set<base::Uuid> m_inboxes;
    std::set<base::Uuid> m_assignees;
    std::set<base::Uuid> m_authors; // users and contacts
    std::set<base::Uuid> m_receivers;
};

} // namespace client::storage
