#include "server/features/webwidget/visitor_draft.h"

#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

namespace server::webwidget {

using base::ErrorCode;

std::variant<VisitorDraft, std::string_view> readDraft(const base::Json &frame, std::size_t maxBody)
{
    VisitorDraft draft;
    const auto mid = base::uuidField(frame, "mid");
    if (!mid || mid->isNull())
        return "invalid";
    draft.mid = *mid;
    draft.body = base::textField(frame, "body").value_or("");
    draft.conversation = base::uuidField(frame, "conv");
    draft.fresh = base::flagField(frame, "fresh").value_or(false);
    draft.replyTo = base::uuidField(frame, "reply_to");
    draft.start = base::toText(base::member(frame, "start"));
    const auto &uploads = base::member(frame, "up");
    if (!uploads.is_null() && (!uploads.is_array() || uploads.size() > protocol::maxAttachments))
        return "invalid";
    for (const auto &item : uploads) {
        const auto id =
            item.is_string() ? base::Uuid::parse(item.get_ref<const std::string &>()) : std::nullopt;
        if (!id)
            return "invalid";
        draft.uploads.push_back({*id});
    }
    if (base::length(draft.body) > maxBody)
        return "too_long";
    if (draft.uploads.empty() && base::trimmed(base::cleaned(draft.body)).empty())
        return "empty";
    return draft;
}

std::string_view refusalCode(ErrorCode code)
{
    if (code == ErrorCode::TooLarge)
        return "too_long";
    if (code == ErrorCode::UploadMissing)
        return "upload_missing";
    if (code == ErrorCode::Forbidden)
        return "blocked";
    const bool passes =
        code == ErrorCode::Busy || code == ErrorCode::Storage || code == ErrorCode::RateLimited;
    return passes ? "rate" : "invalid";
}

} // namespace server::webwidget
