#include "server/sync/session_gate.h"

#include "server/sync/mutation_pipeline.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace server::sync {

using base::Json;
using protocol::CloseCode;

namespace {

constexpr std::chrono::hours epochPause{1};

} // namespace

struct SessionGate::Goodbye {
    CloseCode code;
    std::string reason;
};

SessionGate::SessionGate(const SessionParts &parts, const SessionSettings &settings, const CoreTasks &tasks,
                         SessionTable &table, SessionFeed &feed, SessionEphemera &ephemera)
    : m_parts{parts}
    , m_settings{settings}
    , m_tasks{tasks}
    , m_table{table}
    , m_feed{feed}
    , m_ephemera{ephemera}
{
}

void SessionGate::opened(SessionId id)
{
    m_table.add(id).authTimer = m_tasks.after(m_settings.helloWithin, [this, id] {
        if (auto *silent = m_table.find(id))
            m_table.close(*silent, CloseCode::HelloExpected, "no hello");
    });
}

void SessionGate::hello(Session &session, const Json &frame)
{
    const auto hello = frames::readHello(frame);
    if (!hello) {
        m_table.refuseFrame(session, hello.error().detail);
        return;
    }
    if (hello->protoMin > protocol::version || hello->protoMax < protocol::version) {
        m_table.close(session, CloseCode::UpgradeRequired, "protocol version");
        return;
    }
    session.codec = hello->codec;
    std::optional<Goodbye> goodbye;
    m_parts.database.read([&](storage::Transaction &tx) { goodbye = greet(tx, session, *hello); });
    if (goodbye)
        m_table.close(session, goodbye->code, goodbye->reason);
    else
        settle(session);
}

// Everything a client needs to go on, from one snapshot: welcome, reset, receipts, scopes, first changes.
std::optional<SessionGate::Goodbye> SessionGate::greet(storage::Transaction &tx, Session &session,
                                                       const frames::Hello &hello)
{
    auto principal = m_parts.directory.authenticate(tx, hello.token);
    if (!principal)
        return Goodbye{closeCodeOf(principal.error().code),
                       std::string{base::toText(principal.error().code)}};
    if (principal->actor.device != hello.device)
        return Goodbye{CloseCode::AuthExpired, "token of another device"};
    session.principal = *std::move(principal);
    session.token = hello.token;
    session.cursor = hello.cursor;

    const auto scopes = m_parts.directory.scopes(tx, session.principal);
    const auto now = m_feed.look(tx, session, scopes);
    const bool reset = now.reset != ResetReason::None;
    m_table.welcomed(reset);
    sendWelcome(tx, session, hello, now, scopes);
    session.live = true;
    m_feed.add(session, now.head.head);
    if (reset)
        m_feed.sendReset(session, now.head, now.reset);
    session.receipts = MutationPipeline::decided(tx, session.principal, hello.undecided);
    m_feed.serveFirst(tx, session);
    if (now.reset == ResetReason::Ahead)
        beginEpochOnce(session.principal.account);
    return std::nullopt;
}

void SessionGate::sendWelcome(storage::Transaction &tx, Session &session, const frames::Hello &hello,
                              const Page &now, const std::vector<std::string> &scopes)
{
    const bool reset = now.reset != ResetReason::None;
    frames::Welcome welcome;
    std::string connection(8, '\0');
    m_parts.random.fill(connection.data(), connection.size());
    welcome.connection = base::toHex(connection);
    welcome.now = m_parts.clock.now();
    welcome.epoch = now.head.epoch;
    welcome.q = reset ? now.head.head : hello.cursor.q;
    welcome.head = now.head.head;
    welcome.left = reset ? 0 : m_feed.left(tx, session, scopes, now.head.head);
    welcome.codec = session.codec;
    welcome.spreadMs = m_table.spreadMs();
    // Without the dictionary: whoever meant another one by the name can still read which was meant.
    m_parts.sink.send(session.id, frames::welcome(welcome), protocol::withoutDictionary(session.codec));
    m_parts.log.info("sync_session_opened", {{"session", session.id},
                                             {"account", session.principal.account},
                                             {"app", hello.app},
                                             {"behind", welcome.left},
                                             {"reset", toText(now.reset)}});
}

void SessionGate::settle(Session &session)
{
    const auto account = session.principal.account;
    // Counted before an older connection of the device goes, so that nobody sees its user leave and come
    // back.
    session.present = true;
    m_parts.ephemera.connected(account, true, session.principal.actor.id);
    m_table.own(session);
    watchToken(session);
    m_ephemera.tellWhoIsOnline(session);
}

void SessionGate::auth(Session &session, const Json &frame)
{
    const auto token = base::textField(frame, "token");
    if (!token) {
        m_table.refuseFrame(session, "auth: token");
        return;
    }
    auto principal = authenticated(m_parts.database, m_parts.directory, *token);
    if (!principal) {
        m_table.close(session, closeCodeOf(principal.error().code),
                      std::string{base::toText(principal.error().code)});
        return;
    }
    const auto &known = session.principal;
    if (principal->account != known.account || principal->actor.id != known.actor.id ||
        principal->actor.device != known.actor.device) {
        m_table.close(session, CloseCode::AuthExpired, "token of another device");
        return;
    }
    session.principal = *std::move(principal);
    session.token = *token;
    watchToken(session);
}

// Warns in time, and ends the session when no fresh token came.
void SessionGate::watchToken(Session &session)
{
    m_parts.scheduler.cancel(session.authTimer);
    const auto left = session.principal.expiresAt - m_parts.clock.now();
    const auto id = session.id;
    if (left > m_settings.authWarning) {
        session.authTimer = m_tasks.after(left - m_settings.authWarning, [this, id] {
            if (auto *known = m_table.find(id))
                watchToken(*known);
        });
        return;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left).count();
    m_parts.sink.send(session.id, frames::authSoon(std::max<std::int64_t>(0, seconds)), session.codec);
    session.authTimer = m_tasks.after(std::max(base::Duration{0}, left), [this, id] {
        auto *known = m_table.find(id);
        if (!known)
            return;
        if (known->principal.expiresAt <= m_parts.clock.now())
            m_table.close(*known, CloseCode::AuthExpired, "token expired");
        else
            watchToken(*known);
    });
}

// A client knows numbers that were never given: the database went back in time. At most once an hour, since a
// client could also lie.
void SessionGate::beginEpochOnce(AccountNumber account)
{
    const auto now = m_parts.clock.monotonic();
    if (m_epochAt && now - *m_epochAt < epochPause)
        return;
    m_epochAt = now;
    m_parts.log.error("sync_epoch_begun", {{"account", account}});
    m_parts.executor.submit(
        account, {},
        [](WriteContext &ctx) -> base::Status {
            beginEpoch(ctx.tx(), ctx.now());
            return base::Done{};
        },
        [this, post = m_tasks.poster()](const base::Result<std::int64_t> &) {
            post([this] { m_feed.serveAll(); });
        });
}

} // namespace server::sync
