#pragma once

#include "server/channels/email/email_gmime.h"

#include <vector>

namespace server::channels::email {

/// One piece of what the mail says; a piece with both is the same thing in two forms.
struct BodyPiece {
    std::string text;
    std::string html; ///< not cleaned
};

/// What a walk over the parts of a mail finds.
struct Parts {
    std::vector<BodyPiece> body;
    std::vector<Attachment> attachments;
    std::vector<std::string> deliveryReports; ///< message/delivery-status (RFC 3464)
    std::string reportType;                   ///< of multipart/report (RFC 6522), lower case
    std::string returnedHeaders;              ///< of the mail that a report is about
    std::vector<std::string> defects;
};

Parts partsOf(GMimeMessage &message, const Limits &limits);

} // namespace server::channels::email
