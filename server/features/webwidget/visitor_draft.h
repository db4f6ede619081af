#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/base/uuid.h"
#include "shared/domain/ids.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace server::webwidget {

/// What a `send` frame asks for.
struct VisitorDraft {
    base::Uuid mid;
    std::string body;
    std::vector<domain::AttachmentId> uploads;
    std::optional<base::Uuid> conversation; ///< which of theirs
    bool fresh = false;                     ///< begins a new one
    std::optional<base::Uuid> replyTo;
    std::string start; ///< JSON: what the message brings when it begins a conversation
};

/// The draft, or the code of `no`. `maxBody` in code points.
std::variant<VisitorDraft, std::string_view> readDraft(const base::Json &frame, std::size_t maxBody);

/// The code of `no` for a draft that the service refused.
std::string_view refusalCode(base::ErrorCode code);

} // namespace server::webwidget
