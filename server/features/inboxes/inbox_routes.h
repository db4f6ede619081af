#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/ports/time_zones.h"

namespace server::inboxes {

/// REST: inboxes and their members.
class InboxRoutes {
public:
    InboxRoutes(accounts::ApiGate &gate, InboxService &service, const ports::TimeZones &zones)
        : m_gate{gate}
        , m_service{service}
        , m_zones{zones}
    {
    }
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
    base::Status readSettings(const base::Json &body, WebsiteSettings &settings) const;
    [[nodiscard]] base::Json jsonOf(const accounts::ApiCall &call, const InboxRow &inbox) const;
    Answer membersAnswer(const accounts::ApiCall &call, std::int64_t inbox);

    accounts::ApiGate &m_gate;
    InboxService &m_service;
    const ports::TimeZones &m_zones;
};

} // namespace server::inboxes
