#pragma once

#include "server/sync/session.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_parts.h"
#include "shared/base/json_fwd.h"

#include <optional>
#include <string>

namespace server::sync {

/// Carries ephemeral news (typing, presence, who looks at what) between sessions and Ephemera. Part of
/// SessionCore.
class SessionEphemera {
public:
    SessionEphemera(const SessionParts &parts, const SessionFeed &feed);

    /// What a session says: published when it may, else dropped.
    void publish(Session &session, const base::Json &frame);
    /// To the sessions that may and want to know.
    void deliver(const EphemeralEvent &event);
    /// The presence of everybody, once; deliver() goes on from there.
    void tellWhoIsOnline(Session &session);

private:
    bool spend(Session &session);
    std::optional<std::string> scopeOf(AccountNumber account, const base::Uuid &conversation);

    const SessionParts &m_parts;
    const SessionFeed &m_feed;
};

} // namespace server::sync
