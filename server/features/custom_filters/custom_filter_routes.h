#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/custom_filters/custom_filter_store.h"

namespace server::custom_filters {

/// What somebody takes with them who leaves an account.
void connect(accounts::AccountService &accounts);

/// REST: the views that people save for themselves; nobody sees another one's.
class CustomFilterRoutes {
public:
    explicit CustomFilterRoutes(accounts::ApiGate &gate) : m_gate{gate} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);

    accounts::ApiGate &m_gate;
};

} // namespace server::custom_filters
