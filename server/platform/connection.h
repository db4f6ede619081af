#pragma once

#include "server/platform/descriptor.h"
#include "server/platform/outgoing.h"
#include "server/platform/request_head.h"
#include "server/platform/socket_io.h"
#include "server/ports/web_socket.h"

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace server::platform {

/// A connection that became a WebSocket, on its way from a worker to the hub.
struct Upgrade {
    ports::WebSocketEndpoint *endpoint = nullptr;
    ports::HttpRequest request;
};

/// One HTTP connection. Owned by the parking loop; lent to one worker at a time, which is the only one to
/// touch the upper half until it gives the connection back.
struct Connection {
    struct Deadline {
        SteadyTime at;
        Connection *connection;
    };
    using Deadlines = std::list<Deadline>;
    enum class State {
        Waiting,  ///< for a whole head
        Body,     ///< for a whole small body, or the first part of a large one
        Idle,     ///< between requests
        Busy,     ///< lent
        Sending,  ///< until the peer takes more of the answer
        Lingering ///< answered and shut: what still comes is thrown away, so that the answer is not lost to a
                  ///< reset
    };

    Descriptor socket;
    std::string address; ///< of the peer
    bool secure = false;
    std::optional<HeadSketch> sketch; ///< of the request that waits
    bool vetted = false; ///< a worker has seen the head of a large request and lets its body come
    std::unique_ptr<Outgoing> outgoing;
    std::unique_ptr<Upgrade> upgrade;

    // The loop's own.
    std::uint64_t tag = 0;
    State state = State::Waiting;
    bool peerDone = false; ///< the peer will send no more
    bool writable = false; ///< it became writable since it was lent
    std::size_t discarded = 0;
    Deadlines *deadlines = nullptr;
    Deadlines::iterator deadline;
};

} // namespace server::platform
