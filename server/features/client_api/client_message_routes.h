#pragma once

#include "server/features/client_api/client_doors.h"

namespace server::client_api {

/// What is said in a contact's conversation.
class ClientMessageRoutes {
public:
    explicit ClientMessageRoutes(const ClientDoors &doors) : m{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ClientAnswer listMessages(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer createMessage(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer updateMessage(ports::HttpRequest &request, const ClientCaller &caller);

    const ClientDoors &m;
};

} // namespace server::client_api
