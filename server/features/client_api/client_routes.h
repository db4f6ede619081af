#pragma once

#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_presenter.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"
#include "server/ports/time_zones.h"
#include "server/sync/ephemera.h"
#include "server/sync/executor.h"

#include <functional>
#include <optional>
#include <string>

namespace server::client_api {

/// What the customers' API stands on. All of it outlives the router.
struct ClientParts {
    storage::Database &database;
    sync::Executor &executor;
    sync::Ephemera &ephemera;
    contacts::ContactService &contacts;
    conversations::ConversationService &conversations;
    const inboxes::InboxService &inboxes;
    const ports::Crypto &crypto;
    const attachments::BlobLink &links;
    ports::RateLimiter &limiter;
    base::UuidMaker &ids;
    const base::Clock &clock;
    const ports::TimeZones &zones;
    std::string publicUrl; ///< as ApiGate's
};

/// REST for the programs of customers, "/public/api/v1/…": whoever knows an inbox's identifier may be a
/// contact there, whoever knows a contact's source id is that contact (docs/protocol.md B.10).
class ClientRoutes {
public:
    explicit ClientRoutes(ClientParts parts) : m{std::move(parts)} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    struct Caller {
        inboxes::InboxRow inbox;
        contacts::KnownContact known;
        std::optional<conversations::ConversationRow> conversation; ///< that the path names
    };
    enum class Needs { Inbox, Contact, Conversation };
    using Answer = base::Result<ports::HttpResponse>;
    using Handler = Answer (ClientRoutes::*)(ports::HttpRequest &, const Caller &);
    using Work = std::function<base::Status(sync::WriteContext &)>;

    ports::HttpResponse answer(ports::HttpRequest &request, Needs needs, Handler handler);
    Answer showInbox(ports::HttpRequest &request, const Caller &caller);
    Answer createContact(ports::HttpRequest &request, const Caller &caller);
    Answer showContact(ports::HttpRequest &request, const Caller &caller);
    Answer updateContact(ports::HttpRequest &request, const Caller &caller);
    Answer listConversations(ports::HttpRequest &request, const Caller &caller);
    Answer createConversation(ports::HttpRequest &request, const Caller &caller);
    Answer showConversation(ports::HttpRequest &request, const Caller &caller);
    Answer toggleStatus(ports::HttpRequest &request, const Caller &caller);
    Answer toggleTyping(ports::HttpRequest &request, const Caller &caller);
    Answer updateLastSeen(ports::HttpRequest &request, const Caller &caller);
    Answer listMessages(ports::HttpRequest &request, const Caller &caller);
    Answer createMessage(ports::HttpRequest &request, const Caller &caller);
    Answer updateMessage(ports::HttpRequest &request, const Caller &caller);
    ports::HttpResponse survey(const ports::HttpRequest &request);
    ports::HttpResponse rate(const ports::HttpRequest &request);
    ports::HttpResponse surveyPage(const ports::HttpRequest &request);
    ports::HttpResponse ratePage(ports::HttpRequest &request);

    Answer conversationAnswer(const ports::HttpRequest &request, const Caller &caller, const base::Uuid &id);
    conversations::ConversationPresenter
    presenter(storage::Transaction &tx, const ports::HttpRequest &request, sync::AccountNumber account) const;
    base::Status write(sync::AccountNumber account, const sync::Actor &actor, const Work &work);

    ClientParts m;
};

} // namespace server::client_api
