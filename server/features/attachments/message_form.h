#pragma once

#include "server/features/attachments/attachment_service.h"
#include "server/ports/http.h"
#include "server/ports/multipart.h"
#include "shared/base/json_fwd.h"

#include <functional>
#include <vector>

namespace server::attachments {

/// The fields of a message that came as JSON or as form data, and the files that came with it.
struct MessageForm {
    base::Json fields;
    std::vector<domain::AttachmentId> uploads;
};

/// Who sends files to where.
struct FormSender {
    sync::AccountNumber account = 0;
    sync::Actor actor;
    std::function<base::Uuid()> newId;
    bool takesFiles = true;
};

/// Most bytes of such a request, all files together.
inline constexpr std::int64_t maxFormBytes = 128LL << 20;

/// Reads a streamed request: `attachments[]` go to the disk as they arrive, looked at like every upload. A
/// body that is no JSON object fails with Protocol, a file that is not taken with Unsupported, one too many
/// with Invalid.
base::Result<MessageForm> readMessageForm(const ports::Multipart &multipart, AttachmentService &service,
                                          const FormSender &sender, ports::HttpRequest &request);
/// What the caller is told about why the form could not be read.
ports::HttpResponse formRefusal(const base::Error &error);

} // namespace server::attachments
