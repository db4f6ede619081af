#include "server/sync/session_core.h"

#include "server/sync/core_tasks.h"
#include "server/sync/session_ephemera.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_frames.h"
#include "server/sync/session_gate.h"
#include "server/sync/session_mutations.h"
#include "server/sync/session_table.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"

#include <set>

namespace server::sync {

namespace {

using base::Json;
using protocol::CloseCode;

// What of a commit concerns sessions, copied off the executor's thread.
struct News {
    AccountNumber account = 0;
    std::int64_t head = 0;
    std::set<base::Uuid> people; ///< users and devices whose rights may have changed
};

News newsOf(const Committed &committed)
{
    News news{committed.account, committed.head, {}};
    for (const auto &change : committed.changes)
        if (change.type == protocol::EntityType::Access || change.type == protocol::EntityType::User ||
            change.type == protocol::EntityType::Device)
            news.people.insert(change.id);
    return news;
}

} // namespace

class SessionCore::Impl {
public:
    Impl(SessionParts parts, SessionSettings settings);

    void opened(SessionId id);
    void received(SessionId id, std::string_view text);
    void malformed(SessionId id, const std::string &why);
    void closed(SessionId id);
    void drain(base::Duration window);
    [[nodiscard]] std::size_t connections() const { return m_table.size(); }

private:
    void listen();
    void dispatch(Session &session, const std::string &kind, const Json &frame);
    void dispatchLive(Session &session, const std::string &kind, const Json &frame);
    void resetMe(Session &session, const Json &frame);
    void committed(const News &news);

    SessionParts m_parts;
    SessionSettings m_settings;
    CoreTasks m_tasks;
    SessionFeed m_feed;
    SessionTable m_table;
    SessionEphemera m_ephemera;
    SessionMutations m_mutations;
    SessionGate m_gate;
    bool m_draining = false;
};

SessionCore::Impl::Impl(SessionParts parts, SessionSettings settings)
    : m_parts{std::move(parts)}
    , m_settings{settings}
    , m_tasks{m_parts.scheduler}
    , m_feed{m_parts, m_settings, m_tasks,
             [this](Session &session, CloseCode code, const std::string &reason) {
                 m_table.close(session, code, reason);
             }}
    , m_table{m_parts, m_settings, m_feed}
    , m_ephemera{m_parts, m_feed}
    , m_mutations{m_parts, m_tasks, m_table, m_feed}
    , m_gate{m_parts, m_settings, m_tasks, m_table, m_feed, m_ephemera}
{
    listen();
}

// The listeners live as long as the executor and Ephemera; the core may be gone before.
void SessionCore::Impl::listen()
{
    m_parts.executor.onCommit([this, post = m_tasks.poster()](const Committed &committed) {
        post([this, news = newsOf(committed)] { this->committed(news); });
    });
    m_parts.ephemera.listen([this, post = m_tasks.poster()](const EphemeralEvent &event) {
        post([this, event] { m_ephemera.deliver(event); });
    });
}

void SessionCore::Impl::opened(SessionId id)
{
    if (m_draining)
        m_parts.sink.close(id, CloseCode::Drain, "drain");
    else
        m_gate.opened(id);
}

void SessionCore::Impl::closed(SessionId id)
{
    if (auto *session = m_table.find(id))
        m_table.forget(*session);
}

void SessionCore::Impl::drain(base::Duration window)
{
    const bool first = !std::exchange(m_draining, true);
    const auto spread = m_table.spreadMs();
    for (const auto id : m_table.all()) {
        auto &session = *m_table.find(id);
        const auto most = static_cast<std::uint64_t>(session.live ? window.count() : 0);
        const base::Duration moment{static_cast<std::int64_t>(m_parts.random.below(most + 1))};
        if (session.live && first)
            m_parts.sink.send(session.id, frames::bye("drain", moment, spread), session.codec);
        if (moment.count() == 0)
            m_table.close(session, CloseCode::Drain, "drain");
        else
            m_tasks.after(moment, [this, id] {
                if (auto *still = m_table.find(id))
                    m_table.close(*still, CloseCode::Drain, "drain");
            });
    }
}

void SessionCore::Impl::received(SessionId id, std::string_view text)
{
    auto *session = m_table.find(id);
    if (!session)
        return;
    const auto frame = base::parseJson(text, {protocol::maxClientFrameBytes, 32});
    const auto kind = frame ? base::textField(*frame, "k") : std::nullopt;
    if (!kind) {
        m_table.refuseFrame(*session, frame ? "no kind" : frame.error().detail);
        return;
    }
    try {
        dispatch(*session, *kind, *frame);
    } catch (const std::exception &error) {
        m_parts.log.error("sync_frame_failed", {{"session", id}, {"kind", *kind}, {"reason", error.what()}});
        if (auto *still = m_table.find(id))
            m_table.close(*still, CloseCode::GoingAway, "internal");
    }
}

void SessionCore::Impl::malformed(SessionId id, const std::string &why)
{
    if (auto *session = m_table.find(id))
        m_table.refuseFrame(*session, why);
}

void SessionCore::Impl::dispatch(Session &session, const std::string &kind, const Json &frame)
{
    const bool isHello = kind == "hello";
    if (session.live && isHello)
        m_table.refuseFrame(session, "hello twice");
    else if (session.live)
        dispatchLive(session, kind, frame);
    else if (isHello)
        m_gate.hello(session, frame);
    else
        m_table.close(session, CloseCode::HelloExpected, "hello first");
}

// Unknown kinds are from newer clients and mean nothing here.
void SessionCore::Impl::dispatchLive(Session &session, const std::string &kind, const Json &frame)
{
    if (kind == "a") {
        if (const auto q = base::integerField(frame, "q"))
            m_feed.acknowledged(session, *q);
    } else if (kind == "mut") {
        m_mutations.mutate(session, frame);
    } else if (kind == "e") {
        m_ephemera.publish(session, frame);
    } else if (kind == "focus") {
        session.focus = frames::readFocus(frame);
    } else if (kind == "ping") {
        m_parts.sink.send(session.id, frames::pong(base::member(frame, "x")), session.codec);
    } else if (kind == "auth") {
        m_gate.auth(session, frame);
    } else if (kind == "reset_me") {
        resetMe(session, frame);
    } else if (kind == "bye") {
        m_table.close(session, CloseCode::Normal, "bye");
    }
}

void SessionCore::Impl::resetMe(Session &session, const Json &frame)
{
    m_parts.log.warning("sync_reset_asked",
                        {{"session", session.id},
                         {"account", session.principal.account},
                         {"why", base::textField(frame, "why").value_or("").substr(0, 100)}});
    Head head;
    m_parts.database.read([&](storage::Transaction &tx) { head = readHead(tx, session.principal.account); });
    m_feed.sendReset(session, head, ResetReason::Asked);
}

void SessionCore::Impl::committed(const News &news)
{
    const auto *sessions = m_feed.sessions(news.account);
    if (!sessions)
        return;
    if (!news.people.empty())
        for (const auto &[id, session] : *sessions) {
            const auto &actor = session->principal.actor;
            session->checkToken = session->checkToken || news.people.contains(actor.id) ||
                                  (actor.device && news.people.contains(*actor.device));
        }
    m_feed.committed(news.account, news.head);
}

SessionCore::SessionCore(SessionParts parts, SessionSettings settings)
    : m_impl{std::make_unique<Impl>(std::move(parts), settings)}
{
}

SessionCore::~SessionCore() = default;

void SessionCore::opened(SessionId session)
{
    m_impl->opened(session);
}

void SessionCore::received(SessionId session, std::string_view frame)
{
    m_impl->received(session, frame);
}

void SessionCore::malformed(SessionId session, const std::string &why)
{
    m_impl->malformed(session, why);
}

void SessionCore::closed(SessionId session)
{
    m_impl->closed(session);
}

void SessionCore::drain(base::Duration window)
{
    m_impl->drain(window);
}

std::size_t SessionCore::connections() const
{
    return m_impl->connections();
}

} // namespace server::sync
