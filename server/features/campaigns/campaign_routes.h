#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/campaigns/campaign_service.h"

namespace server::campaigns {

/// REST: campaigns of websites, for administrators.
class CampaignRoutes {
public:
    explicit CampaignRoutes(accounts::ApiGate &gate) : m_gate{gate} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);
    base::Json jsonOf(storage::Transaction &tx, const accounts::ApiCall &call, const CampaignRow &row) const;

    accounts::ApiGate &m_gate;
};

} // namespace server::campaigns
