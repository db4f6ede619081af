#pragma once

#include "server/features/canned_responses/canned_response_store.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

namespace server::canned_responses {

/// Texts that every agent of the account may use and change. Methods run inside executor jobs.
class CannedResponseService {
public:
    /// Makes the one with this id, or replaces it whole. Fails with Invalid and the field, AlreadyExists
    /// ("short_code") when another has the code, TooLarge when there are too many.
    static base::Result<CannedResponseRow> save(sync::WriteContext &ctx,
                                                const domain::CannedResponse &response);
    /// Fails with NotFound.
    static base::Status remove(sync::WriteContext &ctx, const base::Uuid &id);
};

} // namespace server::canned_responses
