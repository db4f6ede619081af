#include "server/sync/session.h"

namespace server::sync {

protocol::CloseCode closeCodeOf(base::ErrorCode refusal)
{
    switch (refusal) {
    case base::ErrorCode::DeviceRevoked:
        return protocol::CloseCode::DeviceRevoked;
    case base::ErrorCode::UserDisabled:
        return protocol::CloseCode::UserDisabled;
    default:
        return protocol::CloseCode::AuthExpired;
    }
}

} // namespace server::sync
