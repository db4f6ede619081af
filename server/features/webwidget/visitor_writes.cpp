#include "server/features/webwidget/visitor_writes.h"

#include "server/features/conversations/identity_service.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/features/inboxes/opening_hours.h"
#include "server/features/inboxes/pre_chat_form.h"
#include "server/features/webwidget/identity_proof.h"
#include "server/features/webwidget/widget_config.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::webwidget {

using base::ErrorCode;
using ports::SocketId;

namespace {

constexpr std::string_view formFaults = "pre_chat:"; // before the faults, in an error's detail
constexpr std::size_t mostLabels = 20;
constexpr ports::Rate sendRate{10, base::Duration{1000}};
constexpr ports::Rate originRate{60, base::Duration{200}}; // of one address
constexpr ports::Rate pageRate{1, base::Duration{5000}};
constexpr ports::Rate typingRate{5, base::Duration{1000}};
constexpr ports::Rate readRate{20, base::Duration{500}};
constexpr ports::Rate openedRate{5, base::Duration{5000}};

/// What lies outside of us and outlives every job.
struct Outside {
    const ports::TimeZones &zones;
    const ports::TextPatterns &patterns;
    CampaignSource campaigns;
};

// The form's answers go to the contact, or to the conversation that begins.
base::Status takeAnswers(sync::WriteContext &ctx, const inboxes::InboxRow &inbox,
                         const contacts::KnownContact &known, const base::Json &answers,
                         const ports::TextPatterns &patterns)
{
    const auto form = inboxes::PreChatForm::fromText(inbox.settings.preChatForm);
    if (!form)
        return base::Done{};
    const auto faults = form->check(answers, knownFields(inbox, known.row), patterns);
    if (!faults.empty())
        return base::Error{ErrorCode::Invalid, std::string{formFaults} + base::toText(base::Json(faults))};
    auto told = base::Json::object();
    auto own = base::Json::object();
    for (const auto &field : form->fields()) {
        const auto &answer = base::member(answers, field.name);
        if (answer.is_null())
            continue;
        if (field.target == inboxes::PreChatForm::Target::Email)
            told["email"] = answer;
        else if (field.target == inboxes::PreChatForm::Target::Name)
            told["name"] = answer;
        else if (field.target == inboxes::PreChatForm::Target::Phone)
            told["phone_number"] = answer;
        else if (field.target == inboxes::PreChatForm::Target::Contact)
            own[field.name] = answer;
    }
    told["custom_attributes"] = own;
    contacts::ContactService people;
    const auto row = conversations::IdentityService{people}.describe(ctx, known, descriptionOf(told));
    return row ? base::Status{base::Done{}} : base::Status{row.error()};
}

std::string conversationAttributes(const inboxes::InboxRow &inbox, const base::Json &start)
{
    const auto &given = base::member(start, "custom_attributes");
    auto attributes = given.is_object() ? given : base::Json::object();
    const auto form = inboxes::PreChatForm::fromText(inbox.settings.preChatForm);
    if (form && inbox.settings.preChatFormEnabled)
        for (const auto &field : form->fields())
            if (const auto &answer = base::member(base::member(start, "pre_chat"), field.name);
                field.target == inboxes::PreChatForm::Target::Conversation && !answer.is_null())
                attributes[field.name] = answer;
    return base::toText(attributes);
}

// Taken up a moment too late, it is a conversation like others.
std::optional<conversations::CampaignStart> campaignOf(const std::vector<CampaignTeaser> &teasers,
                                                       const std::string &number)
{
    for (const auto &teaser : teasers)
        if (std::to_string(teaser.number) == number)
            return conversations::CampaignStart{teaser.number, teaser.message, teaser.sender};
    return std::nullopt;
}

conversations::VisitorMessage messageOf(const VisitorDraft &draft, const Ticket &ticket,
                                        const inboxes::InboxRow &inbox, const Outside &world,
                                        base::Timestamp now)
{
    const base::Json browser{{"browser_language", ticket.language}};
    const auto parsed = base::parseJson(draft.start);
    const auto start = parsed ? *parsed : base::Json::object();
    conversations::VisitorMessage message{
        inbox,
        {ticket.visitor, ticket.page, ticket.language.empty() ? std::string{} : base::toText(browser)},
        draft.mid,
        draft.body,
        draft.uploads};
    message.conversation = draft.conversation;
    message.fresh = draft.fresh;
    message.replyTo = draft.replyTo;
    message.isClosed = !inboxes::openingHours(inbox.settings, world.zones, now).open;
    message.customAttributes = conversationAttributes(inbox, start);
    for (const auto &label : base::member(start, "labels"))
        if (label.is_string() && message.labels.size() < mostLabels)
            message.labels.push_back(label.get<std::string>());
    if (const auto chosen = base::textField(start, "campaign"); chosen && world.campaigns)
        message.campaign = [number = *chosen, inbox, campaigns = world.campaigns](storage::Transaction &tx) {
            return campaignOf(campaigns(tx, inbox), number);
        };
    if (inbox.settings.preChatFormEnabled)
        message.mayBegin = [inbox, answers = base::member(start, "pre_chat"), &patterns = world.patterns](
                               sync::WriteContext &ctx, const contacts::KnownContact &known) {
            return takeAnswers(ctx, inbox, known, answers, patterns);
        };
    return message;
}

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
    const auto &origin = visitor.ticket.origin;
    if (const auto wait =
            origin.empty() ? std::nullopt : m_parts.limiter.take("visitor-from:" + origin, originRate)) {
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
        [posted, ticket, draft = std::move(draft), &service = m_parts.conversations,
         world = Outside{m_parts.zones, m_parts.patterns, m_parts.campaigns}](
            sync::WriteContext &ctx) -> base::Status {
            const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ticket.account, ticket.inbox);
            if (!inbox)
                return base::Error{ErrorCode::NotFound, "inbox"};
            auto outcome = service.postFromVisitor(ctx, messageOf(draft, ticket, *inbox, world, ctx.now()));
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
    if (!outcome && outcome.error().detail.starts_with(formFaults)) {
        const auto fields = base::parseJson(outcome.error().detail.substr(formFaults.size()));
        if (isHere && fields)
            tell(m_parts.sink, socket,
                 {{"k", "no"}, {"mid", mid.text()}, {"code", "pre_chat"}, {"fields", *fields}});
        return;
    }
    if (!outcome) {
        m_parts.log.info("visitor_message_refused", {{"code", toText(outcome.error().code)}});
        if (isHere)
            refuse(socket, mid,
                   outcome.error().detail == "closed" ? "closed" : refusalCode(outcome.error().code),
                   base::Duration{2000});
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

void VisitorWrites::typing(Connected &visitor, const base::Json &frame)
{
    const bool on = base::flagField(frame, "on").value_or(false);
    const auto given = base::uuidField(frame, "conv");
    if (visitor.contactNumber == 0 || visitor.conversations.empty())
        return;
    if (m_parts.limiter.take("visitor-typing:" + visitor.ticket.visitor.text(), typingRate))
        return;
    sync::EphemeralEvent event;
    event.kind = sync::EphemeralEvent::Kind::Composing;
    event.account = visitor.ticket.account;
    const auto &own = visitor.conversations;
    const bool isOwn = given && std::find(own.begin(), own.end(), *given) != own.end();
    event.conversation = isOwn ? *given : own.back();
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
    if (!conversation || !n || *n < 0)
        return;
    if (m_parts.limiter.take("visitor-read:" + visitor.ticket.visitor.text(), readRate))
        return;
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    bool isTheirs = false;
    const auto &ticket = visitor.ticket;
    m_parts.database.read([&](storage::Transaction &tx) {
        const contacts::ContactStore store{tx};
        const auto place = store.inboxBySource(ticket.inbox, ticket.visitor.text());
        const auto row = place ? store.find(ticket.account, place->contact) : std::nullopt;
        if (!row || !conversations::ConversationService::ofPlace(tx, ticket.account, *place, *conversation))
            return;
        isTheirs = true;
        actor.id = row->contact.id.value;
        actor.number = row->contact.number;
    });
    if (!isTheirs)
        return;
    m_parts.executor.submit(
        visitor.ticket.account, actor,
        [conversation = *conversation, n = *n, &service = m_parts.conversations](sync::WriteContext &ctx) {
            return service.markReadByContact(ctx, conversation, n);
        },
        [](const base::Result<std::int64_t> &) {});
}

void VisitorWrites::page(Connected &visitor, const base::Json &frame)
{
    const auto url = base::textField(frame, "url").value_or("");
    const bool isWeb = url.starts_with("https://") || url.starts_with("http://");
    if (visitor.contactNumber == 0 || !isWeb ||
        m_parts.limiter.take("visitor-page:" + visitor.ticket.visitor.text(), pageRate))
        return;
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = visitor.contact;
    actor.number = visitor.contactNumber;
    m_parts.executor.submit(
        visitor.ticket.account, actor,
        [url, contact = visitor.contact](sync::WriteContext &ctx) -> base::Status {
            const auto row = contacts::ContactStore{ctx.tx()}.find(ctx.account(), contact);
            if (!row)
                return base::Done{};
            contacts::ContactFields fields;
            fields.lastPage = url;
            contacts::ContactService people;
            const auto changed = people.change(ctx, row->contact.number, fields);
            return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
        },
        [](const base::Result<std::int64_t> &) {});
}

void VisitorWrites::opened(const Connected &visitor, const base::Json &frame)
{
    const auto &ticket = visitor.ticket;
    if (m_parts.limiter.take("visitor-opened:" + ticket.visitor.text(), openedRate))
        return;
    const auto page = pageAddress(base::textField(frame, "url").value_or(""));
    sync::EphemeralEvent arrival;
    arrival.kind = sync::EphemeralEvent::Kind::Arrival;
    arrival.account = ticket.account;
    arrival.byUser = false;
    arrival.who = ticket.visitor;
    arrival.inbox = ticket.inbox;
    arrival.page = page.empty() ? ticket.page : page;
    m_parts.ephemera.publish(arrival);
}

} // namespace server::webwidget
