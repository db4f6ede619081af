#pragma once

#include <string_view>

namespace base {

/// Why something was refused. Closed and append-only: the texts are wire names, never renamed and never
/// reused.
enum class ErrorCode {
    Invalid,            ///< the input is malformed or out of range; repeating it cannot help
    Unauthorized,       ///< nobody is signed in, or the token is wrong or expired
    Forbidden,          ///< signed in, but not allowed
    NotFound,           ///< no such record, for this caller
    NotVisible,         ///< the record exists, but outside the caller's scopes
    Conflict,           ///< the record changed in a way that contradicts the request
    Gone,               ///< the record was deleted
    TooLarge,           ///< over a stated limit
    RateLimited,        ///< too often; try again later
    Busy,               ///< try again soon
    Unavailable,        ///< a part outside this process does not answer
    Internal,           ///< our mistake
    NewCustomerMessage, ///< not resolved: the customer wrote after what the agent saw
    AssigneeChanged,    ///< somebody else was assigned meanwhile
    Dependency,         ///< the mutation it builds on was refused or held
    OutOfOrder,         ///< an earlier mutation of the lane is missing; no verdict
    UploadMissing,      ///< an attachment it names has not arrived; no verdict
    NumberConflict,     ///< this device number was used for another mutation: a cloned device
    DeviceRevoked,      ///< the device may no longer talk to the server
    Storage,            ///< the local disk or database failed
    Network,            ///< no connection
    Protocol,           ///< the peer broke the protocol
    AlreadyExists,      ///< a record with that natural key exists
    UserDisabled,       ///< the user was deactivated
    Unsupported,        ///< this version does not know how
    ReplyCollision,     ///< held back: another agent answered after what the author saw
    StaleReply,         ///< held back: the customer wrote again and the reply had waited too long
    ChannelWindow,      ///< the channel takes no free text any more: its reply window has closed
};

/// The wire name: "new_customer_message".
std::string_view toText(ErrorCode code);
/// The code of a wire name; Internal for an unknown one.
ErrorCode errorCodeFromText(std::string_view text);
/// Whether the same request may succeed later without change.
bool isRetryable(ErrorCode code);

} // namespace base
