#pragma once

#include "server/features/client_api/client_contact_routes.h"
#include "server/features/client_api/client_conversation_routes.h"
#include "server/features/client_api/client_message_routes.h"
#include "server/features/client_api/survey_routes.h"

namespace server::client_api {

/// REST for the programs of customers, "/public/api/v1/…": whoever knows an inbox's identifier may be a
/// contact there, whoever knows a contact's source id is that contact (docs/protocol.md B.10).
class ClientRoutes {
public:
    explicit ClientRoutes(ClientParts parts)
        : m_doors{std::move(parts)}
        , m_contacts{m_doors}
        , m_conversations{m_doors}
        , m_messages{m_doors}
        , m_surveys{m_doors}
    {
    }
    ClientRoutes(const ClientRoutes &) = delete;
    ClientRoutes &operator=(const ClientRoutes &) = delete;
    /// The router keeps references to this object.
    void add(ports::Router &router)
    {
        m_contacts.add(router);
        m_conversations.add(router);
        m_messages.add(router);
        m_surveys.add(router);
    }

private:
    const ClientDoors m_doors;
    ClientContactRoutes m_contacts;
    ClientConversationRoutes m_conversations;
    ClientMessageRoutes m_messages;
    SurveyRoutes m_surveys;
};

} // namespace server::client_api
