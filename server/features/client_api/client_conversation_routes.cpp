#include "server/features/client_api/client_conversation_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/client_api/client_presenter.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

namespace server::client_api {

namespace {

using accounts::ApiFields;
using base::ErrorCode;
using conversations::ConversationService;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate newConversationRate{60, base::Duration{1000}};
constexpr std::size_t mostConversations = 100;

} // namespace

void ClientConversationRoutes::add(ports::Router &router)
{
    const std::string one = clientConversationPath;
    m.route(router, {"GET", clientConversationsPath, ClientNeeds::Contact},
            [this](HttpRequest &request, const ClientCaller &caller) {
                return listConversations(request, caller);
            });
    m.route(router, {"POST", clientConversationsPath, ClientNeeds::Contact},
            [this](HttpRequest &request, const ClientCaller &caller) {
                return createConversation(request, caller);
            });
    m.route(router, {"GET", one, ClientNeeds::Conversation},
            [this](HttpRequest &request, const ClientCaller &caller) {
                return showConversation(request, caller);
            });
    m.route(
        router, {"POST", one + "/toggle_status", ClientNeeds::Conversation},
        [this](HttpRequest &request, const ClientCaller &caller) { return toggleStatus(request, caller); });
    m.route(
        router, {"POST", one + "/toggle_typing", ClientNeeds::Conversation},
        [this](HttpRequest &request, const ClientCaller &caller) { return toggleTyping(request, caller); });
    m.route(
        router, {"POST", one + "/update_last_seen", ClientNeeds::Conversation},
        [this](HttpRequest &request, const ClientCaller &caller) { return updateLastSeen(request, caller); });
}

ClientAnswer ClientConversationRoutes::listConversations(HttpRequest &request, const ClientCaller &caller)
{
    auto all = base::Json::array();
    m.parts.database.read([&](storage::Transaction &tx) {
        auto shown = m.presenter(tx, request, caller.inbox.account);
        for (const auto &row : ConversationService::ofPlace(tx, caller.known.place, mostConversations))
            all.push_back(conversationJson(tx, shown, row, caller.known.row));
    });
    return ports::jsonAnswer(all);
}

ClientAnswer ClientConversationRoutes::conversationAnswer(const HttpRequest &request,
                                                          const ClientCaller &caller, const base::Uuid &id)
{
    ClientAnswer answer = base::Error{ErrorCode::NotFound, {}};
    m.parts.database.read([&](storage::Transaction &tx) {
        const auto row = ConversationService::ofPlace(tx, caller.inbox.account, caller.known.place, id);
        auto shown = m.presenter(tx, request, caller.inbox.account);
        if (row)
            answer = ports::jsonAnswer(conversationJson(tx, shown, *row, caller.known.row));
    });
    return answer;
}

ClientAnswer ClientConversationRoutes::createConversation(HttpRequest &request, const ClientCaller &caller)
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
    if (const auto wait =
            m.parts.limiter.take("client-new:" + caller.known.place.sourceId, newConversationRate))
        return ports::tooOften(*wait);
    wanted.contact = caller.known.row.contact.number;
    wanted.inbox = caller.inbox.inbox.number;
    wanted.sourceId = caller.known.place.sourceId;
    base::Uuid id;
    const auto done = m.write(caller.inbox.account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        const auto theirs = ConversationService::ofPlace(ctx.tx(), caller.known.place, 1);
        if (caller.inbox.settings.lockToSingleConversation && !theirs.empty()) {
            id = theirs.front().conversation.id.value;
            return base::Done{};
        }
        const auto row = m.parts.conversations.create(ctx, wanted);
        if (!row)
            return row.error();
        id = row->conversation.id.value;
        return base::Done{};
    });
    return done ? conversationAnswer(request, caller, id) : ClientAnswer{done.error()};
}

ClientAnswer ClientConversationRoutes::showConversation(HttpRequest &request, const ClientCaller &caller)
{
    return conversationAnswer(request, caller, caller.conversation->conversation.id.value);
}

ClientAnswer ClientConversationRoutes::toggleStatus(HttpRequest &request, const ClientCaller &caller)
{
    using domain::ConversationStatus;
    const auto &conversation = caller.conversation->conversation;
    const auto to = conversation.status == ConversationStatus::Resolved ? ConversationStatus::Open
                                                                        : ConversationStatus::Resolved;
    const auto done = m.write(
        caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) -> base::Status {
            const auto row = m.parts.conversations.setStatus(ctx, conversation.id.value, to);
            return row ? base::Status{base::Done{}} : base::Status{row.error()};
        });
    return done ? conversationAnswer(request, caller, conversation.id.value) : ClientAnswer{done.error()};
}

ClientAnswer ClientConversationRoutes::toggleTyping(HttpRequest &request, const ClientCaller &caller)
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
    m.parts.ephemera.publish(event);
    return HttpResponse{};
}

ClientAnswer ClientConversationRoutes::updateLastSeen(HttpRequest &, const ClientCaller &caller)
{
    const auto &conversation = caller.conversation->conversation;
    const auto done = m.write(caller.inbox.account, actorOf(caller.known.row), [&](sync::WriteContext &ctx) {
        return m.parts.conversations.markReadByContact(ctx, conversation.id.value, INT64_MAX);
    });
    return done ? ClientAnswer{HttpResponse{}} : ClientAnswer{done.error()};
}

} // namespace server::client_api
