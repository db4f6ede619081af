#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/labels/label_service.h"

namespace server::labels {

/// REST: the labels an account defined.
class LabelRoutes {
public:
    LabelRoutes(accounts::ApiGate &gate, LabelService &service) : m_gate{gate}, m_service{service} {}
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
    LabelService &m_service;
};

} // namespace server::labels
