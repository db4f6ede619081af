#pragma once

#include "server/features/webwidget/widget_parts.h"

namespace server::webwidget {

/// What else a visitor may do over HTTP (docs/protocol.md B.7).
class VisitorRoutes {
public:
    explicit VisitorRoutes(WidgetParts parts) : m{std::move(parts)} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    /// Somebody who wrote already, and where.
    struct Caller {
        Ticket ticket;
        inboxes::InboxRow inbox;
        contacts::KnownContact known;
    };
    using Answer = base::Result<ports::HttpResponse>;
    using Handler = Answer (VisitorRoutes::*)(ports::HttpRequest &, const Caller &);
    using Work = std::function<base::Status(sync::WriteContext &)>;

    void route(ports::Router &router, const char *method, const std::string &path, Handler handler);
    ports::HttpResponse answer(ports::HttpRequest &request, Handler handler);
    Answer list(ports::HttpRequest &request, const Caller &caller);
    Answer messages(ports::HttpRequest &request, const Caller &caller);
    Answer resolve(ports::HttpRequest &request, const Caller &caller);
    Answer transcript(ports::HttpRequest &request, const Caller &caller);
    Answer change(ports::HttpRequest &request, const Caller &caller);
    Answer submit(ports::HttpRequest &request, const Caller &caller);
    Answer describe(ports::HttpRequest &request, const Caller &caller);
    Answer conversationAnswer(const Caller &caller, const base::Uuid &id);
    base::Status write(const Caller &caller, const Work &work);

    WidgetParts m;
};

} // namespace server::webwidget
