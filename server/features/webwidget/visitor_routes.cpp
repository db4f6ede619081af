#include "server/features/webwidget/visitor_routes.h"

#include "server/features/conversations/rating_store.h"
#include "server/features/inboxes/pre_chat_form.h"
#include "server/features/labels/label_store.h"
#include "server/features/webwidget/identity_proof.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::webwidget {

namespace {

using base::ErrorCode;
using conversations::ConversationRow;
using conversations::ConversationService;
using conversations::MessageStore;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate readRate{40, base::Duration{500}};
constexpr ports::Rate actRate{60, base::Duration{60'000}};
constexpr ports::Rate transcriptRate{10, base::Duration{24 * 3600'000 / 10}};
constexpr std::int64_t maxBody = 32 * 1024;
constexpr std::size_t pageSize = 20;
constexpr std::size_t messagePage = 30;
constexpr std::size_t mostConversations = 500;
constexpr std::size_t mostTitles = 50;

base::Error notFound()
{
    return {ErrorCode::NotFound, {}};
}

std::optional<base::Uuid> idOf(const HttpRequest &request)
{
    return base::Uuid::parse(request.param("id"));
}

sync::Actor actorOf(const contacts::ContactRow &row)
{
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = row.contact.id.value;
    actor.number = row.contact.number;
    return actor;
}

std::vector<std::string> titlesOf(const base::Json &body, const char *key)
{
    std::vector<std::string> titles;
    for (const auto &item : base::member(body, key))
        if (item.is_string() && titles.size() < mostTitles)
            titles.push_back(base::lowered(item.get_ref<const std::string &>()));
    return titles;
}

base::Result<std::string> mergedAttributes(const ConversationRow &row, const base::Json &body)
{
    const auto stored = base::parseJson(row.customAttributes);
    auto attributes = stored && stored->is_object() ? *stored : base::Json::object();
    const auto &given = base::member(body, "custom_attributes");
    if (!given.is_null() && !given.is_object())
        return base::Error{ErrorCode::Invalid, "custom_attributes"};
    if (given.is_object())
        attributes.update(given);
    for (const auto &key : base::member(body, "remove_custom_attributes"))
        if (key.is_string())
            attributes.erase(key.get_ref<const std::string &>());
    auto text = base::toText(attributes);
    if (text.size() > (16 << 10))
        return base::Error{ErrorCode::Invalid, "custom_attributes"};
    return text;
}

} // namespace

void VisitorRoutes::add(ports::Router &router)
{
    route(router, "GET", "/w/v1/conversations", &VisitorRoutes::list);
    route(router, "GET", "/w/v1/conversations/{id}/messages", &VisitorRoutes::messages);
    route(router, "POST", "/w/v1/conversations/{id}/resolve", &VisitorRoutes::resolve);
    route(router, "POST", "/w/v1/conversations/{id}/transcript", &VisitorRoutes::transcript);
    route(router, "PATCH", "/w/v1/conversations/{id}", &VisitorRoutes::change);
    route(router, "PATCH", "/w/v1/messages/{id}", &VisitorRoutes::submit);
    route(router, "PATCH", "/w/v1/contact", &VisitorRoutes::describe);
}

void VisitorRoutes::route(ports::Router &router, const char *method, const std::string &path, Handler handler)
{
    router.add(
        {method, path, [this, handler](HttpRequest &request) { return answer(request, handler); }, maxBody});
}

HttpResponse VisitorRoutes::answer(HttpRequest &request, Handler handler)
{
    const auto ticket = m.seal.readToken(ports::bearerToken(request));
    if (!ticket)
        return ports::refusal(ticket.error());
    const bool reads = request.method == "GET";
    const auto key = (reads ? "visitor-look:" : "visitor-act:") + ticket->visitor.text();
    if (const auto wait = m.limiter.take(key, reads ? readRate : actRate))
        return ports::tooOften(*wait);
    Caller caller;
    caller.ticket = *ticket;
    bool isSite = false;
    bool isKnown = false;
    m.database.read([&](storage::Transaction &tx) {
        if (auto inbox = inboxes::InboxStore{tx}.find(ticket->account, ticket->inbox)) {
            caller.inbox = std::move(*inbox);
            isSite = true;
        }
        const contacts::ContactStore store{tx};
        const auto place = store.inboxBySource(ticket->inbox, ticket->visitor.text());
        if (auto row = place ? store.find(ticket->account, place->contact) : std::nullopt) {
            caller.known = {std::move(*row), *place};
            isKnown = true;
        }
    });
    if (!isSite)
        return ports::refusal({ErrorCode::Unauthorized, {}});
    // Who did not write yet has nothing that could be asked for, but may say who they are.
    if (!isKnown && handler == &VisitorRoutes::list)
        return ports::jsonAnswer({{"conv", base::Json::array()}, {"more", false}});
    if (!isKnown && handler != &VisitorRoutes::describe)
        return ports::refusal(notFound());
    if (isKnown && caller.known.row.contact.blocked && !reads)
        return ports::refusal({ErrorCode::Forbidden, {}});
    auto outcome = (this->*handler)(request, caller);
    return outcome ? std::move(*outcome) : ports::refusal(outcome.error());
}

base::Status VisitorRoutes::write(const Caller &caller, const Work &work)
{
    const auto outcome = m.executor.run(caller.ticket.account, actorOf(caller.known.row), work);
    return outcome ? base::Status{base::Done{}} : base::Status{outcome.error()};
}

VisitorRoutes::Answer VisitorRoutes::list(HttpRequest &request, const Caller &caller)
{
    const auto text = request.queryValue("before");
    const auto before = text.empty() ? std::optional{INT64_MAX} : base::wholeNumber(text);
    if (!before)
        return base::Error{ErrorCode::Invalid, "before"};
    std::vector<base::Json> rows;
    m.database.read([&](storage::Transaction &tx) {
        VisitorView view{tx, m.links, caller.ticket};
        for (const auto &row : ConversationService::ofPlace(tx, caller.known.place, mostConversations))
            rows.push_back(view.summary(row));
    });
    std::erase_if(rows, [&](const base::Json &row) { return row["at"].get<std::int64_t>() >= *before; });
    std::stable_sort(rows.begin(), rows.end(), [](const base::Json &a, const base::Json &b) {
        return a["at"].get<std::int64_t>() > b["at"].get<std::int64_t>();
    });
    const bool more = rows.size() > pageSize;
    rows.resize(std::min(rows.size(), pageSize));
    return ports::jsonAnswer({{"conv", std::move(rows)}, {"more", more}});
}

VisitorRoutes::Answer VisitorRoutes::messages(HttpRequest &request, const Caller &caller)
{
    const auto id = idOf(request);
    const auto text = request.queryValue("before");
    const auto before = text.empty() ? std::optional<std::int64_t>{0} : base::wholeNumber(text);
    if (!before || *before < 0)
        return base::Error{ErrorCode::Invalid, "before"};
    Answer answer = notFound();
    m.database.read([&](storage::Transaction &tx) {
        const auto row = id ? ConversationService::ofPlace(tx, caller.ticket.account, caller.known.place, *id)
                            : std::nullopt;
        if (!row)
            return;
        VisitorView view{tx, m.links, caller.ticket};
        auto found = MessageStore{tx}.publicBefore(row->number, *before, messagePage + 1);
        const bool more = found.size() > messagePage;
        if (more)
            found.erase(found.begin());
        auto rows = base::Json::array();
        for (const auto &message : found)
            if (auto json = view.message(message))
                rows.push_back(std::move(*json));
        answer =
            ports::jsonAnswer({{"conv", view.conversation(*row)}, {"rows", std::move(rows)}, {"more", more}});
    });
    return answer;
}

VisitorRoutes::Answer VisitorRoutes::conversationAnswer(const Caller &caller, const base::Uuid &id)
{
    Answer answer = notFound();
    m.database.read([&](storage::Transaction &tx) {
        const auto row = ConversationService::ofPlace(tx, caller.ticket.account, caller.known.place, id);
        if (row)
            answer =
                ports::jsonAnswer({{"conv", VisitorView{tx, m.links, caller.ticket}.conversation(*row)}});
    });
    return answer;
}

VisitorRoutes::Answer VisitorRoutes::resolve(HttpRequest &request, const Caller &caller)
{
    if (!caller.inbox.settings.endConversation)
        return base::Error{ErrorCode::Forbidden, {}};
    const auto id = idOf(request);
    const auto done = write(caller, [&](sync::WriteContext &ctx) -> base::Status {
        if (!id || !ConversationService::ofPlace(ctx.tx(), ctx.account(), caller.known.place, *id))
            return notFound();
        const auto row = m.conversations.setStatus(ctx, *id, domain::ConversationStatus::Resolved);
        return row ? base::Status{base::Done{}} : base::Status{row.error()};
    });
    return done ? conversationAnswer(caller, *id) : Answer{done.error()};
}

VisitorRoutes::Answer VisitorRoutes::transcript(HttpRequest &request, const Caller &caller)
{
    if (!caller.inbox.settings.emailTranscript)
        return base::Error{ErrorCode::Forbidden, {}};
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    const auto given = base::textField(*body, "email").value_or(caller.known.row.contact.email);
    const auto email = base::lowered(base::trimmed(given));
    if (!inboxes::isEmailAddress(email))
        return base::Error{ErrorCode::Invalid, "email"};
    if (const auto wait =
            m.limiter.take("visitor-transcript:" + caller.ticket.visitor.text(), transcriptRate))
        return ports::tooOften(*wait);
    const auto id = idOf(request);
    const auto done = write(caller, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = id ? ConversationService::ofPlace(ctx.tx(), ctx.account(), caller.known.place, *id)
                            : std::nullopt;
        if (!row)
            return notFound();
        conversations::RatingStore{ctx.tx()}.request({0, ctx.account(), row->number, email, ctx.now()});
        return base::Done{};
    });
    return done ? Answer{ports::jsonAnswer({{"email", email}}, 202)} : Answer{done.error()};
}

VisitorRoutes::Answer VisitorRoutes::change(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    const auto id = idOf(request);
    const auto done = write(caller, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = id ? ConversationService::ofPlace(ctx.tx(), ctx.account(), caller.known.place, *id)
                            : std::nullopt;
        if (!row)
            return notFound();
        const auto attributes = mergedAttributes(*row, *body);
        if (!attributes)
            return attributes.error();
        if (*attributes != row->customAttributes)
            if (const auto set = m.conversations.setCustomAttributes(ctx, *id, *attributes); !set)
                return set.error();
        auto add = titlesOf(*body, "add_labels");
        std::erase_if(add, [&](const std::string &title) {
            return !labels::LabelStore{ctx.tx()}.byTitle(ctx.account(), title);
        });
        const auto set = m.conversations.label(ctx, *id, add, titlesOf(*body, "remove_labels"));
        return set ? base::Status{base::Done{}} : base::Status{set.error()};
    });
    return done ? conversationAnswer(caller, *id) : Answer{done.error()};
}

VisitorRoutes::Answer VisitorRoutes::submit(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    const auto id = idOf(request);
    base::Json json;
    const auto done = write(caller, [&](sync::WriteContext &ctx) -> base::Status {
        const auto message = id ? MessageStore{ctx.tx()}.find(ctx.account(), *id) : std::nullopt;
        const auto row = message ? ConversationService::ofPlace(ctx.tx(), ctx.account(), caller.known.place,
                                                                message->message.conversation.value)
                                 : std::nullopt;
        if (!row)
            return notFound();
        const auto answered = m.conversations.answer(ctx, *row, *id, *body);
        if (!answered)
            return answered.error();
        const auto attributes = base::parseJson(answered->contentAttributes);
        if (const auto email = base::textField(*attributes, "submitted_email")) {
            conversations::IdentityClaim claim;
            claim.fields.email = *email;
            const auto said = conversations::IdentityService{m.contacts}.describe(ctx, caller.known, claim);
            if (!said)
                return said.error();
        }
        json = VisitorView{ctx.tx(), m.links, caller.ticket}.message(*answered).value_or(base::Json{});
        return base::Done{};
    });
    return done ? Answer{ports::jsonAnswer({{"row", std::move(json)}})} : Answer{done.error()};
}

VisitorRoutes::Answer VisitorRoutes::describe(HttpRequest &request, const Caller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    const auto claim = descriptionOf(*body);
    base::Json json;
    const auto done = write(caller, [&](sync::WriteContext &ctx) -> base::Status {
        const auto known = m.contacts.visitor(ctx, caller.inbox.inbox.number,
                                              {caller.ticket.visitor, caller.ticket.page, {}});
        if (!known)
            return known.error();
        const auto row = conversations::IdentityService{m.contacts}.describe(ctx, *known, claim);
        if (!row)
            return row.error();
        json = visitorJson(caller.ticket, caller.inbox, *row, known->place.verified);
        return base::Done{};
    });
    return done ? Answer{ports::jsonAnswer({{"visitor", std::move(json)}})} : Answer{done.error()};
}

} // namespace server::webwidget
