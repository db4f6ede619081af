#pragma once

#include "server/features/client_api/client_doors.h"

namespace server::client_api {

/// The inbox, and the contact that a program speaks for.
class ClientContactRoutes {
public:
    explicit ClientContactRoutes(const ClientDoors &doors) : m{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ClientAnswer showInbox(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer createContact(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer showContact(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer updateContact(ports::HttpRequest &request, const ClientCaller &caller);

    const ClientDoors &m;
};

} // namespace server::client_api
