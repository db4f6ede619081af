#include "server/features/client_api/client_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/api_gate.h"
#include "server/features/client_api/client_presenter.h"
#include "server/features/contacts/contact_presenter.h"
#include "server/features/conversations/bot_content.h"
#include "server/features/conversations/identity_service.h"
#include "server/features/inboxes/opening_hours.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::client_api {

namespace {

using accounts::ApiFields;
using base::ErrorCode;
using conversations::ConversationRow;
using conversations::ConversationService;
using conversations::MessageStore;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate addressRate{300, base::Duration{20}}; // the reference's 3,000 a minute
constexpr ports::Rate newContactRate{60, base::Duration{1000}};
constexpr ports::Rate messageRate{60, base::Duration{300}}; // the reference's 200 a minute and conversation
constexpr std::int64_t maxBody = 1 << 20;
constexpr std::size_t mostConversations = 100;
constexpr std::size_t shownMessages = 100;

base::Error notFound()
{
    return {ErrorCode::NotFound, {}};
}

sync::Actor actorOf(const contacts::ContactRow &row)
{
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = row.contact.id.value;
    actor.number = row.contact.number;
    return actor;
}

base::Result<conversations::IdentityClaim> claimOf(const base::Json &body)
{
    const auto fields = contacts::contactFieldsFromJson(body);
    if (!fields)
        return fields.error();
    conversations::IdentityClaim claim;
    claim.fields = *fields;
    claim.fields.blocked.reset(); // an agent's word
    claim.customAttributes = fields->customAttributes.value_or("{}");
    claim.attributes = fields->additionalAttributes.value_or("{}");
    claim.fields.customAttributes.reset();
    claim.fields.additionalAttributes.reset();
    return claim;
}

std::string escaped(std::string_view text)
{
    std::string out;
    for (const auto c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

/// A conversation by its own id, over all accounts, with the question that was asked.
struct Survey {
    ConversationRow conversation;
    inboxes::InboxRow inbox;
    conversations::MessageRow question;
};

std::optional<Survey> surveyOf(storage::Transaction &tx, const HttpRequest &request)
{
    const auto id = base::Uuid::parse(request.param("uuid"));
    const auto row = id ? conversations::ConversationStore{tx}.anywhere(*id) : std::nullopt;
    const auto inbox = row ? inboxes::InboxStore{tx}.find(row->account, row->inbox) : std::nullopt;
    const auto question = inbox ? MessageStore{tx}.newestOf(row->number, "input_csat") : std::nullopt;
    return question ? std::optional{Survey{*row, *inbox, *question}} : std::nullopt;
}

} // namespace

void ClientRoutes::add(ports::Router &router)
{
    const auto route = [&](const char *method, const std::string &path, Needs needs, Handler handler) {
        router.add({method, "/public/api/v1/inboxes/{inbox_identifier}" + path,
                    [this, needs, handler](HttpRequest &request) { return answer(request, needs, handler); },
                    maxBody});
    };
    const std::string contact = "/contacts/{contact_identifier}";
    const std::string conversation = contact + "/conversations/{conversation_id}";
    route("GET", "", Needs::Inbox, &ClientRoutes::showInbox);
    route("POST", "/contacts", Needs::Inbox, &ClientRoutes::createContact);
    route("GET", contact, Needs::Contact, &ClientRoutes::showContact);
    route("PATCH", contact, Needs::Contact, &ClientRoutes::updateContact);
    route("GET", contact + "/conversations", Needs::Contact, &ClientRoutes::listConversations);
    route("POST", contact + "/conversations", Needs::Contact, &ClientRoutes::createConversation);
    route("GET", conversation, Needs::Conversation, &ClientRoutes::showConversation);
    route("POST", conversation + "/toggle_status", Needs::Conversation, &ClientRoutes::toggleStatus);
    route("POST", conversation + "/toggle_typing", Needs::Conversation, &ClientRoutes::toggleTyping);
    route("POST", conversation + "/update_last_seen", Needs::Conversation, &ClientRoutes::updateLastSeen);
    route("GET", conversation + "/messages", Needs::Conversation, &ClientRoutes::listMessages);
    route("POST", conversation + "/messages", Needs::Conversation, &ClientRoutes::createMessage);
    route("PATCH", conversation + "/messages/{message_id}", Needs::Conversation,
          &ClientRoutes::updateMessage);
    router.add({"GET", "/public/api/v1/csat_survey/{uuid}",
                [this](HttpRequest &request) { return survey(request); }});
    router.add({"PUT", "/public/api/v1/csat_survey/{uuid}",
                [this](HttpRequest &request) { return rate(request); }, maxBody});
    router.add(
        {"POST", "/survey/responses/{uuid}", [this](HttpRequest &request) { return ratePage(request); }});
    router.add(
        {"GET", "/survey/responses/{uuid}", [this](HttpRequest &request) { return surveyPage(request); }});
}

HttpResponse ClientRoutes::answer(HttpRequest &request, Needs needs, Handler handler)
{
    if (const auto wait = m.limiter.take("client-api:" + request.remoteAddress, addressRate))
        return ports::tooOften(*wait);
    Caller caller;
    bool isFound = false;
    m.database.read([&](storage::Transaction &tx) {
        auto inbox = inboxes::InboxStore{tx}.byIdentifier(request.param("inbox_identifier"));
        if (!inbox)
            return;
        caller.inbox = std::move(*inbox);
        isFound = needs == Needs::Inbox;
        if (isFound)
            return;
        const contacts::ContactStore store{tx};
        const auto place =
            store.inboxBySource(caller.inbox.inbox.number, request.param("contact_identifier"));
        auto row = place ? store.find(caller.inbox.account, place->contact) : std::nullopt;
        if (!row)
            return;
        caller.known = {std::move(*row), *place};
        isFound = needs == Needs::Contact;
        if (isFound)
            return;
        const auto display = base::wholeNumber(request.param("conversation_id"));
        const auto named =
            display ? conversations::ConversationStore{tx}.byDisplay(caller.inbox.account, *display)
                    : std::nullopt;
        if (named)
            caller.conversation =
                ConversationService::ofPlace(tx, caller.inbox.account, *place, named->conversation.id.value);
        isFound = caller.conversation.has_value();
    });
    if (!isFound)
        return ports::refusal(notFound());
    auto outcome = (this->*handler)(request, caller);
    return outcome ? std::move(*outcome) : ports::refusal(outcome.error());
}

base::Status ClientRoutes::write(sync::AccountNumber account, const sync::Actor &actor, const Work &work)
{
    const auto outcome = m.executor.run(account, actor, work);
    return outcome ? base::Status{base::Done{}} : base::Status{outcome.error()};
}

conversations::ConversationPresenter ClientRoutes::presenter(storage::Transaction &tx,
                                                             const HttpRequest &request,
                                                             sync::AccountNumber account) const
{
    return {{tx, m.ephemera, m.links, ports::originOf(request, m.publicUrl)}, account, 0};
}

ClientRoutes::Answer ClientRoutes::showInbox(HttpRequest &, const Caller &caller)
{
    return ports::jsonAnswer(inboxJson(caller.inbox));
}

ClientRoutes::Answer ClientRoutes::createContact(HttpRequest &request, const Caller &caller)
{
    if (const auto wait = m.limiter.take("client-contact:" + request.remoteAddress, newContactRate))
        return ports::tooOften(*wait);
    Caller nobody = caller;
    nobody.known.place.sourceId = m.ids.next().text();
    return updateContact(request, nobody);
}

ClientRoutes::Answer ClientRoutes::showContact(HttpRequest &, const Caller &caller)
{
    return ports::jsonAnswer(contactJson(caller.known.row, caller.known.place, m.crypto));
}

// One who is not known yet is made; see docs/protocol.md B.7 for who they are then.
ClientRoutes::Answer ClientRoutes::updateContact(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    auto claim = claimOf(*body);
    if (!claim)
        return claim.error();
    const bool isNew = caller.known.place.number == 0;
    const auto identifier = claim->fields.identifier.value_or("");
    const auto hash = base::textField(*body, "identifier_hash").value_or("");
    claim->verified = !hash.empty() && m.inboxes.isIdentity(caller.inbox, identifier, hash);
    if (!claim->verified &&
        (!hash.empty() || (caller.inbox.settings.hmacMandatory && (isNew || !identifier.empty()))))
        return base::Error{ErrorCode::Unauthorized, "identifier_hash"};
    const auto visitor = base::Uuid::parse(caller.known.place.sourceId);
    base::Json json;
    conversations::IdentityService identities{m.contacts};
    const auto done =
        write(caller.inbox.account, isNew ? sync::Actor{} : actorOf(caller.known.row),
              [&](sync::WriteContext &ctx) -> base::Status {
                  const auto inbox = caller.inbox.inbox.number;
                  auto known = caller.known;
                  if (visitor && !identifier.empty()) {
                      const auto found = identities.identify(ctx, inbox, {*visitor, {}, {}}, *claim);
                      if (!found)
                          return found.error();
                      if (!isNew && found->place.sourceId != known.place.sourceId)
                          return base::Error{ErrorCode::AlreadyExists, "identifier"};
                      known = *found;
                  } else {
                      if (isNew) {
                          const auto made = m.contacts.visitor(ctx, inbox, {*visitor, {}, {}});
                          if (!made)
                              return made.error();
                          known = *made;
                      }
                      const auto row = identities.describe(ctx, known, *claim);
                      if (!row)
                          return row.error();
                      known.row = *row;
                  }
                  json = isNew ? contactJson(known.row, known.place, m.crypto) : contactRecord(known.row);
                  return base::Done{};
              });
    return done ? Answer{ports::jsonAnswer(json)} : Answer{done.error()};
}

ClientRoutes::Answer ClientRoutes::listConversations(HttpRequest &request, const Caller &caller)
{
    auto all = base::Json::array();
    m.database.read([&](storage::Transaction &tx) {
        auto shown = presenter(tx, request, caller.inbox.account);
        for (const auto &row : ConversationService::ofPlace(tx, caller.known.place, mostConversations))
            all.push_back(conversationJson(tx, shown, row, caller.known.row));
    });
    return ports::jsonAnswer(all);
}

ClientRoutes::Answer ClientRoutes::conversationAnswer(const HttpRequest &request, const Caller &caller,
                                                      const base::Uuid &id)
{
    Answer answer = notFound();
    m.database.read([&](storage::Transaction &tx) {
        const auto row = ConversationService::ofPlace(tx, caller.inbox.account, caller.known.place, id);
        auto shown = presenter(tx, request, caller.inbox.account);
        if (row)
            answer = ports::jsonAnswer(conversationJson(tx, shown, *row, caller.known.row));
    });
    return answer;
}

ClientRoutes::Answer ClientRoutes::createConversation(HttpRequest &request, const Caller &caller)
{
    if (caller.known.row.contact.blocked)
        return base::Error{ErrorCode::Forbidden, {}};
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    ApiFields fields{*body};
    conversations::NewConversation wanted;
    wanted.customAttributes = fields.objectText("custom_attributes").value_or("{}");
    if (const auto status = fields.status(); !status)
        return status.error();
    if (const auto wait = m.limiter.take("client-new:" + caller.known.place.sourceId, newContactRate))
        return ports::tooOften(*wait);
    wanted.contact = caller.known.row.contact.number;
    wanted.inbox = caller.inbox.inbox.number;
    wanted.sourceId = caller.known.place.sourceId;
    base::Uuid id;
    const auto done = write(caller.inbox.account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        const auto theirs = ConversationService::ofPlace(ctx.tx(), caller.known.place, 1);
        if (caller.inbox.settings.lockToSingleConversation && !theirs.empty()) {
            id = theirs.front().conversation.id.value;
            return base::Done{};
        }
        const auto row = m.conversations.create(ctx, wanted);
        if (!row)
            return row.error();
        id = row->conversation.id.value;
        return base::Done{};
    });
    return done ? conversationAnswer(request, caller, id) : Answer{done.error()};
}

ClientRoutes::Answer ClientRoutes::showConversation(HttpRequest &request, const Caller &caller)
{
    return conversationAnswer(request, caller, caller.conversation->conversation.id.value);
}

ClientRoutes::Answer ClientRoutes::toggleStatus(HttpRequest &request, const Caller &caller)
{
    using domain::ConversationStatus;
    const auto &conversation = caller.conversation->conversation;
    const auto to = conversation.status == ConversationStatus::Resolved ? ConversationStatus::Open
                                                                        : ConversationStatus::Resolved;
    const auto done =
        write(caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) -> base::Status {
            const auto row = m.conversations.setStatus(ctx, conversation.id.value, to);
            return row ? base::Status{base::Done{}} : base::Status{row.error()};
        });
    return done ? conversationAnswer(request, caller, conversation.id.value) : Answer{done.error()};
}

ClientRoutes::Answer ClientRoutes::toggleTyping(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    auto status = std::string{request.queryValue("typing_status")};
    if (status.empty())
        status = base::textField(*body, "typing_status").value_or("");
    if (status != "on" && status != "off")
        return base::Error{ErrorCode::Invalid, "typing_status"};
    sync::EphemeralEvent event;
    event.kind = sync::EphemeralEvent::Kind::Composing;
    event.account = caller.inbox.account;
    event.conversation = caller.conversation->conversation.id.value;
    event.byUser = false;
    event.who = caller.known.row.contact.id.value;
    event.name = caller.known.row.contact.name;
    event.on = status == "on";
    m.ephemera.publish(event);
    return HttpResponse{};
}

ClientRoutes::Answer ClientRoutes::updateLastSeen(HttpRequest &, const Caller &caller)
{
    const auto &conversation = caller.conversation->conversation;
    const auto done = write(caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) {
        return m.conversations.markReadByContact(ctx, conversation.id.value, INT64_MAX);
    });
    return done ? Answer{HttpResponse{}} : Answer{done.error()};
}

ClientRoutes::Answer ClientRoutes::listMessages(HttpRequest &request, const Caller &caller)
{
    const auto text = request.queryValue("before");
    const auto before = text.empty() ? std::optional<std::int64_t>{0} : base::wholeNumber(text);
    if (!before || *before < 0)
        return base::Error{ErrorCode::Invalid, "before"};
    auto all = base::Json::array();
    m.database.read([&](storage::Transaction &tx) {
        auto shown = presenter(tx, request, caller.inbox.account);
        const MessageStore messages{tx};
        const auto at = *before > 0 ? messages.find(caller.inbox.account, *before) : std::nullopt;
        const auto below = at && at->conversation == caller.conversation->number ? at->message.n : 0;
        for (const auto &row : messages.publicBefore(caller.conversation->number, below, shownMessages))
            all.push_back(messageJson(shown, row, *caller.conversation));
    });
    return ports::jsonAnswer(all);
}

ClientRoutes::Answer ClientRoutes::createMessage(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    ApiFields fields{*body};
    conversations::NewMessage message;
    message.direction = domain::MessageDirection::Incoming;
    message.body = fields.text("content").value_or("");
    message.echoId = fields.text("echo_id").value_or("");
    if (const auto status = fields.status(); !status)
        return status.error();
    const auto &id = caller.conversation->conversation.id;
    if (const auto wait = m.limiter.take("client-message:" + id.text(), messageRate))
        return ports::tooOften(*wait);
    const bool isOpen = inboxes::openingHours(caller.inbox.settings, m.zones, m.clock.now()).open;
    base::Json json;
    const auto done =
        write(caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) -> base::Status {
            const auto posted =
                m.conversations.postFromContact(ctx, caller.inbox, id.value, message, !isOpen);
            if (!posted)
                return posted.error();
            auto shown = presenter(ctx.tx(), request, ctx.account());
            json = messageJson(shown, posted->message, posted->conversation);
            return base::Done{};
        });
    return done ? Answer{ports::jsonAnswer(json)} : Answer{done.error()};
}

ClientRoutes::Answer ClientRoutes::updateMessage(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    const auto number = base::wholeNumber(request.param("message_id"));
    base::Json json;
    const auto done =
        write(caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) -> base::Status {
            const auto found = number ? MessageStore{ctx.tx()}.find(ctx.account(), *number) : std::nullopt;
            if (!found)
                return notFound();
            const auto answered =
                m.conversations.answer(ctx, *caller.conversation, found->message.id.value, *body);
            if (!answered)
                return answered.error();
            auto shown = presenter(ctx.tx(), request, ctx.account());
            json = messageJson(shown, *answered, *caller.conversation);
            return base::Done{};
        });
    return done ? Answer{ports::jsonAnswer(json)} : Answer{done.error()};
}

HttpResponse ClientRoutes::survey(const HttpRequest &request)
{
    auto answer = ports::refusal(notFound());
    m.database.read([&](storage::Transaction &tx) {
        if (const auto asked = surveyOf(tx, request))
            answer = ports::jsonAnswer(ratingJson(tx, asked->conversation, asked->inbox, asked->question));
    });
    return answer;
}

HttpResponse ClientRoutes::rate(const HttpRequest &request)
{
    if (const auto wait = m.limiter.take("client-rating:" + request.remoteAddress, newContactRate))
        return ports::tooOften(*wait);
    const auto body = ports::jsonBody(request);
    if (!body)
        return ports::refusal(body.error());
    std::optional<Survey> asked;
    m.database.read([&](storage::Transaction &tx) { asked = surveyOf(tx, request); });
    if (!asked)
        return ports::refusal(notFound());
    const auto &wrapped = base::member(*body, "message");
    const auto done = write(asked->inbox.account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = m.conversations.answer(ctx, asked->conversation, asked->question.message.id.value,
                                                wrapped.is_object() ? wrapped : *body);
        return row ? base::Status{base::Done{}} : base::Status{row.error()};
    });
    return done ? survey(request) : ports::refusal(done.error());
}

// Where a customer is sent who does not use the widget: the same question on a page of its own, which needs
// no script.
HttpResponse ClientRoutes::surveyPage(const HttpRequest &request)
{
    std::optional<Survey> asked;
    m.database.read([&](storage::Transaction &tx) { asked = surveyOf(tx, request); });
    if (!asked)
        return ports::refusal(notFound());
    HttpResponse answer;
    const auto name = escaped(asked->inbox.inbox.name);
    const auto stars = conversations::ratingOf(asked->question.contentAttributes).stars;
    answer.body = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
                  name + "</title></head><body><main><h1>" + name +
                  "</h1><form method=\"post\"><fieldset><legend>" + escaped(asked->question.message.body) +
                  "</legend>";
    for (int rating = 1; rating <= 5; ++rating) {
        const auto number = std::to_string(rating);
        answer.body += "<label><input type=\"radio\" name=\"rating\" required value=\"" + number + '"' +
                       (rating == stars ? " checked" : "") + "> " + number + "</label> ";
    }
    answer.body +=
        "</fieldset><p><label>Comment<br><textarea name=\"feedback_message\" maxlength=\"2000\" rows=\"4\" "
        "cols=\"40\"></textarea></label></p><button>Send</button></form></main></body></html>";
    answer.headers.set("Content-Type", "text/html; charset=utf-8");
    answer.headers.set("Content-Security-Policy",
                       "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
    answer.headers.set("Cache-Control", "no-store");
    return answer;
}

HttpResponse ClientRoutes::ratePage(HttpRequest &request)
{
    const auto form = accounts::formBody(request.body);
    const auto stars = base::wholeNumber(base::textField(form, "rating").value_or(""));
    request.body = base::toText(
        base::Json{{"submitted_values",
                    {{"csat_survey_response",
                      {{"rating", stars.value_or(0)},
                       {"feedback_message", base::textField(form, "feedback_message").value_or("")}}}}}});
    auto answer = rate(request);
    return answer.status == 200 ? surveyPage(request) : answer;
}

} // namespace server::client_api
