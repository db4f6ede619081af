#pragma once

#include "shared/base/json_fwd.h"
#include "shared/domain/conversations/message.h"

namespace server::attachments {

/// A file as its uploader is told of it; agents' programs also get w, h and thumb.
base::Json describe(const domain::Attachment &file, bool forAgent);

} // namespace server::attachments
