#include "server/features/client_api/client_contact_routes.h"

#include "server/features/client_api/client_presenter.h"
#include "server/features/contacts/contact_presenter.h"
#include "server/features/conversations/identity_service.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

namespace server::client_api {

namespace {

using base::ErrorCode;
using ports::HttpRequest;

constexpr ports::Rate newContactRate{60, base::Duration{1000}};

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

} // namespace

void ClientContactRoutes::add(ports::Router &router)
{
    m.route(router, {"GET", "", ClientNeeds::Inbox},
            [this](HttpRequest &request, const ClientCaller &caller) { return showInbox(request, caller); });
    m.route(
        router, {"POST", "/contacts", ClientNeeds::Inbox},
        [this](HttpRequest &request, const ClientCaller &caller) { return createContact(request, caller); });
    m.route(
        router, {"GET", clientContactPath, ClientNeeds::Contact},
        [this](HttpRequest &request, const ClientCaller &caller) { return showContact(request, caller); });
    m.route(
        router, {"PATCH", clientContactPath, ClientNeeds::Contact},
        [this](HttpRequest &request, const ClientCaller &caller) { return updateContact(request, caller); });
}

ClientAnswer ClientContactRoutes::showInbox(HttpRequest &, const ClientCaller &caller)
{
    return ports::jsonAnswer(inboxJson(caller.inbox));
}

ClientAnswer ClientContactRoutes::createContact(HttpRequest &request, const ClientCaller &caller)
{
    if (const auto wait = m.parts.limiter.take("client-contact:" + request.remoteNetwork, newContactRate))
        return ports::tooOften(*wait);
    ClientCaller nobody = caller;
    nobody.known.place.sourceId = m.parts.ids.next().text();
    return updateContact(request, nobody);
}

ClientAnswer ClientContactRoutes::showContact(HttpRequest &, const ClientCaller &caller)
{
    return ports::jsonAnswer(contactJson(caller.known.row, caller.known.place, m.parts.crypto));
}

// One who is not known yet is made; see docs/protocol.md B.7 for who they are then.
ClientAnswer ClientContactRoutes::updateContact(HttpRequest &request, const ClientCaller &caller)
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
    claim->verified = !hash.empty() && m.parts.inboxes.isIdentity(caller.inbox, identifier, hash);
    if (!claim->verified &&
        (!hash.empty() || (caller.inbox.settings.hmacMandatory && (isNew || !identifier.empty()))))
        return base::Error{ErrorCode::Unauthorized, "identifier_hash"};
    const auto visitor = base::Uuid::parse(caller.known.place.sourceId);
    base::Json json;
    conversations::IdentityService identities{m.parts.contacts};
    const auto done = m.write(
        caller.inbox.account, isNew ? sync::Actor{} : actorOf(caller.known.row),
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
                    const auto made = m.parts.contacts.visitor(ctx, inbox, {*visitor, {}, {}});
                    if (!made)
                        return made.error();
                    known = *made;
                }
                const auto row = identities.describe(ctx, known, *claim);
                if (!row)
                    return row.error();
                known.row = *row;
            }
            json = isNew ? contactJson(known.row, known.place, m.parts.crypto) : contactRecord(known.row);
            return base::Done{};
        });
    return done ? ClientAnswer{ports::jsonAnswer(json)} : ClientAnswer{done.error()};
}

} // namespace server::client_api
