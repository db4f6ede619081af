#include "server/features/client_api/client_message_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/attachments/message_form.h"
#include "server/features/client_api/client_presenter.h"
#include "server/features/inboxes/opening_hours.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::client_api {

namespace {

using accounts::ApiFields;
using base::ErrorCode;
using conversations::MessageStore;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate messageRate{60, base::Duration{300}}; // the reference's 200 a minute and conversation
constexpr std::size_t shownMessages = 100;
constexpr std::size_t maxEchoId = 100;

} // namespace

void ClientMessageRoutes::add(ports::Router &router)
{
    const std::string all = clientMessagesPath;
    m.route(
        router, {"GET", all, ClientNeeds::Conversation},
        [this](HttpRequest &request, const ClientCaller &caller) { return listMessages(request, caller); });
    m.route(
        router, {"POST", all, ClientNeeds::Conversation, attachments::maxFormBytes, true},
        [this](HttpRequest &request, const ClientCaller &caller) { return createMessage(request, caller); });
    m.route(
        router, {"PATCH", all + "/{message_id}", ClientNeeds::Conversation},
        [this](HttpRequest &request, const ClientCaller &caller) { return updateMessage(request, caller); });
}

ClientAnswer ClientMessageRoutes::listMessages(HttpRequest &request, const ClientCaller &caller)
{
    const auto text = request.queryValue("before");
    const auto before = text.empty() ? std::optional<std::int64_t>{0} : base::wholeNumber(text);
    if (!before || *before < 0)
        return base::Error{ErrorCode::Invalid, "before"};
    auto all = base::Json::array();
    m.parts.database.read([&](storage::Transaction &tx) {
        auto shown = m.presenter(tx, request, caller.inbox.account);
        const MessageStore messages{tx};
        const auto at = *before > 0 ? messages.find(caller.inbox.account, *before) : std::nullopt;
        const auto below = at && at->conversation == caller.conversation->number ? at->message.n : 0;
        for (const auto &row : messages.publicBefore(caller.conversation->number, below, shownMessages))
            all.push_back(messageJson(shown, row, *caller.conversation));
    });
    return ports::jsonAnswer(all);
}

ClientAnswer ClientMessageRoutes::createMessage(HttpRequest &request, const ClientCaller &caller)
{
    const auto &id = caller.conversation->conversation.id;
    if (const auto wait = m.parts.limiter.take("client-message:" + id.text(), messageRate))
        return ports::tooOften(*wait);
    const auto actor = actorOf(caller.known.row);
    const auto form =
        attachments::readMessageForm(m.parts.multipart, m.parts.attachments,
                                     {caller.inbox.account, actor, [this] { return m.parts.ids.next(); },
                                      caller.inbox.settings.attachments},
                                     request);
    if (!form)
        return attachments::formRefusal(form.error());
    ApiFields fields{form->fields};
    conversations::NewMessage message;
    message.direction = domain::MessageDirection::Incoming;
    message.body = fields.text("content").value_or("");
    message.echoId = fields.text("echo_id").value_or("");
    message.uploads = form->uploads;
    if (const auto status = fields.status(); !status)
        return status.error();
    if (message.echoId.size() > maxEchoId)
        return base::Error{ErrorCode::Invalid, "echo_id"};
    const bool isOpen = inboxes::openingHours(caller.inbox.settings, m.parts.zones, m.parts.clock.now()).open;
    base::Json json;
    const auto done = m.write(caller.inbox.account, actor, [&](sync::WriteContext &ctx) -> base::Status {
        const auto posted =
            m.parts.conversations.postFromContact(ctx, caller.inbox, id.value, message, !isOpen);
        if (!posted)
            return posted.error();
        auto shown = m.presenter(ctx.tx(), request, ctx.account());
        json = messageJson(shown, posted->message, posted->conversation);
        return base::Done{};
    });
    return done ? ClientAnswer{ports::jsonAnswer(json)} : ClientAnswer{done.error()};
}

ClientAnswer ClientMessageRoutes::updateMessage(HttpRequest &request, const ClientCaller &caller)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return body.error();
    const auto number = base::wholeNumber(request.param("message_id"));
    base::Json json;
    const auto done = m.write(
        caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) -> base::Status {
            const auto found = number ? MessageStore{ctx.tx()}.find(ctx.account(), *number) : std::nullopt;
            if (!found)
                return base::Error{ErrorCode::NotFound, {}};
            const auto answered =
                m.parts.conversations.answer(ctx, *caller.conversation, found->message.id.value, *body);
            if (!answered)
                return answered.error();
            auto shown = m.presenter(ctx.tx(), request, ctx.account());
            json = messageJson(shown, *answered, *caller.conversation);
            return base::Done{};
        });
    return done ? ClientAnswer{ports::jsonAnswer(json)} : ClientAnswer{done.error()};
}

} // namespace server::client_api
