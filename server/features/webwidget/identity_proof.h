#pragma once

#include "server/features/conversations/identity_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/crypto.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

namespace server::webwidget {

/// What a page says of its visitor in a session's `identity`, and whether the site proved it. Fails with
/// Unauthorized for a proof that is wrong, or missing where the inbox demands one.
base::Result<conversations::IdentityClaim> identityOf(const base::Json &identity,
                                                      const inboxes::InboxRow &inbox,
                                                      const inboxes::InboxService &inboxes,
                                                      const ports::Crypto &crypto, base::Timestamp now);

/// The same without an identity: what a visitor tells of themselves. Texts that cannot be are left out.
conversations::IdentityClaim descriptionOf(const base::Json &body);

} // namespace server::webwidget
