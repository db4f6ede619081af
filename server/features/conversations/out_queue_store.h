#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace server::conversations {

/// A reply that was accepted and has not gone out.
struct QueuedReply {
    std::int64_t number = 0; ///< grows in the order of acceptance
    base::Uuid message;
    sync::AccountNumber account = 0;
    std::int64_t inbox = 0;        ///< inboxes.id
    std::int64_t conversation = 0; ///< conversations.id
    base::Timestamp notBefore{};
    std::optional<base::Timestamp> leaseUntil;   ///< somebody is handing it to the channel
    int attempt = 0;                             ///< tries that were begun
    bool undoable = false;                       ///< its author may take it back
    std::optional<base::Timestamp> waitingSince; ///< of the conversation before it: put back by an undo
    bool isFirstReply = false;
};

/// The only code that writes the table out_queue; MessageStore reads it to leave out what waits. Lives as
/// long as one transaction.
class OutQueueStore {
public:
    explicit OutQueueStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<QueuedReply> find(const base::Uuid &message) const;
    void insert(const QueuedReply &reply);
    void remove(const base::Uuid &message);
    /// A try begins: nobody else takes it before `until`.
    void lease(const base::Uuid &message, base::Timestamp until);
    /// The try came to nothing.
    void postpone(const base::Uuid &message, base::Timestamp notBefore);

    /// Accounts that have something to do now.
    [[nodiscard]] std::vector<sync::AccountNumber> dueAccounts(base::Timestamp now) const;
    /// Of one account, oldest first: those whose time has come, whose lease, if any, has run out, and before
    /// which nothing of the same conversation waits.
    [[nodiscard]] std::vector<QueuedReply> due(sync::AccountNumber account, base::Timestamp now,
                                               std::size_t limit) const;

private:
    storage::Transaction &m_tx;
};

} // namespace server::conversations
