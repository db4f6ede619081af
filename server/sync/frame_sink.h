#pragma once

#include "shared/protocol/close_code.h"
#include "shared/protocol/container.h"

#include <cstdint>
#include <string>

namespace server::sync {

/// Names one connection for the life of the process; never reused.
using SessionId = std::uint64_t;

/// Where a session's frames go: sockets in the server, links in the simulator. Called on the core's
/// scheduler.
class FrameSink {
public:
    virtual ~FrameSink() = default;
    /// One frame as JSON text, to be packed with the codec the client chose.
    virtual void send(SessionId session, const std::string &frame, protocol::Codec codec) = 0;
    /// Sends what is queued, then closes. The core has forgotten the session already.
    virtual void close(SessionId session, protocol::CloseCode code, const std::string &reason) = 0;
};

} // namespace server::sync
