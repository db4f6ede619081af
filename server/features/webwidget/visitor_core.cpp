#include "server/features/webwidget/visitor_core.h"

#include "server/features/inboxes/inbox_store.h"
#include "server/features/inboxes/opening_hours.h"
#include "server/features/webwidget/visitor_news.h"
#include "server/features/webwidget/visitor_roster.h"
#include "server/features/webwidget/visitor_writes.h"
#include "server/features/webwidget/widget_config.h"
#include "server/sync/core_tasks.h"
#include "shared/base/json.h"
#include "shared/protocol/close_code.h"

#include <algorithm>
#include <map>
#include <utility>

namespace server::webwidget {

namespace {

using ports::SocketId;
using protocol::CloseCode;

constexpr std::size_t maxFrameBytes = 16 * 1024;

} // namespace

class VisitorCore::Impl {
public:
    Impl(VisitorParts parts, VisitorSettings settings);

    void opened(SocketId socket);
    void received(SocketId socket, std::string_view text);
    void closed(SocketId socket);
    void drain(base::Duration window);
    void fail(SocketId socket, CloseCode code, const char *reason);
    [[nodiscard]] std::size_t connections() const { return m_waiting.size() + m_roster.sockets(); }

private:
    void listen();
    void dispatch(SocketId socket, const std::string &kind, const base::Json &frame);
    void hello(SocketId socket, const base::Json &frame);
    void sendAway(SocketId socket);
    [[nodiscard]] std::int64_t spreadMs() const;
    void welcome(storage::Transaction &tx, SocketId socket, const Ticket &ticket,
                 const inboxes::InboxRow &inbox, const std::optional<VisitorCursor> &cursor);

    VisitorParts m_parts;
    VisitorSettings m_settings;
    sync::CoreTasks m_tasks;
    VisitorRoster m_roster;
    VisitorWrites m_writes;
    VisitorNews m_news;
    std::map<SocketId, base::TimerId> m_waiting; ///< not yet said hello
    bool m_draining = false;
    std::int64_t m_drainSpreadMs = 0; ///< counted while all were there
};

VisitorCore::Impl::Impl(VisitorParts parts, VisitorSettings settings)
    : m_parts{std::move(parts)}
    , m_settings{settings}
    , m_tasks{m_parts.scheduler}
    , m_writes{m_parts, m_settings, m_tasks, m_roster}
    , m_news{m_parts, m_roster}
{
    listen();
}

// The listeners live as long as the executor and Ephemera; the core may be gone before.
void VisitorCore::Impl::listen()
{
    m_parts.executor.onCommit([this, post = m_tasks.poster()](const sync::Committed &committed) {
        auto touched = touchedBy(committed);
        if (touched.empty())
            return;
        post([this, account = committed.account, head = committed.head, touched = std::move(touched)] {
            m_news.committed(account, head, touched);
        });
    });
    m_parts.ephemera.listen([this, post = m_tasks.poster()](const sync::EphemeralEvent &event) {
        if (!event.byUser || event.kind == sync::EphemeralEvent::Kind::Viewing)
            return;
        post([this, event] { m_news.ephemeral(event); });
    });
}

void VisitorCore::Impl::opened(SocketId socket)
{
    if (m_draining) {
        m_parts.sink.close(socket, static_cast<std::uint16_t>(CloseCode::Drain), "drain");
        return;
    }
    m_waiting[socket] = m_tasks.after(
        m_settings.helloWithin, [this, socket] { fail(socket, CloseCode::HelloExpected, "hello_expected"); });
}

void VisitorCore::Impl::received(SocketId socket, std::string_view text)
{
    if (!m_waiting.contains(socket) && !m_roster.find(socket))
        return;
    const auto frame = base::parseJson(text, {maxFrameBytes, 8});
    const auto kind = frame ? base::textField(*frame, "k") : std::nullopt;
    if (!kind)
        fail(socket, CloseCode::BadFrame, "bad_frame");
    else
        dispatch(socket, *kind, *frame);
}

void VisitorCore::Impl::dispatch(SocketId socket, const std::string &kind, const base::Json &frame)
{
    if (m_waiting.contains(socket)) {
        if (kind == "hello")
            hello(socket, frame);
        else
            fail(socket, CloseCode::HelloExpected, "hello_expected");
        return;
    }
    auto &visitor = *m_roster.find(socket);
    if (kind == "send")
        m_writes.send(socket, visitor, frame);
    else if (kind == "typing")
        m_writes.typing(visitor, frame);
    else if (kind == "read")
        m_writes.read(visitor, frame);
    else if (kind == "page")
        m_writes.page(visitor, frame);
    else if (kind == "opened")
        m_writes.opened(visitor, frame);
    else if (kind == "ping")
        tell(m_parts.sink, socket, {{"k", "pong"}, {"x", base::integerField(frame, "x").value_or(0)}});
    else if (kind == "hello")
        fail(socket, CloseCode::BadFrame, "bad_frame");
}

void VisitorCore::Impl::hello(SocketId socket, const base::Json &frame)
{
    const auto ticket = m_parts.seal.readToken(base::textField(frame, "token").value_or(""));
    if (!ticket) {
        fail(socket, CloseCode::AuthExpired, "token_invalid");
        return;
    }
    if (m_roster.socketsOf(ticket->visitor) >= m_settings.maxSocketsPerVisitor) {
        fail(socket, CloseCode::Limit, "limit");
        return;
    }
    const auto cursor = m_parts.seal.readCursor(ticket->visitor, base::textField(frame, "cur").value_or(""));
    bool isKnownSite = false;
    m_parts.database.read([&](storage::Transaction &tx) {
        const auto inbox = inboxes::InboxStore{tx}.find(ticket->account, ticket->inbox);
        isKnownSite = inbox.has_value();
        if (isKnownSite)
            welcome(tx, socket, *ticket, *inbox, cursor);
    });
    if (!isKnownSite)
        fail(socket, CloseCode::AuthExpired, "token_invalid");
}

void VisitorCore::Impl::welcome(storage::Transaction &tx, SocketId socket, const Ticket &ticket,
                                const inboxes::InboxRow &inbox, const std::optional<VisitorCursor> &cursor)
{
    m_parts.scheduler.cancel(m_waiting.at(socket));
    m_waiting.erase(socket);
    VisitorView view{tx, m_parts.links, ticket};
    auto &visitor = m_roster.add(socket, ticket);
    if (visitor.sockets.size() == 1) // what others of theirs were sent so far stays the truth
        visitor.cursor = view.head();
    for (const auto &row : view.conversations()) {
        m_news.own(visitor, row.conversation.id.value);
        visitor.told[row.conversation.id.value] = base::toText(view.conversation(row));
    }
    if (const auto contact = view.contact())
        arrive(m_parts.ephemera, visitor, *contact);
    visitor.verified = view.place() && view.place()->verified;
    visitor.agentsOnline = agentsOnline(tx, m_parts.ephemera, ticket.account, ticket.inbox);
    auto changed = view.since(cursor);
    base::Json frame{{"k", "welcome"},
                     {"cur", m_parts.seal.cursor(ticket.visitor, view.head())},
                     {"now", base::toMs(m_parts.clock.now())},
                     {"conv", view.allConversations()},
                     {"agents_online", visitor.agentsOnline},
                     {"team", teamJson(tx, m_parts.ephemera, inbox)},
                     {"hours", inboxes::openingHoursJson(inbox.settings, m_parts.zones, m_parts.clock.now())},
                     {"spread_ms", spreadMs()}};
    if (!changed)
        frame["full"] = true;
    frame["rows"] = changed ? std::move(*changed) : view.recent();
    tell(m_parts.sink, socket, frame);
}

void VisitorCore::Impl::closed(SocketId socket)
{
    if (const auto waiting = m_waiting.find(socket); waiting != m_waiting.end()) {
        m_parts.scheduler.cancel(waiting->second);
        m_waiting.erase(waiting);
        return;
    }
    const auto gone = m_roster.remove(socket);
    if (gone && gone->contactNumber != 0)
        m_parts.ephemera.disconnected(gone->ticket.account, false, gone->contact);
}

void VisitorCore::Impl::fail(SocketId socket, CloseCode code, const char *reason)
{
    closed(socket);
    m_parts.sink.close(socket, static_cast<std::uint16_t>(code), reason);
}

std::int64_t VisitorCore::Impl::spreadMs() const
{
    return std::max<std::int64_t>(1000, static_cast<std::int64_t>(connections()) * 1000 /
                                            m_settings.hellosPerSecond);
}

void VisitorCore::Impl::sendAway(SocketId socket)
{
    if (!m_roster.find(socket))
        return;
    tell(m_parts.sink, socket, {{"k", "bye"}, {"spread_ms", m_drainSpreadMs}});
    fail(socket, CloseCode::Drain, "drain");
}

void VisitorCore::Impl::drain(base::Duration window)
{
    if (!std::exchange(m_draining, true))
        m_drainSpreadMs = spreadMs();
    while (!m_waiting.empty())
        fail(m_waiting.begin()->first, CloseCode::Drain, "drain");
    std::vector<SocketId> sockets;
    m_roster.each([&](Connected &visitor) {
        sockets.insert(sockets.end(), visitor.sockets.begin(), visitor.sockets.end());
    });
    for (const auto socket : sockets) {
        const auto moment = m_parts.random.below(static_cast<std::uint64_t>(window.count()) + 1);
        if (moment == 0)
            sendAway(socket);
        else
            m_tasks.after(base::Duration{static_cast<std::int64_t>(moment)},
                          [this, socket] { sendAway(socket); });
    }
}

VisitorCore::VisitorCore(VisitorParts parts, VisitorSettings settings)
    : m_impl{std::make_unique<Impl>(std::move(parts), settings)}
{
}

VisitorCore::~VisitorCore() = default;

void VisitorCore::opened(SocketId socket)
{
    m_impl->opened(socket);
}

void VisitorCore::received(SocketId socket, std::string_view frame)
{
    m_impl->received(socket, frame);
}

void VisitorCore::malformed(SocketId socket)
{
    m_impl->fail(socket, CloseCode::BadFrame, "bad_frame");
}

void VisitorCore::closed(SocketId socket)
{
    m_impl->closed(socket);
}

void VisitorCore::drain(base::Duration window)
{
    m_impl->drain(window);
}

std::size_t VisitorCore::connections() const
{
    return m_impl->connections();
}

} // namespace server::webwidget
