#pragma once

#include "server/features/accounts/api_gate.h"

namespace server::canned_responses {

/// REST: canned responses.
class CannedResponseRoutes {
public:
    explicit CannedResponseRoutes(accounts::ApiGate &gate) : m_gate{gate} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);

    accounts::ApiGate &m_gate;
};

} // namespace server::canned_responses
