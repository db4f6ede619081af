#pragma once

#include "server/features/attachments/attachment_service.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/features/webwidget/proof_of_work.h"
#include "server/features/webwidget/visitor_view.h"
#include "server/features/webwidget/widget_config.h"
#include "server/ports/assets.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace server::webwidget {

class VisitorRoutes;

/// What the widget's HTTP side stands on. All of it outlives the router.
struct WidgetParts {
    storage::Database &database;
    sync::Executor &executor;
    const sync::Ephemera &ephemera;
    contacts::ContactService &contacts;
    conversations::ConversationService &conversations;
    const inboxes::InboxService &inboxes;
    const ports::Crypto &crypto;
    attachments::AttachmentService &attachments;
    const VisitorSeal &seal;
    const attachments::BlobLink &links;
    ports::RateLimiter &limiter;
    base::UuidMaker &ids;
    const base::Clock &clock;
    const ports::TimeZones &zones;
    std::function<const ports::Asset *(std::string_view path)> findAsset;
    std::string publicUrl; ///< as ApiGate's
    CampaignSource campaigns = {};
};

/// Pages, session and uploads of the website chat (docs/protocol.md B.1, B.2, B.5).
class WidgetRoutes {
public:
    explicit WidgetRoutes(WidgetParts parts);
    ~WidgetRoutes();
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ports::HttpResponse file(const ports::HttpRequest &request);
    ports::HttpResponse frame(const ports::HttpRequest &request);
    ports::HttpResponse script(const ports::HttpRequest &request);
    ports::HttpResponse builder(const ports::HttpRequest &request);
    ports::HttpResponse demo(const ports::HttpRequest &request);
    ports::HttpResponse session(const ports::HttpRequest &request);
    ports::HttpResponse upload(ports::HttpRequest &request);
    std::optional<Ticket> ticketFor(const ports::HttpRequest &request, const base::Json &body,
                                    const inboxes::InboxRow &inbox, ports::HttpResponse &refused);
    base::Status identify(const base::Json &identity, const inboxes::InboxRow &inbox, Ticket &ticket);
    void notePage(const Ticket &ticket, const contacts::ContactRow &contact);

    WidgetParts m;
    ProofOfWork m_work;
    std::unique_ptr<VisitorRoutes> m_visitors;
};

} // namespace server::webwidget
