#pragma once

#include <cstdint>

namespace protocol {

/// WebSocket close codes (docs/protocol.md, "Close codes"). Append-only.
enum class CloseCode : std::uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    HelloExpected = 4000,
    AuthExpired = 4001,     ///< refresh the token, then reconnect
    DeviceRevoked = 4003,   ///< wipe
    UserDisabled = 4004,    ///< wipe everything
    SlowConsumer = 4008,    ///< reconnect; the cursor catches up
    Replaced = 4009,        ///< the same device connected elsewhere: stay closed
    UpgradeRequired = 4010, ///< this client is too old
    BadFrame = 4011,
    Limit = 4012,        ///< back off for a minute
    Drain = 4013,        ///< the node stops; spread the return
    EpochChanged = 4014, ///< hello at once
};

} // namespace protocol
