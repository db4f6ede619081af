#include "server/features/webwidget/visitor_core.h"

#include "server/features/accounts/user_store.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/features/webwidget/visitor_roster.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/close_code.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <unordered_set>

namespace server::webwidget {

namespace {

using base::ErrorCode;
using ports::SocketId;
using protocol::CloseCode;

constexpr ports::Rate sendRate{10, base::Duration{1000}};
constexpr ports::Rate typingRate{5, base::Duration{1000}};
constexpr ports::Rate readRate{20, base::Duration{500}};
constexpr std::size_t maxFrameBytes = 16 * 1024;
constexpr std::size_t maxRowBytes = 200 * 1024;

/// One change that may concern a visitor.
struct Touched {
    protocol::EntityType type;
    base::Uuid id;
    base::Uuid conversation;
};

std::vector<Touched> touchedBy(const sync::Committed &committed)
{
    std::vector<Touched> all;
    for (const auto &change : committed.changes) {
        if (change.kind != sync::ChangeKind::Upsert)
            continue;
        if (change.type == protocol::EntityType::Message && change.parent)
            all.push_back({change.type, change.id, *change.parent});
        else if (change.type == protocol::EntityType::Conversation)
            all.push_back({change.type, change.id, change.id});
    }
    return all;
}

std::string_view refusalCode(ErrorCode code)
{
    if (code == ErrorCode::TooLarge)
        return "too_long";
    if (code == ErrorCode::UploadMissing)
        return "upload_missing";
    if (code == ErrorCode::Forbidden)
        return "blocked";
    const bool passes =
        code == ErrorCode::Busy || code == ErrorCode::Storage || code == ErrorCode::RateLimited;
    return passes ? "rate" : "invalid";
}

/// What a `send` frame asks for.
struct Draft {
    base::Uuid mid;
    std::string body;
    std::vector<domain::AttachmentId> uploads;
};

/// The draft, or the code of `no`.
std::variant<Draft, std::string_view> readDraft(const base::Json &frame, std::size_t maxBody)
{
    Draft draft;
    const auto mid = base::uuidField(frame, "mid");
    if (!mid || mid->isNull())
        return "invalid";
    draft.mid = *mid;
    draft.body = base::textField(frame, "body").value_or("");
    const auto &uploads = base::member(frame, "up");
    if (!uploads.is_null() && (!uploads.is_array() || uploads.size() > protocol::maxAttachments))
        return "invalid";
    for (const auto &item : uploads) {
        const auto id =
            item.is_string() ? base::Uuid::parse(item.get_ref<const std::string &>()) : std::nullopt;
        if (!id)
            return "invalid";
        draft.uploads.push_back({*id});
    }
    if (base::length(draft.body) > maxBody)
        return "too_long";
    if (draft.uploads.empty() && base::trimmed(base::cleaned(draft.body)).empty())
        return "empty";
    return draft;
}

} // namespace

class VisitorCore::Impl : public std::enable_shared_from_this<VisitorCore::Impl> {
public:
    Impl(VisitorParts parts, VisitorSettings settings) : m{std::move(parts)}, m_settings{settings} {}

    void listen();
    void opened(SocketId socket);
    void received(SocketId socket, std::string_view text);
    void closed(SocketId socket);
    void drain();
    void fail(SocketId socket, CloseCode code, const char *reason);
    [[nodiscard]] std::size_t connections() const { return m_waiting.size() + m_roster.sockets(); }

private:
    void dispatch(SocketId socket, const std::string &kind, const base::Json &frame);
    void hello(SocketId socket, const base::Json &frame);
    void send(SocketId socket, Connected &visitor, const base::Json &frame);
    void answer(SocketId socket, const base::Uuid &visitor, const base::Uuid &mid,
                const base::Result<conversations::Posted> &outcome);
    void refuse(SocketId socket, const base::Uuid &mid, std::string_view code, base::Duration wait = {});
    void typing(Connected &visitor, bool on);
    void read(Connected &visitor, const base::Json &frame);
    void arrive(Connected &visitor, const contacts::ContactRow &contact);
    void leave(SocketId socket);

    void committed(sync::AccountNumber account, std::int64_t head, const std::vector<Touched> &touched);
    Connected *visitorOf(storage::Transaction &tx, sync::AccountNumber account,
                         const base::Uuid &conversation);
    void push(storage::Transaction &tx, Connected &visitor, std::int64_t head,
              const std::vector<Touched> &touched);
    void sendRows(Connected &visitor, const base::Json &rows, const VisitorCursor &cursor);
    void ephemeral(const sync::EphemeralEvent &event);
    void tellPresence(sync::AccountNumber account);
    void tell(const Connected &visitor, const base::Json &frame);
    void tell(SocketId socket, const base::Json &frame) { m.sink.send(socket, base::toText(frame)); }
    void later(std::function<void(Impl &)> work);

    VisitorParts m;
    VisitorSettings m_settings;
    VisitorRoster m_roster;
    std::map<SocketId, base::TimerId> m_waiting; ///< not yet said hello
    std::unordered_set<base::Uuid> m_strangers;  ///< conversations of nobody who is connected
    bool m_draining = false;
};

// The listeners live as long as the executor and Ephemera; the core may be gone before.
void VisitorCore::Impl::listen()
{
    std::weak_ptr<Impl> weak = weak_from_this();
    m.executor.onCommit([weak, &scheduler = m.scheduler](const sync::Committed &committed) {
        auto touched = touchedBy(committed);
        if (touched.empty())
            return;
        scheduler.post(
            [weak, account = committed.account, head = committed.head, touched = std::move(touched)] {
                if (const auto self = weak.lock())
                    self->committed(account, head, touched);
            });
    });
    m.ephemera.listen([weak, &scheduler = m.scheduler](const sync::EphemeralEvent &event) {
        if (!event.byUser || event.kind == sync::EphemeralEvent::Kind::Viewing)
            return;
        scheduler.post([weak, event] {
            if (const auto self = weak.lock())
                self->ephemeral(event);
        });
    });
}

void VisitorCore::Impl::later(std::function<void(Impl &)> work)
{
    m.scheduler.post([weak = weak_from_this(), work = std::move(work)] {
        if (const auto self = weak.lock())
            work(*self);
    });
}

void VisitorCore::Impl::opened(SocketId socket)
{
    if (m_draining) {
        m.sink.close(socket, static_cast<std::uint16_t>(CloseCode::Drain), "drain");
        return;
    }
    m_waiting[socket] = m.scheduler.after(m_settings.helloWithin, [weak = weak_from_this(), socket] {
        if (const auto self = weak.lock())
            self->fail(socket, CloseCode::HelloExpected, "hello_expected");
    });
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
        send(socket, visitor, frame);
    else if (kind == "typing")
        typing(visitor, base::flagField(frame, "on").value_or(false));
    else if (kind == "read")
        read(visitor, frame);
    else if (kind == "ping")
        tell(socket, {{"k", "pong"}, {"x", base::integerField(frame, "x").value_or(0)}});
    else if (kind == "hello")
        fail(socket, CloseCode::BadFrame, "bad_frame");
}

void VisitorCore::Impl::hello(SocketId socket, const base::Json &frame)
{
    const auto ticket = m.seal.readToken(base::textField(frame, "token").value_or(""));
    if (!ticket) {
        fail(socket, CloseCode::AuthExpired, "token_invalid");
        return;
    }
    if (m_roster.socketsOf(ticket->visitor) >= m_settings.maxSocketsPerVisitor) {
        fail(socket, CloseCode::Limit, "limit");
        return;
    }
    const auto cursor = m.seal.readCursor(ticket->visitor, base::textField(frame, "cur").value_or(""));
    bool isKnownSite = false;
    m.database.read([&](storage::Transaction &tx) {
        const auto inbox = inboxes::InboxStore{tx}.find(ticket->account, ticket->inbox);
        isKnownSite = inbox.has_value();
        if (!isKnownSite)
            return;
        m.scheduler.cancel(m_waiting.at(socket));
        m_waiting.erase(socket);
        VisitorView view{tx, m.links, *ticket};
        auto &visitor = m_roster.add(socket, *ticket);
        if (visitor.sockets.size() == 1) // what others of theirs were sent so far stays the truth
            visitor.cursor = view.head();
        for (const auto &row : view.conversations()) {
            m_roster.own(visitor, row.conversation.id.value);
            m_strangers.erase(row.conversation.id.value);
            visitor.told[row.conversation.id.value] = base::toText(view.conversation(row));
        }
        if (const auto contact = view.contact())
            arrive(visitor, *contact);
        visitor.agentsOnline = agentsOnline(tx, m.ephemera, ticket->account, ticket->inbox);
        auto changed = view.since(cursor);
        base::Json welcome{{"k", "welcome"},
                           {"cur", m.seal.cursor(ticket->visitor, view.head())},
                           {"now", base::toMs(m.clock.now())},
                           {"conv", view.allConversations()},
                           {"agents_online", visitor.agentsOnline},
                           {"spread_ms", m_settings.spreadMs}};
        if (!changed)
            welcome["full"] = true;
        welcome["rows"] = changed ? std::move(*changed) : view.recent();
        tell(socket, welcome);
    });
    if (!isKnownSite)
        fail(socket, CloseCode::AuthExpired, "token_invalid");
}

void VisitorCore::Impl::send(SocketId socket, Connected &visitor, const base::Json &frame)
{
    auto read = readDraft(frame, m_settings.maxBody);
    if (const auto *code = std::get_if<std::string_view>(&read)) {
        refuse(socket, base::uuidField(frame, "mid").value_or(base::Uuid{}), *code);
        return;
    }
    auto &draft = std::get<Draft>(read);
    if (const auto wait = m.limiter.take("visitor-send:" + visitor.ticket.visitor.text(), sendRate)) {
        refuse(socket, draft.mid, "rate", *wait);
        return;
    }
    if (visitor.inFlight >= m_settings.maxInFlight) {
        refuse(socket, draft.mid, "rate", base::Duration{1000});
        return;
    }
    ++visitor.inFlight;
    const auto ticket = visitor.ticket;
    const auto mid = draft.mid;
    const auto posted = std::make_shared<std::optional<conversations::Posted>>();
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = ticket.visitor;
    actor.number = visitor.contactNumber;
    m.executor.submit(
        ticket.account, actor,
        [posted, ticket, draft = std::move(draft),
         &service = m.conversations](sync::WriteContext &ctx) -> base::Status {
            const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ticket.account, ticket.inbox);
            if (!inbox)
                return base::Error{ErrorCode::NotFound, "inbox"};
            const base::Json browser{{"browser_language", ticket.language}};
            auto outcome = service.postFromVisitor(
                ctx, {*inbox,
                      {ticket.visitor, ticket.page,
                       ticket.language.empty() ? std::string{} : base::toText(browser)},
                      draft.mid,
                      draft.body,
                      draft.uploads});
            if (!outcome)
                return outcome.error();
            *posted = std::move(*outcome);
            return base::Done{};
        },
        [weak = weak_from_this(), &scheduler = m.scheduler, socket, visitorId = ticket.visitor, mid,
         posted](const base::Result<std::int64_t> &result) {
            auto outcome = result ? base::Result<conversations::Posted>{**posted}
                                  : base::Result<conversations::Posted>{result.error()};
            scheduler.post([weak, socket, visitorId, mid, outcome = std::move(outcome)] {
                if (const auto self = weak.lock())
                    self->answer(socket, visitorId, mid, outcome);
            });
        });
}

// The cursor told here is that of the last push: what the commit brought may not have been sent yet.
void VisitorCore::Impl::answer(SocketId socket, const base::Uuid &visitorId, const base::Uuid &mid,
                               const base::Result<conversations::Posted> &outcome)
{
    auto *visitor = m_roster.visitor(visitorId);
    if (visitor && visitor->inFlight > 0)
        --visitor->inFlight;
    const bool isHere = m_roster.find(socket) != nullptr;
    if (!outcome) {
        m.log.info("visitor_message_refused", {{"code", toText(outcome.error().code)}});
        if (isHere)
            refuse(socket, mid, refusalCode(outcome.error().code), base::Duration{2000});
        return;
    }
    if (visitor && visitor->contactNumber == 0)
        m.database.read([&](storage::Transaction &tx) {
            const auto contact =
                contacts::ContactStore{tx}.find(visitor->ticket.account, outcome->conversation.contact);
            if (contact)
                arrive(*visitor, *contact);
        });
    if (visitor)
        m_roster.own(*visitor, outcome->conversation.conversation.id.value);
    if (!isHere)
        return;
    const auto &message = outcome->message.message;
    base::Json ok{{"k", "ok"},
                  {"mid", mid.text()},
                  {"conv", message.conversation.text()},
                  {"n", message.n},
                  {"at", base::toMs(message.at)},
                  {"cur", m.seal.cursor(visitorId, m_roster.find(socket)->cursor)}};
    if (outcome->repeated)
        ok["dup"] = true;
    tell(socket, ok);
}

void VisitorCore::Impl::refuse(SocketId socket, const base::Uuid &mid, std::string_view code,
                               base::Duration wait)
{
    base::Json no{{"k", "no"}, {"mid", mid.text()}, {"code", code}};
    if (code == "rate")
        no["ms"] = std::max<std::int64_t>(wait.count(), 500);
    tell(socket, no);
}

void VisitorCore::Impl::typing(Connected &visitor, bool on)
{
    if (visitor.contactNumber == 0 || visitor.conversations.empty())
        return;
    if (m.limiter.take("visitor-typing:" + visitor.ticket.visitor.text(), typingRate))
        return;
    sync::EphemeralEvent event;
    event.kind = sync::EphemeralEvent::Kind::Composing;
    event.account = visitor.ticket.account;
    event.conversation = visitor.conversations.back();
    event.byUser = false;
    event.who = visitor.contact;
    event.name = visitor.name;
    event.on = on;
    m.ephemera.publish(event);
}

void VisitorCore::Impl::read(Connected &visitor, const base::Json &frame)
{
    const auto conversation = base::uuidField(frame, "conv");
    const auto n = base::integerField(frame, "n");
    const auto &own = visitor.conversations;
    if (!conversation || !n || *n < 0 || std::find(own.begin(), own.end(), *conversation) == own.end())
        return;
    if (m.limiter.take("visitor-read:" + visitor.ticket.visitor.text(), readRate))
        return;
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = visitor.contact;
    actor.number = visitor.contactNumber;
    m.executor.submit(
        visitor.ticket.account, actor,
        [conversation = *conversation, n = *n, &service = m.conversations](sync::WriteContext &ctx) {
            return service.markReadByContact(ctx, conversation, n);
        },
        [](const base::Result<std::int64_t> &) {});
}

void VisitorCore::Impl::arrive(Connected &visitor, const contacts::ContactRow &contact)
{
    visitor.name = contact.contact.name;
    if (visitor.contactNumber != 0)
        return;
    visitor.contact = contact.contact.id.value;
    visitor.contactNumber = contact.contact.number;
    m.ephemera.connected(visitor.ticket.account, false, visitor.contact);
}

void VisitorCore::Impl::closed(SocketId socket)
{
    if (const auto waiting = m_waiting.find(socket); waiting != m_waiting.end()) {
        m.scheduler.cancel(waiting->second);
        m_waiting.erase(waiting);
        return;
    }
    leave(socket);
}

void VisitorCore::Impl::leave(SocketId socket)
{
    const auto gone = m_roster.remove(socket);
    if (gone && gone->contactNumber != 0)
        m.ephemera.disconnected(gone->ticket.account, false, gone->contact);
}

void VisitorCore::Impl::fail(SocketId socket, CloseCode code, const char *reason)
{
    closed(socket);
    m.sink.close(socket, static_cast<std::uint16_t>(code), reason);
}

void VisitorCore::Impl::drain()
{
    m_draining = true;
    m_roster.each([&](Connected &visitor) {
        tell(visitor, {{"k", "bye"}, {"spread_ms", m_settings.spreadMs}});
    });
}

void VisitorCore::Impl::committed(sync::AccountNumber account, std::int64_t head,
                                  const std::vector<Touched> &touched)
{
    if (m_roster.isEmpty())
        return;
    std::map<Connected *, std::vector<Touched>> byVisitor;
    m.database.read([&](storage::Transaction &tx) {
        for (const auto &item : touched)
            if (auto *visitor = visitorOf(tx, account, item.conversation))
                byVisitor[visitor].push_back(item);
        for (const auto &[visitor, items] : byVisitor)
            push(tx, *visitor, head, items);
    });
}

Connected *VisitorCore::Impl::visitorOf(storage::Transaction &tx, sync::AccountNumber account,
                                        const base::Uuid &conversation)
{
    if (auto *known = m_roster.ownerOf(conversation))
        return known;
    if (m_strangers.contains(conversation))
        return nullptr;
    const auto row = conversations::ConversationStore{tx}.find(account, conversation);
    const auto place = row ? contacts::ContactStore{tx}.contactInbox(row->contactInbox) : std::nullopt;
    const auto id = place ? base::Uuid::parse(place->sourceId) : std::nullopt;
    auto *visitor = id ? m_roster.visitor(*id) : nullptr;
    if (visitor && visitor->ticket.inbox == row->inbox && visitor->ticket.account == account) {
        m_roster.own(*visitor, conversation);
        return visitor;
    }
    if (m_strangers.size() >= 10'000)
        m_strangers.clear();
    m_strangers.insert(conversation);
    return nullptr;
}

void VisitorCore::Impl::push(storage::Transaction &tx, Connected &visitor, std::int64_t head,
                             const std::vector<Touched> &touched)
{
    VisitorView view{tx, m.links, visitor.ticket};
    auto rows = base::Json::array();
    std::vector<conversations::MessageRow> messages;
    for (const auto &item : touched)
        if (item.type == protocol::EntityType::Message)
            if (auto row = conversations::MessageStore{tx}.find(visitor.ticket.account, item.id))
                messages.push_back(std::move(*row));
    std::sort(messages.begin(), messages.end(),
              [](const auto &a, const auto &b) { return a.number < b.number; });
    for (const auto &row : messages)
        if (auto json = view.message(row))
            rows.push_back(std::move(*json));
    for (const auto &row : view.conversations()) {
        const auto &id = row.conversation.id.value;
        const bool isTouched = std::any_of(touched.begin(), touched.end(),
                                           [&](const auto &item) { return item.conversation == id; });
        auto json = isTouched ? view.conversation(row) : base::Json();
        // A note changes the conversation for agents, not for the visitor: silence tells nothing.
        if (isTouched && visitor.told[id] != base::toText(json)) {
            visitor.told[id] = base::toText(json);
            rows.push_back(std::move(json));
        }
    }
    const auto epoch = view.head().epoch;
    const auto seq = epoch == visitor.cursor.epoch ? std::max(head, visitor.cursor.seq) : head;
    if (!rows.empty())
        sendRows(visitor, rows, {epoch, seq});
}

// Cut into frames of a bearable size; only the last moves the cursor.
void VisitorCore::Impl::sendRows(Connected &visitor, const base::Json &rows, const VisitorCursor &cursor)
{
    const auto before = m.seal.cursor(visitor.ticket.visitor, visitor.cursor);
    visitor.cursor = cursor;
    auto part = base::Json::array();
    std::size_t bytes = 0;
    for (const auto &row : rows) {
        const auto size = base::toText(row).size();
        if (!part.empty() && bytes + size > maxRowBytes) {
            tell(visitor, {{"k", "m"}, {"cur", before}, {"rows", std::move(part)}});
            part = base::Json::array();
            bytes = 0;
        }
        part.push_back(row);
        bytes += size;
    }
    tell(visitor,
         {{"k", "m"}, {"cur", m.seal.cursor(visitor.ticket.visitor, cursor)}, {"rows", std::move(part)}});
}

void VisitorCore::Impl::ephemeral(const sync::EphemeralEvent &event)
{
    if (event.kind == sync::EphemeralEvent::Kind::UserPresence) {
        tellPresence(event.account);
        return;
    }
    auto *visitor = m_roster.ownerOf(event.conversation);
    if (!visitor || event.isPrivate || visitor->ticket.account != event.account)
        return;
    std::string name;
    m.database.read([&](storage::Transaction &tx) {
        if (const auto member = accounts::UserStore{tx}.member(event.account, event.who))
            name = member->displayName.empty() ? member->user.name : member->displayName;
    });
    tell(*visitor, {{"k", "typing"}, {"who", name}, {"on", event.on}});
}

void VisitorCore::Impl::tellPresence(sync::AccountNumber account)
{
    std::map<std::int64_t, bool> byInbox;
    m.database.read([&](storage::Transaction &tx) {
        m_roster.each([&](Connected &visitor) {
            if (visitor.ticket.account != account)
                return;
            const auto inbox = visitor.ticket.inbox;
            if (!byInbox.contains(inbox))
                byInbox[inbox] = agentsOnline(tx, m.ephemera, account, inbox);
            if (visitor.agentsOnline == byInbox[inbox])
                return;
            visitor.agentsOnline = byInbox[inbox];
            tell(visitor, {{"k", "presence"}, {"agents_online", visitor.agentsOnline}});
        });
    });
}

void VisitorCore::Impl::tell(const Connected &visitor, const base::Json &frame)
{
    const auto text = base::toText(frame);
    for (const auto socket : visitor.sockets)
        m.sink.send(socket, text);
}

VisitorCore::VisitorCore(VisitorParts parts, VisitorSettings settings)
    : m_impl{std::make_shared<Impl>(std::move(parts), settings)}
{
    m_impl->listen();
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

void VisitorCore::drain()
{
    m_impl->drain();
}

std::size_t VisitorCore::connections() const
{
    return m_impl->connections();
}

} // namespace server::webwidget
