#include "server/app/journal_check.h"

#include "shared/protocol/entity_type.h"

#include <array>

namespace server::app {

namespace {

struct Invariant {
    const char *broken; ///< "rows that …", after a number
    const char *sql;    ///< counts the breaches
};

#define UNJOURNALED(table, etype)                                                                            \
    "SELECT count(*) FROM " table " t WHERE NOT EXISTS (SELECT 1 FROM sync_journal j WHERE j.account_id = "  \
    "t.account_id AND j.etype = " etype " AND j.eid = t.uuid AND j.kind = 0)"

static_assert(static_cast<int>(protocol::EntityType::Inbox) == 4 &&
              static_cast<int>(protocol::EntityType::Contact) == 14);
static_assert(static_cast<int>(protocol::EntityType::Conversation) == 16 &&
              static_cast<int>(protocol::EntityType::Message) == 17 &&
              static_cast<int>(protocol::EntityType::ReadState) == 20 &&
              static_cast<int>(protocol::EntityType::Draft) == 21 &&
              static_cast<int>(protocol::EntityType::HeldReply) == 25 &&
              static_cast<int>(protocol::EntityType::Team) == 3 &&
              static_cast<int>(protocol::EntityType::Label) == 5 &&
              static_cast<int>(protocol::EntityType::Macro) == 10 &&
              static_cast<int>(protocol::EntityType::CannedResponse) == 11);

constexpr std::array<Invariant, 16> invariants{{
    {"journal rows lie beyond their account's head",
     "SELECT count(*) FROM sync_journal j LEFT JOIN sync_head h ON h.account_id = j.account_id "
     "WHERE h.head IS NULL OR j.seq > h.head"},
    {"messages are missing in the journal", UNJOURNALED("messages", "17")},
    {"conversations are missing in the journal", UNJOURNALED("conversations", "16")},
    {"contacts are missing in the journal", UNJOURNALED("contacts", "14")},
    {"inboxes are missing in the journal", UNJOURNALED("inboxes", "4")},
    {"labels are missing in the journal", UNJOURNALED("labels", "5")},
    {"teams are missing in the journal", UNJOURNALED("teams", "3")},
    {"canned responses are missing in the journal", UNJOURNALED("canned_responses", "11")},
    {"macros are missing in the journal", UNJOURNALED("macros", "10")},
    {"conversations and the index of their labels differ",
     "SELECT count(*) FROM conversations c WHERE c.labels <> (SELECT json_group_array(title) FROM"
     " (SELECT title FROM conversation_labels l WHERE l.conversation_id = c.id ORDER BY title))"},
    {"held replies are missing in the journal", UNJOURNALED("held_replies", "25")},
    {"read states are missing in the journal", UNJOURNALED("creads", "20")},
    {"drafts are missing in the journal", UNJOURNALED("drafts", "21")},
    {"conversations miscount their messages",
     "SELECT count(*) FROM conversations c WHERE c.last_n < "
     "(SELECT coalesce(max(n), 0) FROM messages m WHERE m.conversation_id = c.id)"},
    {"replies are said to wait and do not",
     "SELECT count(*) FROM message_states s WHERE s.state IN ('pending', 'dispatching') AND NOT EXISTS "
     "(SELECT 1 FROM out_queue q WHERE q.message = s.message)"},
    {"rows name others that do not exist", "SELECT count(*) FROM pragma_foreign_key_check"},
}};

} // namespace

std::vector<std::string> brokenInvariants(storage::Transaction &tx)
{
    std::vector<std::string> broken;
    for (const auto &[sentence, sql] : invariants)
        if (const auto count = tx.one(sql)->integer(0); count > 0)
            broken.push_back(std::to_string(count) + " " + sentence);
    return broken;
}

} // namespace server::app
