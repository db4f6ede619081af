#include "client/features/canned_responses/logic/canned_response_overlay.h"

#include "shared/base/json.h"
#include "shared/protocol/canned_responses/canned_messages.h"
#include "shared/protocol/setting_rows.h"

namespace client::canned_responses {

namespace {

using storage::EntityKey;
using sync::OverlayContext;
using sync::OverlayView;

std::vector<EntityKey> targets(const storage::Intent &intent)
{
    const auto args = base::parseJson(intent.args);
    const auto id = args ? base::uuidField(*args, "id") : std::nullopt;
    return id ? std::vector{EntityKey{protocol::EntityType::CannedResponse, *id}} : std::vector<EntityKey>{};
}

base::Status save(OverlayView &view, const OverlayContext &, const base::Json &args)
{
    const auto message = protocol::saveCannedFromJson(args);
    if (!message)
        return message.error();
    auto response = message->response;
    const EntityKey key{protocol::EntityType::CannedResponse, response.id.value};
    if (const auto *row = view.row(key))
        if (const auto json = base::parseJson(row->json))
            response.number = base::integerField(*json, "num").value_or(0);
    view.put(key, protocol::toRow(response), "a", std::nullopt);
    return base::Done{};
}

base::Status remove(OverlayView &view, const OverlayContext &, const base::Json &args)
{
    const auto message = protocol::deleteCannedFromJson(args);
    if (!message)
        return message.error();
    view.remove({protocol::EntityType::CannedResponse, message->id.value});
    return base::Done{};
}

} // namespace

void registerCannedResponseOverlays(sync::OverlayRegistry &registry)
{
    registry.add(protocol::SaveCannedResponse::name, {targets, save});
    registry.add(protocol::DeleteCannedResponse::name, {targets, remove});
}

} // namespace client::canned_responses
