#include "server/features/contacts/contacts_module.h"

#include "server/features/contacts/contact_store.h"
#include "shared/base/json.h"
#include "shared/protocol/rows.h"

namespace server::contacts {

std::vector<storage::Migration> migrations()
{
    return ContactStore::migrations();
}

void registerRows(sync::EntityRegistry &registry)
{
    registry.add(protocol::EntityType::Contact,
                 [](storage::Transaction &tx, sync::AccountNumber account,
                    const base::Uuid &id) -> std::optional<base::Json> {
                     const auto row = ContactStore{tx}.find(account, id);
                     if (!row)
                         return std::nullopt;
                     return protocol::toRow(row->contact);
                 });
}

} // namespace server::contacts
