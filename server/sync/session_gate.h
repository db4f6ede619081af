#pragma once

#include "server/sync/core_tasks.h"
#include "server/sync/session_ephemera.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_frames.h"
#include "server/sync/session_parts.h"
#include "server/sync/session_table.h"

#include <optional>
#include <string>

namespace server::sync {

/// Lets sessions in by their hello and out when their token ends. Part of SessionCore.
class SessionGate {
public:
    SessionGate(const SessionParts &parts, const SessionSettings &settings, const CoreTasks &tasks,
                SessionTable &table, SessionFeed &feed, SessionEphemera &ephemera);

    /// A new connection: it must say hello in time.
    void opened(SessionId id);
    /// These may end the session.
    void hello(Session &session, const base::Json &frame);
    void auth(Session &session, const base::Json &frame);

private:
    struct Goodbye;

    std::optional<Goodbye> greet(storage::Transaction &tx, Session &session, const frames::Hello &hello);
    void sendWelcome(storage::Transaction &tx, Session &session, const frames::Hello &hello, const Page &now,
                     const std::vector<std::string> &scopes);
    void settle(Session &session);
    void watchToken(Session &session);
    void beginEpochOnce(AccountNumber account);

    const SessionParts &m_parts;
    const SessionSettings &m_settings;
    const CoreTasks &m_tasks;
    SessionTable &m_table;
    SessionFeed &m_feed;
    SessionEphemera &m_ephemera;
    std::optional<base::Duration> m_epochAt;
};

} // namespace server::sync
