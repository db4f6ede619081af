#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/conversations/delivery.h"
#include "shared/domain/conversations/message.h"
#include "shared/protocol/rows.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace server::conversations {

/// A message with what only the server and the HTTP API need.
struct MessageRow {
    std::int64_t number = 0; ///< the id outside clients use
    domain::Message message; ///< attachments are filled by MessageStore's readers
    sync::AccountNumber account = 0;
    std::int64_t inbox = 0;                    ///< inboxes.id
    std::int64_t conversation = 0;             ///< conversations.id
    std::optional<std::int64_t> userNumber;    ///< the author, when an agent
    std::optional<std::int64_t> contactNumber; ///< the author, when a contact
    std::string echoId;                        ///< the sender's own name for it; only given back
    std::string sourceId;                      ///< the channel's id
    std::string contentType = "text";
    std::string contentAttributes = "{}"; ///< JSON object
    base::Timestamp updatedAt{};
};

/// Which messages of a conversation; numbers are messages.id as the HTTP API has them.
struct MessageRange {
    std::optional<std::int64_t> before; ///< exclusive
    std::optional<std::int64_t> after;  ///< exclusive
    std::size_t limit = 20;
};

/// The only code that names the tables messages and message_states. Lives as long as one transaction.
class MessageStore {
public:
    explicit MessageStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<MessageRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    [[nodiscard]] std::optional<MessageRow> find(sync::AccountNumber account, std::int64_t number) const;
    /// Oldest first. Without `after` the newest of the range, with it the oldest.
    [[nodiscard]] std::vector<MessageRow> range(std::int64_t conversation, const MessageRange &range) const;
    /// The newest with `n` below `before` (0: no bound) and above `after`, oldest first.
    [[nodiscard]] std::vector<MessageRow> newest(std::int64_t conversation, std::int64_t before,
                                                 std::int64_t after, std::size_t limit) const;
    /// The same without notes, activities and replies that have not gone out: what a visitor may see.
    [[nodiscard]] std::vector<MessageRow> newestPublic(std::int64_t conversation, std::int64_t after,
                                                       std::size_t limit) const;
    /// The newest of those with `n` below `before` (0: no bound), oldest first.
    [[nodiscard]] std::vector<MessageRow> publicBefore(std::int64_t conversation, std::int64_t before,
                                                       std::size_t limit) const;
    /// The newest of this content type.
    [[nodiscard]] std::optional<MessageRow> newestOf(std::int64_t conversation,
                                                     std::string_view contentType) const;
    /// Whether the conversation has a message of this content type.
    [[nodiscard]] bool hasContent(std::int64_t conversation, std::string_view contentType) const;
    /// Whether this server said something to the customer by itself since then.
    [[nodiscard]] bool spokeByItself(std::int64_t conversation, base::Timestamp since) const;
    /// The newest that is no activity.
    [[nodiscard]] std::optional<MessageRow> lastSpoken(std::int64_t conversation) const;
    /// Customer messages with `n` above.
    [[nodiscard]] std::int64_t countIncoming(std::int64_t conversation, std::int64_t after) const;
    /// The newest public reply with `n` above by an agent who is not `user`.
    [[nodiscard]] std::optional<MessageRow> newestReplyByOther(std::int64_t conversation, std::int64_t after,
                                                               std::int64_t user) const;
    /// The customer's newest message with `n` above.
    [[nodiscard]] std::optional<MessageRow> newestIncoming(std::int64_t conversation,
                                                           std::int64_t after) const;
    /// The first of them.
    [[nodiscard]] std::optional<MessageRow> oldestIncoming(std::int64_t conversation,
                                                           std::int64_t after) const;
    /// The newest public reply.
    [[nodiscard]] std::optional<MessageRow> newestReply(std::int64_t conversation) const;
    /// Public replies that went out, with `n` in (after, to], newest `limit`.
    [[nodiscard]] std::vector<base::Uuid> replies(std::int64_t conversation, std::int64_t after,
                                                  std::int64_t to, std::size_t limit) const;

    /// How many of the newest came since then, at most `limit`.
    [[nodiscard]] std::size_t countSince(std::int64_t conversation, base::Timestamp since,
                                         std::size_t limit) const;
    /// Ids of all with `n` below.
    [[nodiscard]] std::set<base::Uuid> below(std::int64_t conversation, std::int64_t n) const;

    void insert(MessageRow &row); ///< sets `row.number`
    /// Puts other words in place of what was said; the files are gone.
    void rewrite(const MessageRow &row);
    /// Its content attributes alone.
    void putAttributes(const MessageRow &row);
    /// Words of one contact become another's; the ids of those messages.
    std::vector<base::Uuid> moveAuthor(std::int64_t conversation, std::int64_t from, std::int64_t to,
                                       const base::Uuid &id);
    /// One, with its state. Its files must be gone or unclaimed.
    void remove(const MessageRow &row);
    /// Gives it another place, and the time at which it took it.
    void moveTo(const MessageRow &row, std::int64_t n, base::Timestamp at);
    /// All of a conversation, with their states.
    void removeAll(std::int64_t conversation);
    /// Messages of a conversation that carry files.
    [[nodiscard]] std::vector<base::Uuid> withFiles(std::int64_t conversation) const;

    /// Of all accounts.
    [[nodiscard]] std::int64_t countBeforeRestore() const;
    [[nodiscard]] std::optional<protocol::MessageState> state(const base::Uuid &message) const;
    /// The same as a value; Sent when there is none.
    [[nodiscard]] domain::Delivery delivery(const base::Uuid &message) const;
    /// Moves a state as domain::mayMove() allows; false when that changes nothing.
    bool moveState(std::int64_t conversation, const base::Uuid &message, domain::Delivery to,
                   base::Timestamp at, const std::string &code = {});
    /// Sets it, whatever it was.
    void putState(std::int64_t conversation, const base::Uuid &message, domain::Delivery to,
                  base::Timestamp at, const std::string &code = {});
    /// Ids of the messages of these numbers that have a state row.
    [[nodiscard]] std::vector<base::Uuid> withState(std::int64_t conversation, std::int64_t from,
                                                    std::int64_t to) const;

private:
    [[nodiscard]] MessageRow complete(MessageRow row, bool hasFiles) const;
    [[nodiscard]] std::optional<MessageRow> one(const std::optional<storage::Row> &row) const;
    [[nodiscard]] std::vector<MessageRow> oldestFirst(const std::vector<storage::Row> &newestFirst) const;

    storage::Transaction &m_tx;
};

} // namespace server::conversations
