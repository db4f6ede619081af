#include "server/sync/session_table.h"

#include "server/sync/session_frames.h"

#include <algorithm>

namespace server::sync {

using protocol::CloseCode;

SessionTable::SessionTable(const SessionParts &parts, const SessionSettings &settings, SessionFeed &feed)
    : m_parts{parts}
    , m_settings{settings}
    , m_feed{feed}
    , m_resets{parts.clock}
{
}

Session &SessionTable::add(SessionId id)
{
    auto session = std::make_unique<Session>();
    session->id = id;
    return *m_sessions.insert_or_assign(id, std::move(session)).first->second;
}

Session *SessionTable::find(SessionId id)
{
    const auto found = m_sessions.find(id);
    return found == m_sessions.end() ? nullptr : found->second.get();
}

SessionTable::~SessionTable()
{
    for (const auto &[id, session] : m_sessions)
        leaveSeat(*session);
}

void SessionTable::own(Session &session)
{
    const auto &actor = session.principal.actor;
    m_parts.seats->take({session.principal.account, *actor.device}, actor.id, {this, session.id},
                        m_settings.devicesOnline, [this, id = session.id](DeviceSeats::Reason reason) {
                            const bool isReplaced = reason == DeviceSeats::Reason::Replaced;
                            if (auto *gives = find(id))
                                close(*gives, CloseCode::Replaced,
                                      isReplaced ? "replaced" : "too many devices");
                        });
}

void SessionTable::leaveSeat(const Session &session)
{
    const auto &device = session.principal.actor.device;
    if (session.live && device)
        m_parts.seats->leave({session.principal.account, *device}, {this, session.id});
}

void SessionTable::close(Session &session, CloseCode code, const std::string &reason)
{
    const auto id = session.id;
    m_parts.log.info("sync_session_closed", {{"session", id},
                                             {"account", session.principal.account},
                                             {"code", static_cast<int>(code)},
                                             {"reason", reason}});
    forget(session);
    m_parts.sink.close(id, code, reason);
}

void SessionTable::forget(Session &session)
{
    m_parts.scheduler.cancel(session.authTimer);
    m_parts.scheduler.cancel(session.ackTimer);
    if (session.live) {
        m_feed.remove(session);
        const auto &actor = session.principal.actor;
        leaveSeat(session);
        if (session.present)
            m_parts.ephemera.disconnected(session.principal.account, true, actor.id);
    }
    m_sessions.erase(session.id);
}

void SessionTable::refuseFrame(Session &session, const std::string &why)
{
    m_parts.sink.send(session.id, frames::error("bad_frame", why), session.codec);
    close(session, CloseCode::BadFrame, "bad frame");
}

std::vector<SessionId> SessionTable::all() const
{
    std::vector<SessionId> ids;
    for (const auto &[id, session] : m_sessions)
        ids.push_back(id);
    return ids;
}

std::int64_t SessionTable::spreadMs() const
{
    const auto connected = static_cast<std::int64_t>(m_sessions.size());
    return std::max<std::int64_t>(1000, connected * 1000 / m_settings.hellosPerSecond) * m_resets.factor();
}

} // namespace server::sync
