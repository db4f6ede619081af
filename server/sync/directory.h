#pragma once

#include "server/storage/database.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace server::sync {

/// Who is on the other end of a sync session.
struct Principal {
    AccountNumber account = 0;
    Actor actor;                 ///< kind User, with device
    base::Timestamp expiresAt{}; ///< of the access token
};

/// Who may connect and what they see. Implemented by the accounts and inboxes features; a port so that sync
/// knows no table.
class Directory {
public:
    virtual ~Directory() = default;
    /// Checks an access token of a device. Fails with Unauthorized, DeviceRevoked or UserDisabled.
    virtual base::Result<Principal> authenticate(storage::Transaction &tx, std::string_view accessToken) = 0;
    /// The scopes of a user now, in a fixed order: "a", "u:…", "c", then inboxes. A function of database
    /// state only.
    virtual std::vector<std::string> scopes(storage::Transaction &tx, const Principal &principal) = 0;
};

/// Directory::authenticate() in a transaction of its own.
base::Result<Principal> authenticated(storage::Database &database, Directory &directory,
                                      std::string_view accessToken);

} // namespace server::sync
