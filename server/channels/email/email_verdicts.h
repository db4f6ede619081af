#pragma once

#include "server/channels/email/email_headers.h"
#include "server/channels/email/email_parts.h"

namespace server::channels::email {

/// Whether the mail says that another mail was not delivered: a delivery status notification (RFC 3464) with
/// an action "failed", or one of the free forms of those who do not write such. A notification of a delay is
/// no bounce; its recipients are told all the same.
Bounce bounceOf(const Headers &headers, const Mail &mail, const Parts &parts, const Limits &limits);

/// Whether a machine wrote it as an answer (RFC 3834 and what programs did before it).
Verdict autoReplyOf(const Headers &headers, const Mail &mail, const Parts &parts);

/// Whether it went to many: lists and newsletters (RFC 2919, 2369).
Verdict bulkOf(const Headers &headers);

/// Whether it went through us before.
Verdict loopOf(const Headers &headers, const Mail &mail, const std::vector<std::string> &ownAddresses);

} // namespace server::channels::email
