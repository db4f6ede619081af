#include "server/features/inboxes/inboxes_module.h"

#include "server/features/accounts/user_store.h"
#include "server/features/inboxes/access_service.h"
#include "server/features/inboxes/inbox_avatar.h"
#include "shared/base/json.h"
#include "shared/protocol/rows.h"

namespace server::inboxes {

std::vector<storage::Migration> migrations()
{
    auto all = InboxStore::migrations();
    for (auto &more : InboxAvatarStore::migrations())
        all.push_back(std::move(more));
    return all;
}

void registerRows(sync::EntityRegistry &registry)
{
    using Json = std::optional<base::Json>;
    registry.add(protocol::EntityType::Inbox,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const InboxStore store{tx};
                     auto row = store.find(account, id);
                     if (!row)
                         return std::nullopt;
                     row->inbox.members = store.memberIds(row->inbox.number);
                     return protocol::toRow(row->inbox);
                 });
    registry.add(protocol::EntityType::Access,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto member = accounts::UserStore{tx}.member(account, id);
                     if (!member)
                         return std::nullopt;
                     protocol::Access access;
                     access.user = member->user.id;
                     access.role = member->user.role;
                     access.scopes = AccessService::scopesOf(tx, account, member->user.number);
                     return protocol::toRow(access);
                 });
}

void connect(accounts::AccountService &accounts, InboxService &inboxes)
{
    accounts.onRemoved([&inboxes](sync::WriteContext &ctx, const accounts::MemberRow &member) {
        inboxes.removeEverywhere(ctx, member);
    });
}

} // namespace server::inboxes
