#include "server/features/client_api/client_doors.h"

#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/conversation_store.h"
#include "server/ports/answers.h"
#include "shared/base/text.h"

namespace server::client_api {

namespace {

using conversations::ConversationService;
using conversations::ConversationStore;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate addressRate{300, base::Duration{20}}; // the reference's 3,000 a minute

} // namespace

void ClientDoors::route(ports::Router &router, const ClientRoute &route, ClientHandler handler) const
{
    router.add({route.method, "/public/api/v1/inboxes/{inbox_identifier}" + route.path,
                [this, needs = route.needs, handler = std::move(handler)](HttpRequest &request) {
                    return answer(request, needs, handler);
                },
                route.maxBody, route.streamed});
}

HttpResponse ClientDoors::answer(HttpRequest &request, ClientNeeds needs, const ClientHandler &handler) const
{
    if (const auto wait = parts.limiter.take("client-api:" + request.remoteNetwork, addressRate))
        return ports::tooOften(*wait);
    const auto found = caller(request, needs);
    if (!found)
        return ports::refusal({base::ErrorCode::NotFound, {}});
    auto outcome = handler(request, *found);
    return outcome ? std::move(*outcome) : ports::refusal(outcome.error());
}

std::optional<ClientCaller> ClientDoors::caller(const HttpRequest &request, ClientNeeds needs) const
{
    ClientCaller caller;
    bool isFound = false;
    parts.database.read([&](storage::Transaction &tx) {
        auto inbox = inboxes::InboxStore{tx}.byIdentifier(request.param("inbox_identifier"));
        if (!inbox)
            return;
        caller.inbox = std::move(*inbox);
        isFound = needs == ClientNeeds::Inbox;
        if (isFound)
            return;
        const contacts::ContactStore store{tx};
        const auto place =
            store.inboxBySource(caller.inbox.inbox.number, request.param("contact_identifier"));
        auto row = place ? store.find(caller.inbox.account, place->contact) : std::nullopt;
        if (!row)
            return;
        caller.known = {std::move(*row), *place};
        isFound = needs == ClientNeeds::Contact;
        if (isFound)
            return;
        const auto display = base::wholeNumber(request.param("conversation_id"));
        const auto named =
            display ? ConversationStore{tx}.byDisplay(caller.inbox.account, *display) : std::nullopt;
        if (named)
            caller.conversation =
                ConversationService::ofPlace(tx, caller.inbox.account, *place, named->conversation.id.value);
        isFound = caller.conversation.has_value();
    });
    return isFound ? std::optional{std::move(caller)} : std::nullopt;
}

base::Status ClientDoors::write(sync::AccountNumber account, const sync::Actor &actor,
                                const std::function<base::Status(sync::WriteContext &)> &work) const
{
    const auto outcome = parts.executor.run(account, actor, work);
    return outcome ? base::Status{base::Done{}} : base::Status{outcome.error()};
}

conversations::ConversationPresenter ClientDoors::presenter(storage::Transaction &tx,
                                                            const HttpRequest &request,
                                                            sync::AccountNumber account) const
{
    return {{tx, parts.ephemera, parts.links, parts.clock.now(), ports::originOf(request, parts.publicUrl)},
            account,
            0};
}

sync::Actor actorOf(const contacts::ContactRow &row)
{
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = row.contact.id.value;
    actor.number = row.contact.number;
    return actor;
}

} // namespace server::client_api
