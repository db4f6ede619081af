#pragma once

#include "server/features/conversations/conversation_routes.h"

namespace server::conversations {

/// REST: the messages of a conversation.
class MessageRoutes {
public:
    explicit MessageRoutes(const ConversationDoors &doors) : m_doors{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer erase(accounts::ApiCall &call);

    ConversationDoors m_doors;
};

} // namespace server::conversations
