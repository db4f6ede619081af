#include "server/sync/session_core.h"

#include "server/sync/mutation_pipeline.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_frames.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace server::sync {

namespace {

using base::Json;
using protocol::CloseCode;

constexpr std::chrono::hours epochPause{1};
constexpr double ephemeralPerSecond = 5;
constexpr std::size_t maxMutationsAFrame = 256;
constexpr std::int64_t busyWaitMs = 1000;

CloseCode closeCode(const base::Error &error)
{
    switch (error.code) {
    case base::ErrorCode::DeviceRevoked:
        return CloseCode::DeviceRevoked;
    case base::ErrorCode::UserDisabled:
        return CloseCode::UserDisabled;
    default:
        return CloseCode::AuthExpired;
    }
}

struct Goodbye {
    CloseCode code;
    std::string reason;
};

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

class SessionCore::Impl : public std::enable_shared_from_this<SessionCore::Impl> {
public:
    Impl(SessionParts parts, SessionSettings settings);
    void listen();

    void opened(SessionId id);
    void received(SessionId id, std::string_view text);
    void malformed(SessionId id, const std::string &why);
    void closed(SessionId id);
    void drain();
    [[nodiscard]] std::size_t connections() const { return m_sessions.size(); }

private:
    using FrameHandler = void (Impl::*)(Session &, const Json &);

    base::TimerId later(base::Duration delay, std::function<void()> work);
    void post(std::function<void(Impl &)> work);
    Session *find(SessionId id);
    void close(Session &session, CloseCode code, const std::string &reason);
    void forget(Session &session);
    void refuseFrame(Session &session, const std::string &why);
    void dispatch(Session &session, const std::string &kind, const Json &frame);

    void hello(Session &session, const Json &frame);
    std::optional<Goodbye> greet(storage::Transaction &tx, Session &session, const frames::Hello &hello);
    void settle(Session &session);
    void auth(Session &session, const Json &frame);
    void watchToken(Session &session);
    void acknowledge(Session &session, const Json &frame);
    void mutate(Session &session, const Json &frame);
    void answered(SessionId id, const protocol::Receipt &receipt, bool counted);
    void focus(Session &session, const Json &frame);
    void ephemeral(Session &session, const Json &frame);
    bool spendEphemeral(Session &session);
    void resetMe(Session &session, const Json &frame);
    void ping(Session &session, const Json &frame);
    void bye(Session &session, const Json &frame);

    void committed(const News &news);
    void deliver(const EphemeralEvent &event);
    std::optional<std::string> scopeOf(AccountNumber account, const base::Uuid &conversation);
    void beginEpochOnce(AccountNumber account);
    [[nodiscard]] std::int64_t spreadMs() const;

    SessionParts m_parts;
    SessionSettings m_settings;
    MutationPipeline m_pipeline;
    SessionFeed m_feed;
    std::unordered_map<SessionId, std::unique_ptr<Session>> m_sessions;
    std::map<std::pair<AccountNumber, base::Uuid>, SessionId> m_devices;
    std::optional<base::Duration> m_epochAt;
    bool m_draining = false;
};

SessionCore::Impl::Impl(SessionParts parts, SessionSettings settings)
    : m_parts{std::move(parts)}
    , m_settings{settings}
    , m_pipeline{m_parts.executor, m_parts.mutations, m_parts.log}
    , m_feed{
          m_parts, m_settings,
          [this](base::Duration delay, std::function<void()> work) { return later(delay, std::move(work)); },
          [this](Session &session, CloseCode code, const std::string &reason) {
              close(session, code, reason);
          }}
{
}

void SessionCore::Impl::listen()
{
    auto &scheduler = m_parts.scheduler;
    m_parts.executor.onCommit([weak = weak_from_this(), &scheduler](const Committed &committed) {
        if (weak.expired())
            return;
        scheduler.post([weak, news = newsOf(committed)] {
            if (const auto self = weak.lock())
                self->committed(news);
        });
    });
    m_parts.ephemera.listen([weak = weak_from_this(), &scheduler](const EphemeralEvent &event) {
        if (weak.expired())
            return;
        scheduler.post([weak, event] {
            if (const auto self = weak.lock())
                self->deliver(event);
        });
    });
}

base::TimerId SessionCore::Impl::later(base::Duration delay, std::function<void()> work)
{
    return m_parts.scheduler.after(delay, [weak = weak_from_this(), work = std::move(work)] {
        if (const auto self = weak.lock())
            work();
    });
}

void SessionCore::Impl::post(std::function<void(Impl &)> work)
{
    m_parts.scheduler.post([weak = weak_from_this(), work = std::move(work)] {
        if (const auto self = weak.lock())
            work(*self);
    });
}

Session *SessionCore::Impl::find(SessionId id)
{
    const auto found = m_sessions.find(id);
    return found == m_sessions.end() ? nullptr : found->second.get();
}

void SessionCore::Impl::opened(SessionId id)
{
    if (m_draining) {
        m_parts.sink.close(id, CloseCode::Drain, "drain");
        return;
    }
    auto session = std::make_unique<Session>();
    session->id = id;
    session->authTimer = later(m_settings.helloWithin, [this, id] {
        if (auto *silent = find(id))
            close(*silent, CloseCode::HelloExpected, "no hello");
    });
    m_sessions.insert_or_assign(id, std::move(session));
}

void SessionCore::Impl::closed(SessionId id)
{
    if (auto *session = find(id))
        forget(*session);
}

void SessionCore::Impl::close(Session &session, CloseCode code, const std::string &reason)
{
    const auto id = session.id;
    m_parts.log.info("sync_session_closed", {{"session", id},
                                             {"account", session.principal.account},
                                             {"code", static_cast<int>(code)},
                                             {"reason", reason}});
    forget(session);
    m_parts.sink.close(id, code, reason);
}

void SessionCore::Impl::forget(Session &session)
{
    m_parts.scheduler.cancel(session.authTimer);
    m_parts.scheduler.cancel(session.ackTimer);
    if (session.live) {
        m_feed.remove(session);
        const auto &actor = session.principal.actor;
        const auto device = m_devices.find({session.principal.account, actor.device.value_or(base::Uuid{})});
        if (device != m_devices.end() && device->second == session.id)
            m_devices.erase(device);
        if (session.present)
            m_parts.ephemera.disconnected(session.principal.account, true, actor.id);
    }
    m_sessions.erase(session.id);
}

void SessionCore::Impl::drain()
{
    m_draining = true;
    const auto spread = spreadMs();
    while (!m_sessions.empty()) {
        auto &session = *m_sessions.begin()->second;
        if (session.live)
            m_parts.sink.send(session.id, frames::bye("drain", spread), session.codec);
        close(session, CloseCode::Drain, "drain");
    }
}

void SessionCore::Impl::received(SessionId id, std::string_view text)
{
    auto *session = find(id);
    if (!session)
        return;
    const auto frame = base::parseJson(text, {protocol::maxClientFrameBytes, 32});
    const auto kind = frame ? base::textField(*frame, "k") : std::nullopt;
    if (!kind) {
        refuseFrame(*session, frame ? "no kind" : frame.error().detail);
        return;
    }
    try {
        dispatch(*session, *kind, *frame);
    } catch (const std::exception &error) {
        m_parts.log.error("sync_frame_failed", {{"session", id}, {"kind", *kind}, {"reason", error.what()}});
        if (auto *still = find(id))
            close(*still, CloseCode::GoingAway, "internal");
    }
}

void SessionCore::Impl::malformed(SessionId id, const std::string &why)
{
    if (auto *session = find(id))
        refuseFrame(*session, why);
}

void SessionCore::Impl::refuseFrame(Session &session, const std::string &why)
{
    m_parts.sink.send(session.id, frames::error("bad_frame", why), session.codec);
    close(session, CloseCode::BadFrame, "bad frame");
}

void SessionCore::Impl::dispatch(Session &session, const std::string &kind, const Json &frame)
{
    static const std::map<std::string, FrameHandler, std::less<>> handlers{
        {"auth", &Impl::auth},   {"a", &Impl::acknowledge}, {"mut", &Impl::mutate},
        {"focus", &Impl::focus}, {"e", &Impl::ephemeral},   {"reset_me", &Impl::resetMe},
        {"ping", &Impl::ping},   {"bye", &Impl::bye},
    };
    if (!session.live) {
        if (kind == "hello")
            hello(session, frame);
        else
            close(session, CloseCode::HelloExpected, "hello first");
        return;
    }
    if (kind == "hello") {
        refuseFrame(session, "hello twice");
        return;
    }
    if (const auto handler = handlers.find(kind); handler != handlers.end())
        (this->*handler->second)(session, frame);
}

void SessionCore::Impl::hello(Session &session, const Json &frame)
{
    const auto hello = frames::readHello(frame);
    if (!hello) {
        refuseFrame(session, hello.error().detail);
        return;
    }
    if (hello->protoMin > protocol::version || hello->protoMax < protocol::version) {
        close(session, CloseCode::UpgradeRequired, "protocol version");
        return;
    }
    session.codec = hello->codec;
    std::optional<Goodbye> goodbye;
    m_parts.database.read([&](storage::Transaction &tx) { goodbye = greet(tx, session, *hello); });
    if (goodbye)
        close(session, goodbye->code, goodbye->reason);
    else
        settle(session);
}

// Everything a client needs to go on, from one snapshot: welcome, reset, receipts, scopes, first changes.
std::optional<Goodbye> SessionCore::Impl::greet(storage::Transaction &tx, Session &session,
                                                const frames::Hello &hello)
{
    auto principal = m_parts.directory.authenticate(tx, hello.token);
    if (!principal)
        return Goodbye{closeCode(principal.error()), std::string{base::toText(principal.error().code)}};
    if (principal->actor.device != hello.device)
        return Goodbye{CloseCode::AuthExpired, "token of another device"};
    session.principal = *std::move(principal);
    session.token = hello.token;
    session.cursor = hello.cursor;

    const auto scopes = m_parts.directory.scopes(tx, session.principal);
    const auto now = m_feed.look(tx, session, scopes);
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
    welcome.spreadMs = spreadMs();
    m_parts.sink.send(session.id, frames::welcome(welcome), session.codec);
    m_parts.log.info("sync_session_opened", {{"session", session.id},
                                             {"account", session.principal.account},
                                             {"app", hello.app},
                                             {"behind", welcome.left},
                                             {"reset", toText(now.reset)}});
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

void SessionCore::Impl::settle(Session &session)
{
    const auto account = session.principal.account;
    const auto device = std::pair{account, *session.principal.actor.device};
    if (const auto older = m_devices.find(device); older != m_devices.end())
        if (auto *replaced = find(older->second))
            close(*replaced, CloseCode::Replaced, "replaced");
    m_devices[device] = session.id;
    watchToken(session);

    EphemeralEvent presence;
    presence.account = account;
    presence.kind = EphemeralEvent::Kind::UserPresence;
    for (const auto &user : m_parts.ephemera.onlineUsers(account)) {
        presence.who = user;
        m_parts.sink.send(session.id, frames::ephemeral(presence), session.codec);
    }
    presence.kind = EphemeralEvent::Kind::ContactPresence;
    presence.byUser = false;
    for (const auto &contact : m_parts.ephemera.onlineContacts(account)) {
        presence.who = contact;
        m_parts.sink.send(session.id, frames::ephemeral(presence), session.codec);
    }
    session.present = true;
    m_parts.ephemera.connected(account, true, session.principal.actor.id);
}

void SessionCore::Impl::auth(Session &session, const Json &frame)
{
    const auto token = base::textField(frame, "token");
    if (!token) {
        refuseFrame(session, "auth: token");
        return;
    }
    base::Result<Principal> principal = base::Error{base::ErrorCode::Unauthorized, {}};
    m_parts.database.read(
        [&](storage::Transaction &tx) { principal = m_parts.directory.authenticate(tx, *token); });
    if (!principal) {
        close(session, closeCode(principal.error()), std::string{base::toText(principal.error().code)});
        return;
    }
    const auto &known = session.principal;
    if (principal->account != known.account || principal->actor.id != known.actor.id ||
        principal->actor.device != known.actor.device) {
        close(session, CloseCode::AuthExpired, "token of another device");
        return;
    }
    session.principal = *std::move(principal);
    session.token = *token;
    watchToken(session);
}

// Warns in time, and ends the session when no fresh token came.
void SessionCore::Impl::watchToken(Session &session)
{
    m_parts.scheduler.cancel(session.authTimer);
    const auto left = session.principal.expiresAt - m_parts.clock.now();
    const auto id = session.id;
    if (left > m_settings.authWarning) {
        session.authTimer = later(left - m_settings.authWarning, [this, id] {
            if (auto *known = find(id))
                watchToken(*known);
        });
        return;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left).count();
    m_parts.sink.send(session.id, frames::authSoon(std::max<std::int64_t>(0, seconds)), session.codec);
    session.authTimer = later(std::max(base::Duration{0}, left), [this, id] {
        auto *known = find(id);
        if (!known)
            return;
        if (known->principal.expiresAt <= m_parts.clock.now())
            close(*known, CloseCode::AuthExpired, "token expired");
        else
            watchToken(*known);
    });
}

void SessionCore::Impl::acknowledge(Session &session, const Json &frame)
{
    if (const auto q = base::integerField(frame, "q"))
        m_feed.acknowledged(session, *q);
}

void SessionCore::Impl::mutate(Session &session, const Json &frame)
{
    const auto &items = base::member(frame, "i");
    if (!items.is_array() || items.size() > maxMutationsAFrame) {
        refuseFrame(session, "mut: i");
        return;
    }
    const auto id = session.id;
    for (const auto &item : items) {
        const auto n = base::integerField(item, "n");
        const auto mid = base::uuidField(item, "mid");
        if (!n || *n < 1 || !mid) {
            refuseFrame(session, "mut: n or mid");
            return;
        }
        if (session.inFlight >= static_cast<int>(protocol::maxInFlight)) {
            protocol::Receipt busy;
            busy.n = *n;
            busy.verdict = protocol::Verdict::Nack;
            busy.code = base::ErrorCode::Busy;
            busy.waitMs = busyWaitMs;
            answered(id, busy, false);
            continue;
        }
        ++session.inFlight;
        const auto answer = [weak = weak_from_this(), &scheduler = m_parts.scheduler,
                             id](const protocol::Receipt &receipt) {
            if (weak.expired())
                return;
            scheduler.post([weak, id, receipt] {
                if (const auto self = weak.lock())
                    self->answered(id, receipt, true);
            });
        };
        if (auto mutation = protocol::mutationFromJson(item))
            m_pipeline.submit(session.principal, *std::move(mutation), answer);
        else
            m_pipeline.submitMalformed(session.principal, *n, *mid, answer);
    }
}

// Answers of one commit are gathered into one frame; the feed sends them before any delta that contains their
// effects.
void SessionCore::Impl::answered(SessionId id, const protocol::Receipt &receipt, bool counted)
{
    auto *session = find(id);
    if (!session)
        return;
    if (counted)
        --session->inFlight;
    session->receipts.push_back(receipt);
    if (session->receipts.size() > 1)
        return;
    post([id](Impl &self) {
        auto *waiting = self.find(id);
        if (!waiting)
            return;
        self.m_feed.sendReceipts(*waiting);
        if (waiting->owed > waiting->cursor.q)
            self.m_feed.serve(*waiting);
    });
}

void SessionCore::Impl::focus(Session &session, const Json &frame)
{
    session.focus = frames::readFocus(frame);
}

void SessionCore::Impl::ephemeral(Session &session, const Json &frame)
{
    const auto kind = base::textField(frame, "t");
    const auto conversation = base::uuidField(frame, "conv");
    const bool composing = kind == "composing";
    if (!conversation || !(composing || kind == "viewing") || !spendEphemeral(session))
        return;
    const auto scope = scopeOf(session.principal.account, *conversation);
    if (!scope || std::find(session.scopes.begin(), session.scopes.end(), *scope) == session.scopes.end())
        return;
    EphemeralEvent event;
    event.kind = composing ? EphemeralEvent::Kind::Composing : EphemeralEvent::Kind::Viewing;
    event.account = session.principal.account;
    event.conversation = *conversation;
    event.who = session.principal.actor.id;
    event.on = base::flagField(frame, "on").value_or(true);
    event.isPrivate = base::flagField(frame, "private").value_or(false);
    m_parts.ephemera.publish(event);
}

bool SessionCore::Impl::spendEphemeral(Session &session)
{
    const auto now = m_parts.clock.monotonic();
    const auto seconds = std::chrono::duration<double>(now - session.budgetAt).count();
    session.ephemeralBudget =
        std::min(ephemeralPerSecond, session.ephemeralBudget + seconds * ephemeralPerSecond);
    session.budgetAt = now;
    if (session.ephemeralBudget < 1)
        return false;
    session.ephemeralBudget -= 1;
    return true;
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

void SessionCore::Impl::ping(Session &session, const Json &frame)
{
    m_parts.sink.send(session.id, frames::pong(base::member(frame, "x")), session.codec);
}

void SessionCore::Impl::bye(Session &session, const Json &)
{
    close(session, CloseCode::Normal, "bye");
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

void SessionCore::Impl::deliver(const EphemeralEvent &event)
{
    const auto *sessions = m_feed.sessions(event.account);
    if (!sessions)
        return;
    const bool ofConversation =
        event.kind == EphemeralEvent::Kind::Composing || event.kind == EphemeralEvent::Kind::Viewing;
    std::vector<const Session *> receivers;
    for (const auto &[id, session] : *sessions) {
        const bool own = event.byUser && session->principal.actor.id == event.who;
        const bool looking = std::find(session->focus.begin(), session->focus.end(), event.conversation) !=
                             session->focus.end();
        if (!ofConversation || (looking && !own))
            receivers.push_back(session);
    }
    if (receivers.empty())
        return;
    const auto scope = ofConversation ? scopeOf(event.account, event.conversation) : std::nullopt;
    if (ofConversation && !scope)
        return;
    const auto frame = frames::ephemeral(event);
    for (const auto *session : receivers)
        if (!scope ||
            std::find(session->scopes.begin(), session->scopes.end(), *scope) != session->scopes.end())
            m_parts.sink.send(session->id, frame, session->codec);
}

// Where a conversation can be seen now; nothing when it is gone or the database fails (ephemeral news may be
// lost).
std::optional<std::string> SessionCore::Impl::scopeOf(AccountNumber account, const base::Uuid &conversation)
{
    std::optional<JournalState> state;
    try {
        m_parts.database.read([&](storage::Transaction &tx) {
            state = readState(tx, account, protocol::EntityType::Conversation, conversation);
        });
    } catch (const storage::StorageError &error) {
        m_parts.log.error("sync_read_failed", {{"reason", error.what()}});
    }
    return state && !state->deleted ? std::optional{state->scope} : std::nullopt;
}

// A client knows numbers that were never given: the database went back in time. At most once an hour, since a
// client could also lie.
void SessionCore::Impl::beginEpochOnce(AccountNumber account)
{
    const auto now = m_parts.clock.monotonic();
    if (m_epochAt && now - *m_epochAt < epochPause)
        return;
    m_epochAt = now;
    m_parts.log.error("sync_epoch_begun", {{"account", account}});
    m_parts.executor.submit(
        account, {},
        [](WriteContext &ctx) -> base::Status {
            beginEpoch(ctx.tx());
            return base::Done{};
        },
        [weak = weak_from_this(), &scheduler = m_parts.scheduler](const base::Result<std::int64_t> &) {
            if (weak.expired())
                return;
            scheduler.post([weak] {
                if (const auto self = weak.lock())
                    self->m_feed.serveAll();
            });
        });
}

std::int64_t SessionCore::Impl::spreadMs() const
{
    const auto connected = static_cast<std::int64_t>(m_sessions.size());
    return std::max<std::int64_t>(1000, connected * 1000 / m_settings.hellosPerSecond);
}

SessionCore::SessionCore(SessionParts parts, SessionSettings settings)
    : m_impl{std::make_shared<Impl>(std::move(parts), settings)}
{
    m_impl->listen();
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

void SessionCore::drain()
{
    m_impl->drain();
}

std::size_t SessionCore::connections() const
{
    return m_impl->connections();
}

} // namespace server::sync
