#pragma once

#include "server/storage/transaction.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"
#include "shared/base/uuid.h"

#include <functional>
#include <optional>

namespace server::sync {

/// On whose behalf a job runs; decides authorship and activity lines.
struct Actor {
    enum class Kind { System, User, Contact };
    Kind kind = Kind::System;
    base::Uuid id;           ///< the user's or contact's uuid
    std::int64_t number = 0; ///< users.id or contacts.id
    bool administrator = false;
    std::optional<base::Uuid> device;
};

/// What a job of the account executor may do: read and write the account's rows, and say what changed. One
/// job is one savepoint: what it throws or refuses leaves no trace. Lives as long as the job.
class WriteContext {
public:
    virtual ~WriteContext() = default;
    virtual storage::Transaction &tx() = 0;
    [[nodiscard]] virtual AccountNumber account() const = 0;
    [[nodiscard]] virtual const Actor &actor() const = 0;
    /// The server's time of acceptance, one for the whole job.
    [[nodiscard]] virtual base::Timestamp now() const = 0;
    virtual base::Uuid newId() = 0;

    /// Puts a change into the journal, in this transaction. Every change of a synced table must be recorded
    /// (I5).
    virtual void record(Change change) = 0;
    void record(protocol::EntityType type, const base::Uuid &id, const std::string &scope,
                const std::optional<base::Uuid> &parent = std::nullopt)
    {
        record(Change{ChangeKind::Upsert, type, id, scope, parent});
    }
    /// Runs in this transaction once the job's changes have their numbers; `head` is the revision that
    /// contains them. May write rows of its own, records nothing. Dropped when the job is refused.
    virtual void beforeCommit(std::function<void(storage::Transaction &, std::int64_t head)> work) = 0;
    /// Runs after the commit, on the executor's thread: ephemeral news, waking of jobs. Not for anything that
    /// must not be lost. Dropped when the job is refused.
    virtual void afterCommit(std::function<void()> work) = 0;
};

} // namespace server::sync
