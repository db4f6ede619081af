#include "server/sync/change.h"

namespace server::sync::scope {

std::string user(const base::Uuid &user)
{
    return "u:" + user.text();
}

std::string inbox(const base::Uuid &inbox)
{
    return "i:" + inbox.text();
}

} // namespace server::sync::scope
