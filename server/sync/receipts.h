#pragma once

#include "server/storage/transaction.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"
#include "shared/protocol/mutation.h"

#include <optional>
#include <vector>

namespace server::sync {

/// The verdicts given so far (sync-protocol 9.2). Lives as long as its transaction.
class Receipts {
public:
    Receipts(storage::Transaction &tx, AccountNumber account) : m_tx{tx}, m_account{account} {}

    struct Stored {
        protocol::Receipt receipt;
        base::Uuid mid;
        base::Uuid user;
        std::string hash;
    };

    std::optional<Stored> find(const base::Uuid &device, std::int64_t n);
    /// The same mutation under another number: a device that signed in anew.
    std::optional<Stored> findByMid(const base::Uuid &user, const base::Uuid &mid);
    void store(const base::Uuid &device, const base::Uuid &user, const protocol::Mutation &mutation,
               const protocol::Receipt &receipt, base::Timestamp at);
    void setSeq(const base::Uuid &device, std::int64_t n, std::int64_t seq);
    /// Counts one more failure of our own; how many there were.
    std::int64_t countFailure(const base::Uuid &device, std::int64_t n);

    /// What the receipt remembers of a mutation's bytes.
    static std::string hash(const protocol::Mutation &mutation);

private:
    storage::Transaction &m_tx;
    AccountNumber m_account;
};

} // namespace server::sync
