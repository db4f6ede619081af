#include "shared/base/error_code.h"

#include <array>
#include <utility>

namespace base {

namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 28> names{{
    {ErrorCode::Invalid, "invalid"},
    {ErrorCode::Unauthorized, "unauthorized"},
    {ErrorCode::Forbidden, "forbidden"},
    {ErrorCode::NotFound, "not_found"},
    {ErrorCode::NotVisible, "not_visible"},
    {ErrorCode::Conflict, "conflict"},
    {ErrorCode::Gone, "gone"},
    {ErrorCode::TooLarge, "too_large"},
    {ErrorCode::RateLimited, "rate"},
    {ErrorCode::Busy, "busy"},
    {ErrorCode::Unavailable, "unavailable"},
    {ErrorCode::Internal, "internal"},
    {ErrorCode::NewCustomerMessage, "new_customer_message"},
    {ErrorCode::AssigneeChanged, "assignee_changed"},
    {ErrorCode::Dependency, "dependency"},
    {ErrorCode::OutOfOrder, "out_of_order"},
    {ErrorCode::UploadMissing, "upload_missing"},
    {ErrorCode::NumberConflict, "n_conflict"},
    {ErrorCode::DeviceRevoked, "device_revoked"},
    {ErrorCode::Storage, "storage"},
    {ErrorCode::Network, "network"},
    {ErrorCode::Protocol, "protocol"},
    {ErrorCode::AlreadyExists, "already_exists"},
    {ErrorCode::UserDisabled, "user_disabled"},
    {ErrorCode::Unsupported, "unsupported"},
    {ErrorCode::ReplyCollision, "reply_collision"},
    {ErrorCode::StaleReply, "stale_reply"},
    {ErrorCode::ChannelWindow, "channel_window"},
}};

} // namespace

std::string_view toText(ErrorCode code)
{
    for (const auto &[candidate, text] : names)
        if (candidate == code)
            return text;
    return "internal";
}

ErrorCode errorCodeFromText(std::string_view text)
{
    for (const auto &[code, candidate] : names)
        if (candidate == text)
            return code;
    return ErrorCode::Internal;
}

bool isRetryable(ErrorCode code)
{
    switch (code) {
    case ErrorCode::RateLimited:
    case ErrorCode::Busy:
    case ErrorCode::Unavailable:
    case ErrorCode::Internal:
    case ErrorCode::OutOfOrder:
    case ErrorCode::UploadMissing:
    case ErrorCode::Network:
    case ErrorCode::Storage:
        return true;
    case ErrorCode::Invalid:
    case ErrorCode::Unauthorized:
    case ErrorCode::Forbidden:
    case ErrorCode::NotFound:
    case ErrorCode::NotVisible:
    case ErrorCode::Conflict:
    case ErrorCode::Gone:
    case ErrorCode::TooLarge:
    case ErrorCode::NewCustomerMessage:
    case ErrorCode::AssigneeChanged:
    case ErrorCode::Dependency:
    case ErrorCode::NumberConflict:
    case ErrorCode::DeviceRevoked:
    case ErrorCode::Protocol:
    case ErrorCode::AlreadyExists:
    case ErrorCode::UserDisabled:
    case ErrorCode::Unsupported:
    case ErrorCode::ReplyCollision:
    case ErrorCode::StaleReply:
    case ErrorCode::ChannelWindow:
        return false;
    }
    return false;
}

} // namespace base
