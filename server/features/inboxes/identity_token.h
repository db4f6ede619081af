#pragma once

#include "server/ports/crypto.h"
#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <string_view>

namespace server::inboxes {

/// The claims of a JWT (RFC 7519) that a site signed with HS256 for a visitor. Fails with Unauthorized for
/// another algorithm, a wrong signature, a time that has passed or is more than an hour ahead, and without
/// `sub`.
base::Result<base::Json> identityClaims(const ports::Crypto &crypto, std::string_view secret,
                                        std::string_view token, base::Timestamp now);

} // namespace server::inboxes
