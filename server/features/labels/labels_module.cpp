#include "server/features/labels/labels_module.h"

#include "server/features/labels/label_store.h"
#include "shared/base/json.h"
#include "shared/protocol/setting_rows.h"

namespace server::labels {

std::vector<storage::Migration> migrations()
{
    return LabelStore::migrations();
}

void registerRows(sync::EntityRegistry &registry)
{
    registry.add(protocol::EntityType::Label,
                 [](storage::Transaction &tx, sync::AccountNumber account,
                    const base::Uuid &id) -> std::optional<base::Json> {
                     const auto row = LabelStore{tx}.find(account, id);
                     return row ? std::optional{protocol::toRow(row->label)} : std::nullopt;
                 });
}

} // namespace server::labels
