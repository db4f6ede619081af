#include "server/features/accounts/accounts_module.h"

#include "shared/base/json.h"
#include "shared/protocol/rows.h"

namespace server::accounts {

std::vector<storage::Migration> migrations()
{
    auto all = UserStore::migrations();
    for (auto &migration : DeviceStore::migrations())
        all.push_back(std::move(migration));
    return all;
}

void registerRows(sync::EntityRegistry &registry)
{
    using Json = std::optional<base::Json>;
    registry.add(protocol::EntityType::Account,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto row = UserStore{tx}.account(account);
                     if (!row || row->account.id.value != id)
                         return std::nullopt;
                     return protocol::toRow(row->account);
                 });
    registry.add(protocol::EntityType::User,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     auto row = UserStore{tx}.member(account, id);
                     if (!row)
                         return std::nullopt;
                     if (!row->displayName.empty())
                         row->user.name = row->displayName;
                     return protocol::toRow(row->user);
                 });
    registry.add(protocol::EntityType::Device,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto row = DeviceStore{tx}.find(id);
                     if (!row || row->account != account || row->revokedAt)
                         return std::nullopt;
                     return protocol::toRow(row->device);
                 });
}

void connect(AccountService &accounts, DeviceService &devices)
{
    accounts.onRemoved(
        [&devices](sync::WriteContext &ctx, const MemberRow &member) { devices.revokeAll(ctx, member); });
}

} // namespace server::accounts
