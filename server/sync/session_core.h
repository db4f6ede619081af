#pragma once

#include "server/sync/session_parts.h"

#include <memory>
#include <string>
#include <string_view>

namespace server::sync {

/// All agents' sessions of a node (sync-protocol 6, 7, 13, 15): a state machine without threads, clocks or
/// chance of its own. Every call but the constructor's comes from the scheduler; what the executor and
/// Ephemera tell is posted to it. It goes between two pieces of work or after the scheduler stopped.
class SessionCore {
public:
    explicit SessionCore(SessionParts parts, SessionSettings settings = {});
    ~SessionCore();

    /// A connection is there; it must say hello in time.
    void opened(SessionId session);
    /// One frame, unpacked.
    void received(SessionId session, std::string_view frame);
    /// A message that could not even be unpacked: ends the session.
    void malformed(SessionId session, const std::string &why);
    /// The connection is gone; nothing is sent to it any more.
    void closed(SessionId session);
    /// The node stops: everybody is told so, with a moment of their own within `window`, at which they are
    /// sent away; new ones are turned away at once. Called again with zero, the rest go at once.
    void drain(base::Duration window);

    [[nodiscard]] std::size_t connections() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace server::sync
