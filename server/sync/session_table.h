#pragma once

#include "server/sync/session.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_parts.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

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
    /// Closes all; `farewell` sees each before.
    void closeAll(protocol::CloseCode code, const std::string &reason,
                  const std::function<void(Session &)> &farewell);

    /// How long clients that come back are asked to spread over.
    [[nodiscard]] std::int64_t spreadMs() const;

private:
    const SessionParts &m_parts;
    const SessionSettings &m_settings;
    SessionFeed &m_feed;
    std::unordered_map<SessionId, std::unique_ptr<Session>> m_sessions;
    std::map<std::pair<AccountNumber, base::Uuid>, SessionId> m_devices;
};

} // namespace server::sync
