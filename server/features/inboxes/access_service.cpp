#include "server/features/inboxes/access_service.h"

#include "server/features/inboxes/inbox_store.h"

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
    const InboxStore store{tx};
    for (const auto &id : actor->administrator ? store.allIds(account) : store.idsOfUser(account, userNumber))
        scopes.push_back(sync::scope::inbox(id));
    return scopes;
}

} // namespace server::inboxes
