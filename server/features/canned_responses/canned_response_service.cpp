#include "server/features/canned_responses/canned_response_service.h"

namespace server::canned_responses {

namespace {

constexpr std::int64_t maxResponses = 10'000; // of an account

} // namespace

base::Result<CannedResponseRow> CannedResponseService::save(sync::WriteContext &ctx,
                                                            const domain::CannedResponse &response)
{
    auto fine = domain::checked(response);
    if (!fine)
        return fine.error();
    CannedResponseStore store{ctx.tx()};
    const auto other = store.byShortCode(ctx.account(), fine->shortCode);
    if (other && other->response.id != fine->id)
        return base::Error{base::ErrorCode::AlreadyExists, "short_code"};
    const auto known = store.find(ctx.account(), fine->id.value);
    auto row = known.value_or(CannedResponseRow{{}, ctx.account(), ctx.now(), {}});
    fine->number = row.response.number;
    if (known && known->response == *fine)
        return row;
    row.response = *std::move(fine);
    row.updatedAt = ctx.now();
    if (known) {
        store.update(row);
    } else {
        if (store.count(ctx.account()) >= maxResponses)
            return base::Error{base::ErrorCode::TooLarge, "canned_responses"};
        row.response.number = store.insert(row);
    }
    ctx.record(protocol::EntityType::CannedResponse, row.response.id.value, sync::scope::account);
    return row;
}

base::Status CannedResponseService::remove(sync::WriteContext &ctx, const base::Uuid &id)
{
    CannedResponseStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), id);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "canned_response"};
    store.remove(row->response.number);
    ctx.record(sync::Change{sync::ChangeKind::Delete, protocol::EntityType::CannedResponse, id,
                            sync::scope::account, std::nullopt});
    return base::Done{};
}

} // namespace server::canned_responses
