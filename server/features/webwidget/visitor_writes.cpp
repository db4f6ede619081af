#include "server/features/webwidget/visitor_writes.h"

#include "server/features/inboxes/inbox_store.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::webwidget {

using base::ErrorCode;
using ports::SocketId;

namespace {

constexpr ports::Rate sendRate{10, base::Duration{1000}};
constexpr ports::Rate typingRate{5, base::Duration{1000}};
constexpr ports::Rate readRate{20, base::Duration{500}};

} // namespace

VisitorWrites::VisitorWrites(const VisitorParts &parts, const VisitorSettings &settings,
                             const sync::CoreTasks &tasks, VisitorRoster &roster)
    : m_parts{parts}
    , m_settings{settings}
    , m_tasks{tasks}
    , m_roster{roster}
{
}

void VisitorWrites::send(SocketId socket, Connected &visitor, const base::Json &frame)
{
    auto read = readDraft(frame, m_settings.maxBody);
    if (const auto *code = std::get_if<std::string_view>(&read)) {
        refuse(socket, base::uuidField(frame, "mid").value_or(base::Uuid{}), *code);
        return;
    }
    auto &draft = std::get<VisitorDraft>(read);
    if (const auto wait = m_parts.limiter.take("visitor-send:" + visitor.ticket.visitor.text(), sendRate)) {
        refuse(socket, draft.mid, "rate", *wait);
        return;
    }
    if (visitor.inFlight >= m_settings.maxInFlight) {
        refuse(socket, draft.mid, "rate", base::Duration{1000});
        return;
    }
    submit(socket, visitor, std::move(draft));
}

void VisitorWrites::submit(SocketId socket, Connected &visitor, VisitorDraft draft)
{
    ++visitor.inFlight;
    const auto ticket = visitor.ticket;
    const auto mid = draft.mid;
    const auto posted = std::make_shared<std::optional<conversations::Posted>>();
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = ticket.visitor;
    actor.number = visitor.contactNumber;
    m_parts.executor.submit(
        ticket.account, actor,
        [posted, ticket, draft = std::move(draft),
         &service = m_parts.conversations](sync::WriteContext &ctx) -> base::Status {
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
        [this, post = m_tasks.poster(), socket, visitorId = ticket.visitor, mid,
         posted](const base::Result<std::int64_t> &result) {
            auto outcome = result ? base::Result<conversations::Posted>{**posted}
                                  : base::Result<conversations::Posted>{result.error()};
            post([this, socket, visitorId, mid, outcome = std::move(outcome)] {
                answer(socket, visitorId, mid, outcome);
            });
        });
}

// The cursor told here is that of the last push: what the commit brought may not have been sent yet.
void VisitorWrites::answer(SocketId socket, const base::Uuid &visitorId, const base::Uuid &mid,
                           const base::Result<conversations::Posted> &outcome)
{
    auto *visitor = m_roster.visitor(visitorId);
    if (visitor && visitor->inFlight > 0)
        --visitor->inFlight;
    const bool isHere = m_roster.find(socket) != nullptr;
    if (!outcome) {
        m_parts.log.info("visitor_message_refused", {{"code", toText(outcome.error().code)}});
        if (isHere)
            refuse(socket, mid, refusalCode(outcome.error().code), base::Duration{2000});
        return;
    }
    if (visitor && visitor->contactNumber == 0)
        m_parts.database.read([&](storage::Transaction &tx) {
            const auto contact =
                contacts::ContactStore{tx}.find(visitor->ticket.account, outcome->conversation.contact);
            if (contact)
                arrive(m_parts.ephemera, *visitor, *contact);
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
                  {"cur", m_parts.seal.cursor(visitorId, m_roster.find(socket)->cursor)}};
    if (outcome->repeated)
        ok["dup"] = true;
    tell(m_parts.sink, socket, ok);
}

void VisitorWrites::refuse(SocketId socket, const base::Uuid &mid, std::string_view code, base::Duration wait)
{
    base::Json no{{"k", "no"}, {"mid", mid.text()}, {"code", code}};
    if (code == "rate")
        no["ms"] = std::max<std::int64_t>(wait.count(), 500);
    tell(m_parts.sink, socket, no);
}

void VisitorWrites::typing(Connected &visitor, bool on)
{
    if (visitor.contactNumber == 0 || visitor.conversations.empty())
        return;
    if (m_parts.limiter.take("visitor-typing:" + visitor.ticket.visitor.text(), typingRate))
        return;
    sync::EphemeralEvent event;
    event.kind = sync::EphemeralEvent::Kind::Composing;
    event.account = visitor.ticket.account;
    event.conversation = visitor.conversations.back();
    event.byUser = false;
    event.who = visitor.contact;
    event.name = visitor.name;
    event.on = on;
    m_parts.ephemera.publish(event);
}

void VisitorWrites::read(Connected &visitor, const base::Json &frame)
{
    const auto conversation = base::uuidField(frame, "conv");
    const auto n = base::integerField(frame, "n");
    const auto &own = visitor.conversations;
    if (!conversation || !n || *n < 0 || std::find(own.begin(), own.end(), *conversation) == own.end())
        return;
    if (m_parts.limiter.take("visitor-read:" + visitor.ticket.visitor.text(), readRate))
        return;
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = visitor.contact;
    actor.number = visitor.contactNumber;
    m_parts.executor.submit(
        visitor.ticket.account, actor,
        [conversation = *conversation, n = *n, &service = m_parts.conversations](sync::WriteContext &ctx) {
            return service.markReadByContact(ctx, conversation, n);
        },
        [](const base::Result<std::int64_t> &) {});
}

} // namespace server::webwidget
