#include "server/features/inboxes/access_service.h"

#include "server/features/inboxes/inbox_service.h"

namespace server::inboxes {

base::Result<sync::Principal> AccessService::authenticate(storage::Transaction &tx,
                                                          std::string_view accessToken)
{
    return m_devices.authenticate(tx, accessToken);
}

std::vector<std::string> AccessService::scopes(storage::Transaction &tx, const sync::Principal &principal)
{
    return scopesOf(tx, principal.account, principal.actor.number);
}

std::vector<std::string> AccessService::scopesOf(storage::Transaction &tx, sync::AccountNumber account,
                                                 std::int64_t userNumber)
{
    const auto actor = accounts::AccountService::actor(tx, account, userNumber);
    if (!actor)
        return {};
    std::vector<std::string> scopes{sync::scope::account, sync::scope::user(actor->id),
                                    sync::scope::contacts};
    for (const auto &row : InboxService::visible(tx, account, *actor))
        scopes.push_back(sync::scope::inbox(row.inbox.id.value));
    return scopes;
}

} // namespace server::inboxes
