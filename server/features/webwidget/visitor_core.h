#pragma once

#include "server/features/webwidget/visitor_parts.h"

#include <memory>
#include <string_view>

namespace server::webwidget {

/// All visitors' sessions of a node (docs/protocol.md B): a state machine without threads of its own. Every
/// call but the constructor's comes from the scheduler; what the executor and Ephemera tell is posted to it.
/// It goes between two pieces of work or after the scheduler stopped.
class VisitorCore {
public:
    explicit VisitorCore(VisitorParts parts, VisitorSettings settings = {});
    ~VisitorCore();

    /// A connection is there; it must say hello in time.
    void opened(ports::SocketId socket);
    /// One text message.
    void received(ports::SocketId socket, std::string_view frame);
    /// A message the protocol has no place for (binary): ends the session.
    void malformed(ports::SocketId socket);
    /// The connection is gone; nothing is sent to it any more.
    void closed(ports::SocketId socket);
    /// The node stops: everybody is sent away, each at a moment of their own within `window`; new ones at
    /// once. Called again with zero, the rest go at once.
    void drain(base::Duration window);

    [[nodiscard]] std::size_t connections() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace server::webwidget
