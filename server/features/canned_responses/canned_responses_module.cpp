#include "server/features/canned_responses/canned_responses_module.h"

#include "server/features/canned_responses/canned_response_service.h"
#include "shared/base/json.h"
#include "shared/protocol/canned_responses/canned_messages.h"
#include "shared/protocol/setting_rows.h"

namespace server::canned_responses {

std::vector<storage::Migration> migrations()
{
    return CannedResponseStore::migrations();
}

void registerRows(sync::EntityRegistry &registry)
{
    registry.add(protocol::EntityType::CannedResponse,
                 [](storage::Transaction &tx, sync::AccountNumber account,
                    const base::Uuid &id) -> std::optional<base::Json> {
                     const auto row = CannedResponseStore{tx}.find(account, id);
                     return row ? std::optional{protocol::toRow(row->response)} : std::nullopt;
                 });
}

void registerMutations(sync::MutationRegistry &registry)
{
    registry.add(
        std::string{protocol::SaveCannedResponse::name},
        [](sync::WriteContext &ctx, const protocol::Mutation &, const base::Json &args) -> base::Status {
            const auto message = protocol::saveCannedFromJson(args);
            if (!message)
                return message.error();
            const auto row = CannedResponseService::save(ctx, message->response);
            return row ? base::Status{base::Done{}} : base::Status{row.error()};
        });
    registry.add(
        std::string{protocol::DeleteCannedResponse::name},
        [](sync::WriteContext &ctx, const protocol::Mutation &, const base::Json &args) -> base::Status {
            const auto message = protocol::deleteCannedFromJson(args);
            if (!message)
                return message.error();
            const auto removed = CannedResponseService::remove(ctx, message->id.value);
            // Somebody else was first: the wish is fulfilled.
            if (!removed && removed.error().code == base::ErrorCode::NotFound)
                return base::Done{};
            return removed;
        });
}

} // namespace server::canned_responses
