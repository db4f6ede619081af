#pragma once

#include "server/features/accounts/api_gate.h"

namespace server::accounts {

/// REST: the caller's profile, the account, its agents.
class AccountRoutes {
public:
    explicit AccountRoutes(ApiGate &gate) : m_gate{gate} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer profile(ApiCall &call);
    Answer changeProfile(ApiCall &call);
    base::Status changePassword(ApiCall &call, const base::Json &fields);
    Answer account(ApiCall &call);
    Answer changeAccount(ApiCall &call);
    Answer agents(ApiCall &call);
    Answer addAgent(ApiCall &call);
    Answer changeAgent(ApiCall &call);
    Answer removeAgent(ApiCall &call);

    ApiGate &m_gate;
};

} // namespace server::accounts
