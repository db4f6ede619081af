#pragma once

#include "server/features/contacts/contact_service.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <cstdint>

namespace server::conversations {

/// Makes one contact of two. Runs inside executor jobs and records what it changes.
class ContactMerge {
public:
    /// `other` goes into `base`: its places in inboxes, conversations and words become `base`'s; what `base`
    /// does not know of itself it takes over. Fails with NotFound, Invalid (the same contact).
    static base::Result<contacts::ContactRow>
    merge(sync::WriteContext &ctx, contacts::ContactService &contacts, std::int64_t base, std::int64_t other);
};

} // namespace server::conversations
