#pragma once

#include "server/features/conversations/conversation_routes.h"

namespace server::conversations {

/// REST: contacts with the inboxes they are known in and their conversations. Here because it needs all
/// three.
class ContactRoutes {
public:
    explicit ContactRoutes(const ConversationDoors &doors) : m_doors{doors} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer search(accounts::ApiCall &call);
    Answer filter(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer update(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);
    Answer merge(accounts::ApiCall &call);
    Answer conversations(accounts::ApiCall &call);
    Answer labels(accounts::ApiCall &call);
    Answer setLabels(accounts::ApiCall &call);
    Answer addInbox(accounts::ApiCall &call);
    Answer contactableInboxes(accounts::ApiCall &call);
    Answer pageAnswer(accounts::ApiCall &call,
                      const std::function<contacts::ContactPage(storage::Transaction &)> &page);

    ConversationDoors m_doors;
};

} // namespace server::conversations
