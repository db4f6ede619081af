#pragma once

#include "server/sync/entity_registry.h"
#include "server/sync/row_text.h"
#include "shared/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace server::sync {

/// The bulk side of reading (sync-protocol 6.4 to 6.6): bundles of a snapshot, windows of conversations,
/// digests. Each call is one frame as JSON text, from one snapshot. Who may ask is checked by the caller in
/// the same snapshot. Any thread.
class BulkReader {
public:
    explicit BulkReader(const EntityRegistry &registry) : m_registry{registry} {}

    struct Bundle {
        std::string frame;
        std::string token; ///< continue here
        bool last = false;
    };

    /// The bundle after the place `token` names; empty: the first. Fails with Invalid for a token of another
    /// making.
    base::Result<Bundle> bundle(storage::Transaction &tx, AccountNumber account, const std::string &scope,
                                std::int64_t sid, std::string_view token) const;

    /// At most `limit` messages of a conversation below number `before` (0: the newest), for somebody with
    /// `scopes`.
    std::string window(storage::Transaction &tx, AccountNumber account,
                       const std::vector<std::string> &scopes, const base::Uuid &conversation,
                       std::int64_t before, std::size_t limit) const;

    /// Fingerprints of what lives in a scope, in 256 buckets by the id's first random byte.
    static std::string digest(storage::Transaction &tx, AccountNumber account, const std::string &scope);

private:
    struct Place;
    struct Cut {
        std::string rows; ///< JSON objects, each with a comma in front
        std::int64_t lowest = 1;
        std::int64_t highest = 0;
    };

    void addSmallRows(storage::Transaction &tx, AccountNumber account, const std::string &scope, Place &place,
                      std::string &rows) const;
    void addConversations(storage::Transaction &tx, AccountNumber account, const std::string &scope,
                          Place &place, std::string &rows) const;
    std::string conversationRows(storage::Transaction &tx, AccountNumber account, const base::Uuid &id) const;
    Cut windowRows(storage::Transaction &tx, AccountNumber account, const base::Uuid &conversation,
                   std::int64_t before, std::size_t limit) const;

    const EntityRegistry &m_registry;
};

} // namespace server::sync
