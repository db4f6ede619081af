#pragma once

#include "server/features/attachments/attachment_service.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_presenter.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/http.h"
#include "server/ports/multipart.h"
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
    attachments::AttachmentService &attachments;
    const ports::Multipart &multipart;
    const ports::Crypto &crypto;
    const attachments::BlobLink &links;
    ports::RateLimiter &limiter;
    base::UuidMaker &ids;
    const base::Clock &clock;
    const ports::TimeZones &zones;
    std::string publicUrl; ///< as ApiGate's
};

/// Whom and what a path names.
struct ClientCaller {
    inboxes::InboxRow inbox;
    contacts::KnownContact known;
    std::optional<conversations::ConversationRow> conversation;
};

/// How much of it there must be.
enum class ClientNeeds { Inbox, Contact, Conversation };

using ClientAnswer = base::Result<ports::HttpResponse>;
using ClientHandler = std::function<ClientAnswer(ports::HttpRequest &, const ClientCaller &)>;

/// One operation; its path is below the inbox.
struct ClientRoute {
    const char *method;
    std::string path;
    ClientNeeds needs;
    std::int64_t maxBody = 1 << 20;
    bool streamed = false;
};

inline constexpr const char *clientContactPath = "/contacts/{contact_identifier}";
inline constexpr const char *clientConversationsPath = "/contacts/{contact_identifier}/conversations";
inline constexpr const char *clientConversationPath =
    "/contacts/{contact_identifier}/conversations/{conversation_id}";
inline constexpr const char *clientMessagesPath =
    "/contacts/{contact_identifier}/conversations/{conversation_id}/messages";

/// What the rooms of the customers' API share: who asks, limits, and the way in and out of the database.
struct ClientDoors {
    explicit ClientDoors(ClientParts with) : parts{std::move(with)} {}

    /// The router keeps references to this object.
    void route(ports::Router &router, const ClientRoute &route, ClientHandler handler) const;
    [[nodiscard]] conversations::ConversationPresenter
    presenter(storage::Transaction &tx, const ports::HttpRequest &request, sync::AccountNumber account) const;
    base::Status write(sync::AccountNumber account, const sync::Actor &actor,
                       const std::function<base::Status(sync::WriteContext &)> &work) const;

    ClientParts parts;

private:
    ports::HttpResponse answer(ports::HttpRequest &request, ClientNeeds needs,
                               const ClientHandler &handler) const;
    [[nodiscard]] std::optional<ClientCaller> caller(const ports::HttpRequest &request,
                                                     ClientNeeds needs) const;
};

/// The contact as who a job is done.
sync::Actor actorOf(const contacts::ContactRow &row);

} // namespace server::client_api
