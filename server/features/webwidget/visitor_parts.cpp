#include "server/features/webwidget/visitor_parts.h"

#include "shared/base/json.h"

namespace server::webwidget {

void tell(VisitorSink &sink, ports::SocketId socket, const base::Json &frame)
{
    sink.send(socket, base::toText(frame));
}

void tell(VisitorSink &sink, const Connected &visitor, const base::Json &frame)
{
    const auto text = base::toText(frame);
    for (const auto socket : visitor.sockets)
        sink.send(socket, text);
}

void arrive(sync::Ephemera &ephemera, Connected &visitor, const contacts::ContactRow &contact)
{
    visitor.name = contact.contact.name;
    if (visitor.contactNumber != 0)
        return;
    visitor.contact = contact.contact.id.value;
    visitor.contactNumber = contact.contact.number;
    ephemera.connected(visitor.ticket.account, false, visitor.contact);
}

} // namespace server::webwidget
