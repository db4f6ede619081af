#pragma once

#include "shared/base/uuid.h"
#include "shared/protocol/entity_type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::sync {

/// The account's number (accounts.id), the form in which the server's tables name it.
using AccountNumber = std::int64_t;

/// Visibility of a row, as text: "a" (account-wide), "c" (contacts), "u:<user uuid>", "i:<inbox uuid>".
namespace scope {
inline const std::string account = "a";
inline const std::string contacts = "c";
std::string user(const base::Uuid &user);
std::string inbox(const base::Uuid &inbox);
} // namespace scope

enum class ChangeKind { Upsert, Delete, Leave };

/// One journal entry to be: "this entity changed, within this scope". The row itself is read when it is sent.
struct Change {
    ChangeKind kind = ChangeKind::Upsert;
    protocol::EntityType type = protocol::EntityType::Account;
    base::Uuid id;
    std::string scope;
    std::optional<base::Uuid> parent; ///< conversation of a message, message state or read state

    bool operator==(const Change &) const = default;
};

/// What a commit changed, told to listeners after it is durable.
struct Committed {
    AccountNumber account = 0;
    std::int64_t head = 0;
    std::vector<Change> changes;
};

} // namespace server::sync
