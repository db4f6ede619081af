#pragma once

#include "server/sync/reset_watch.h"
#include "server/sync/session.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_parts.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace server::sync {

/// Which sessions there are, and how one ends. Part of SessionCore.
class SessionTable {
public:
    SessionTable(const SessionParts &parts, const SessionSettings &settings, SessionFeed &feed);

    Session &add(SessionId id);
    /// Null when it has ended.
    [[nodiscard]] Session *find(SessionId id);
    [[nodiscard]] std::size_t size() const { return m_sessions.size(); }
    /// The session now speaks for its device; an older one of the same device is replaced.
    void own(Session &session);

    /// These three end the session; the reference is not valid afterwards.
    void close(Session &session, protocol::CloseCode code, const std::string &reason);
    void refuseFrame(Session &session, const std::string &why);
    void forget(Session &session);
    [[nodiscard]] std::vector<SessionId> all() const;

    /// Each client that is let in, and whether it must begin anew.
    void welcomed(bool wasReset) { m_resets.hello(wasReset); }
    /// How long clients that come back are asked to spread over, in milliseconds.
    [[nodiscard]] std::int64_t spreadMs() const;

    ~SessionTable();
    SessionTable(const SessionTable &) = delete;
    SessionTable &operator=(const SessionTable &) = delete;

private:
    void leaveSeat(const Session &session);

    const SessionParts &m_parts;
    const SessionSettings &m_settings;
    SessionFeed &m_feed;
    std::unordered_map<SessionId, std::unique_ptr<Session>> m_sessions;
    ResetWatch m_resets;
};

} // namespace server::sync
