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
                                std::int64_t sid, std::string_view token, const Keeping &keeping = {}) const;

    /// Every row of a scope whose id falls into this bucket of the digest, without messages and their states;
    /// `"cut":true` in it when they are too many for one frame.
    std::string bucket(storage::Transaction &tx, AccountNumber account, const std::string &scope,
                       std::uint8_t bucket) const;

    /// At most `limit` messages of a conversation below number `before` (0: the newest), for somebody with
    /// `scopes`. A limit of 0: as many as wanted() says.
    std::string window(storage::Transaction &tx, AccountNumber account,
                       const std::vector<std::string> &scopes, const base::Uuid &conversation,
                       std::int64_t before, std::size_t limit, const Keeping &keeping = {}) const;

    /// Fingerprints of what lives in a scope, in 256 buckets by the id's first random byte. `heads`: without
    /// messages and their states.
    static std::string digest(storage::Transaction &tx, AccountNumber account, const std::string &scope,
                              bool heads = false);

    /// What somebody holds of a conversation: every message from number `lowest` on.
    struct Held {
        base::Uuid conversation;
        std::int64_t lowest = 1;
    };
    /// Fingerprints of the messages and states that these ranges cover, one a conversation; an empty one for
    /// what does not live in the scope.
    std::string windowDigests(storage::Transaction &tx, AccountNumber account, const std::string &scope,
                              const std::vector<Held> &held) const;

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
                          const Keeping &keeping, Place &place, std::string &rows) const;
    std::string conversationRows(storage::Transaction &tx, AccountNumber account, const base::Uuid &id,
                                 const Keeping &keeping) const;
    Cut windowRows(storage::Transaction &tx, AccountNumber account, const base::Uuid &conversation,
                   std::int64_t before, std::size_t limit) const;

    const EntityRegistry &m_registry;
};

/// "<conversation>.<lowest>", separated by commas, at most protocol::maxWindowsAsked; nothing for anything
/// else.
std::optional<std::vector<BulkReader::Held>> heldFromText(std::string_view text);

} // namespace server::sync
