#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/teams/team_service.h"

namespace server::teams {

/// REST: teams and their members.
class TeamRoutes {
public:
    TeamRoutes(accounts::ApiGate &gate, TeamService &service) : m_gate{gate}, m_service{service} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);
    Answer members(accounts::ApiCall &call);
    Answer changeMembers(accounts::ApiCall &call, TeamService::Members how);

    accounts::ApiGate &m_gate;
    TeamService &m_service;
};

} // namespace server::teams
