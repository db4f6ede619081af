#include "server/sync/directory.h"

namespace server::sync {

base::Result<Principal> authenticated(storage::Database &database, Directory &directory,
                                      std::string_view accessToken)
{
    base::Result<Principal> principal = base::Error{base::ErrorCode::Unauthorized, {}};
    database.read([&](storage::Transaction &tx) { principal = directory.authenticate(tx, accessToken); });
    return principal;
}

} // namespace server::sync
