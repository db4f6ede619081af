#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/inboxes/inbox_service.h"

namespace server::inboxes {

/// REST: inboxes and their members.
class InboxRoutes {
public:
    InboxRoutes(accounts::ApiGate &gate, InboxService &service) : m_gate{gate}, m_service{service} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;
    enum class Members { Add, Set, Remove };

    Answer list(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer members(accounts::ApiCall &call);
    Answer changeMembers(accounts::ApiCall &call, Members how);
    Answer membersAnswer(const accounts::ApiCall &call, std::int64_t inbox);

    accounts::ApiGate &m_gate;
    InboxService &m_service;
};

} // namespace server::inboxes
