#pragma once

#include "server/features/webwidget/proof_of_work.h"
#include "server/features/webwidget/widget_parts.h"

#include <memory>
#include <optional>

namespace server::webwidget {

class VisitorRoutes;

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
