#pragma once

#include "server/features/client_api/cable_parts.h"

#include <memory>
#include <string>
#include <string_view>

namespace server::client_api {

/// Realtime for the programs of contacts, in the sub-protocol `actioncable-v1-json` (docs/protocol.md B.10):
/// a state machine without threads of its own. Every call but the constructor's comes from the scheduler;
/// what the executor and Ephemera tell is posted to it. It goes between two pieces of work or after the
/// scheduler stopped.
class CableCore {
public:
    explicit CableCore(CableParts parts, CableSettings settings = {});
    ~CableCore();

    /// A connection is there, by which the program reaches us under `origin`.
    void opened(ports::SocketId socket, const std::string &origin);
    /// One text message.
    void received(ports::SocketId socket, std::string_view text);
    /// A message the protocol has no place for (binary): ends the connection.
    void malformed(ports::SocketId socket);
    /// The connection is gone; nothing is sent to it any more.
    void closed(ports::SocketId socket);
    /// The node stops: everybody is told to come back and sent away, each at a moment of their own within
    /// `window`; new ones at once. Called again with zero, the rest go at once.
    void drain(base::Duration window);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace server::client_api
