#pragma once

#include "server/channels/email/email_mail.h"
#include "shared/base/json_fwd.h"

namespace server::channels::email {

/// A mail as `deskbelld mail parse --json` prints it; the fields are described in docs/email.md. Without the
/// bytes of attachments.
base::Json toJson(const Mail &mail);

} // namespace server::channels::email
