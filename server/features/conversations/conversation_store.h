#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/conversations/conversation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::conversations {

/// A conversation with what only the server and the HTTP API need. `conversation.number` is the display
/// number; `number` the global one of the conversations table.
struct ConversationRow {
    std::int64_t number = 0;
    domain::Conversation conversation;
    sync::AccountNumber account = 0;
    std::int64_t inbox = 0;                  ///< inboxes.id
    std::int64_t contact = 0;                ///< contacts.id
    std::int64_t contactInbox = 0;           ///< contact_inboxes.id
    std::optional<std::int64_t> assignee;    ///< users.id
    std::optional<std::int64_t> team;        ///< teams.id
    std::optional<std::int64_t> campaign;    ///< campaigns.id: the teaser that it began with
    std::string additionalAttributes = "{}"; ///< JSON object
    std::string customAttributes = "{}";     ///< JSON object
    std::optional<base::Timestamp> firstReplyAt;
    std::optional<base::Timestamp> agentSeenAt;
    std::optional<base::Timestamp> assigneeSeenAt;
    std::optional<base::Timestamp> contactSeenAt;
    base::Timestamp updatedAt{};
};

enum class ConversationOrder {
    LastActivityDescending,
    LastActivityAscending,
    CreatedDescending,
    CreatedAscending,
    PriorityDescending,
    PriorityAscending,
    WaitingSinceAscending,
    WaitingSinceDescending
};

/// Which conversations a list shows. What is absent does not restrict.
struct ConversationFilter {
    enum class Assignee { Any, Of, Nobody, Somebody };

    std::vector<std::int64_t> inboxes; ///< inboxes.id, those the caller may see; empty: none
    std::optional<domain::ConversationStatus> status;
    Assignee assignee = Assignee::Any;
    std::int64_t assigneeNumber = 0; ///< users.id, for Assignee::Of
    std::optional<std::int64_t> contact;
    std::optional<std::int64_t> team; ///< teams.id
    std::vector<std::string> labels;  ///< carries one of these titles; empty: any
    std::string text;                 ///< in a message; empty: any
};

/// How many conversations a filter has under each tab; the filter's own assignee is ignored.
struct ConversationCounts {
    std::int64_t mine = 0; ///< of `assigneeNumber`
    std::int64_t assigned = 0;
    std::int64_t unassigned = 0;
    std::int64_t all = 0;
};

/// Where a page of an inbox ends, in the order of sync: status, then newest activity.
struct ConversationPlace {
    int status = 0;
    std::int64_t lastActivity = INT64_MAX;
    std::int64_t number = INT64_MAX;
};

/// The only code that names the tables conversations, conversation_labels,
/// conversation_counters and creads. Lives as long as one
/// transaction.
class ConversationStore {
public:
    explicit ConversationStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<ConversationRow> find(sync::AccountNumber account,
                                                      const base::Uuid &id) const;
    /// Over all accounts, for who was given the id alone.
    [[nodiscard]] std::optional<ConversationRow> anywhere(const base::Uuid &id) const;
    [[nodiscard]] std::optional<ConversationRow> byDisplay(sync::AccountNumber account,
                                                           std::int64_t display) const;
    /// Newest first; `limit` at most.
    [[nodiscard]] std::vector<ConversationRow> ofContact(sync::AccountNumber account, std::int64_t contact,
                                                         std::size_t limit) const;
    /// Newest first; of one contact's place in one inbox.
    [[nodiscard]] std::vector<ConversationRow> ofContactInbox(std::int64_t contactInbox,
                                                              std::size_t limit) const;
    [[nodiscard]] std::vector<ConversationRow> list(sync::AccountNumber account,
                                                    const ConversationFilter &filter, ConversationOrder order,
                                                    std::int64_t offset, std::int64_t limit) const;
    [[nodiscard]] ConversationCounts counts(sync::AccountNumber account,
                                            const ConversationFilter &filter) const;

    /// Ids of an inbox after `place`, which becomes the place of the last.
    [[nodiscard]] std::vector<base::Uuid> page(std::int64_t inbox, ConversationPlace &place,
                                               std::size_t limit) const;
    [[nodiscard]] std::int64_t countOf(std::int64_t inbox) const;
    /// Accounts with snoozed conversations whose time has come.
    [[nodiscard]] std::vector<sync::AccountNumber> accountsWithDueSnoozes(base::Timestamp now) const;
    /// Those conversations, earliest first.
    [[nodiscard]] std::vector<ConversationRow> dueSnoozes(sync::AccountNumber account, base::Timestamp now,
                                                          std::size_t limit) const;
    /// The next moment a snooze ends; nothing when none does.
    [[nodiscard]] std::optional<base::Timestamp> nextSnooze() const;
    [[nodiscard]] std::vector<ConversationRow> assignedTo(sync::AccountNumber account, std::int64_t user,
                                                          std::size_t limit) const;

    [[nodiscard]] std::vector<ConversationRow> ofTeam(sync::AccountNumber account, std::int64_t team,
                                                      std::size_t limit) const;
    [[nodiscard]] std::vector<ConversationRow> labelled(sync::AccountNumber account, const std::string &title,
                                                        std::size_t limit) const;

    /// Gives `row` its numbers and stores it.
    void insert(ConversationRow &row);
    /// All but the labels.
    void update(const ConversationRow &row);
    void setLabels(const ConversationRow &row);
    /// It is another contact's from now on.
    void moveContact(std::int64_t conversation, std::int64_t contact, const base::Uuid &id,
                     base::Timestamp now);
    /// With everybody's read states. Its messages must be gone.
    void remove(std::int64_t conversation);
    /// Notes that an agent, or the assignee, looked now; no change of the synced row.
    void noteSeen(std::int64_t conversation, bool assignee, base::Timestamp now);

    [[nodiscard]] std::int64_t readN(std::int64_t conversation, std::int64_t user) const;
    /// The read state's own id, which is `freshId` on the first call.
    base::Uuid setReadN(const ConversationRow &row, std::int64_t user, std::int64_t readN,
                        const base::Uuid &freshId);
    /// A read state by its own id.
    [[nodiscard]] std::optional<domain::ReadState> readState(sync::AccountNumber account,
                                                             const base::Uuid &id) const;

private:
    storage::Transaction &m_tx;
};

} // namespace server::conversations
