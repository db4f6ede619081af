#pragma once

#include "server/storage/transaction.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace server::sync {

/// The number space of one account.
struct Head {
    std::int64_t epoch = 0; ///< incarnation of the numbers
    std::int64_t head = 0;  ///< newest committed number
    std::int64_t floor = 0; ///< traces of removal up to here are gone
};

Head readHead(storage::Transaction &tx, AccountNumber account);

/// Of every account that has a journal.
std::map<AccountNumber, std::int64_t> readHeads(storage::Transaction &tx);

/// A new incarnation of the numbers of all accounts, after they may have been rewound (restore from a
/// backup). Its name is of the time: a backup that is restored twice never gives the same name twice.
std::int64_t beginEpoch(storage::Transaction &tx, base::Timestamp now);

/// The current row of an entity in the journal.
struct JournalState {
    std::int64_t seq = 0;
    bool deleted = false;
    std::string scope;
    std::int64_t scopeVersion = 0; ///< number at which it last entered its scope
};

std::optional<JournalState> readState(storage::Transaction &tx, AccountNumber account,
                                      protocol::EntityType type, const base::Uuid &id);

/// Writes changes into the journal of sync-protocol 3: one row an entity, which moves to the newest number,
/// and one row for each scope an entity left. Used by the executor alone; lives as long as the writer, keeps
/// the ids of scopes.
class Journal {
public:
    /// Folds the changes of a batch and gives them numbers; the new head. Takes the number last.
    ///
    /// A conversation recorded in another scope than before takes its children along and leaves a trace in
    /// the old one. A deleted one takes its children with it.
    std::int64_t append(storage::Transaction &tx, AccountNumber account, const std::vector<Change> &changes,
                        base::Timestamp at);
    /// After a transaction was rolled back: what was remembered may not exist.
    void forget() { m_scopes.clear(); }

private:
    std::int64_t scopeId(storage::Transaction &tx, AccountNumber account, const std::string &key);

    std::map<std::pair<AccountNumber, std::string>, std::int64_t> m_scopes;
};

} // namespace server::sync
