#pragma once

#include "server/features/contacts/contact_service.h"
#include "server/sync/write_context.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace server::conversations {

/// What a page says about its visitor.
struct IdentityClaim {
    contacts::ContactFields fields;      ///< with `identifier` when it is an identity
    std::string attributes = "{}";       ///< JSON object, merged into the additional attributes
    std::string customAttributes = "{}"; ///< JSON object, merged
    std::vector<std::string> forget;     ///< custom attributes to drop
    bool verified = false;               ///< the site proved the identifier
    bool proven = false;                 ///< and email and phone as well
};

/// Who visitors are (docs/protocol.md B.7). Runs inside executor jobs and records what it changes.
class IdentityService {
public:
    explicit IdentityService(contacts::ContactService &contacts) : m_contacts{contacts} {}

    /// A visitor is somebody: see B.7. The place in the answer may be of another visitor than the one who
    /// asked, when that one is somebody else already.
    base::Result<contacts::KnownContact> identify(sync::WriteContext &ctx, std::int64_t inbox,
                                                  const contacts::Visitor &visitor,
                                                  const IdentityClaim &claim);
    /// A visitor tells something about themselves. Fails with Invalid and the field.
    base::Result<contacts::ContactRow> describe(sync::WriteContext &ctx, const contacts::KnownContact &known,
                                                const IdentityClaim &claim);

private:
    base::Result<contacts::KnownContact> verified(sync::WriteContext &ctx, std::int64_t inbox,
                                                  const contacts::Visitor &visitor,
                                                  std::optional<contacts::KnownContact> own,
                                                  const IdentityClaim &claim);

    contacts::ContactService &m_contacts;
};

} // namespace server::conversations
