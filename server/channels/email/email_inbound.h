#pragma once

#include "server/channels/email/email_mail.h"

#include <string_view>

namespace server::channels::email {

/// What the reader must know beside the bytes.
struct Reading {
    std::vector<std::string> ownAddresses; ///< of our own inboxes: mail from them would go round in a circle
    Limits limits;
};

/// Reads one mail (RFC 5322, 2045–2049, 2047, 2231, 3676, 2387, 3464, 3834; TNEF). Pure and total: any bytes
/// give a mail, what cannot be read is named in its defects.
Mail readMail(std::string_view bytes, const Reading &reading = {});

} // namespace server::channels::email
