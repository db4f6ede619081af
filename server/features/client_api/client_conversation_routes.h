#pragma once

#include "server/features/client_api/client_doors.h"

namespace server::client_api {

/// The contact's conversations.
class ClientConversationRoutes {
public:
    explicit ClientConversationRoutes(const ClientDoors &doors) : m{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ClientAnswer listConversations(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer createConversation(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer showConversation(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer toggleStatus(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer toggleTyping(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer updateLastSeen(ports::HttpRequest &request, const ClientCaller &caller);
    ClientAnswer conversationAnswer(const ports::HttpRequest &request, const ClientCaller &caller,
                                    const base::Uuid &id);

    const ClientDoors &m;
};

} // namespace server::client_api
