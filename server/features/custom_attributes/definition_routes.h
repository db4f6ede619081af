#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/custom_attributes/definition_store.h"

namespace server::custom_attributes {

/// REST: the fields that an account adds to its conversations and contacts. Everybody reads, administrators
/// write. Removing one leaves the values where they are.
class DefinitionRoutes {
public:
    explicit DefinitionRoutes(accounts::ApiGate &gate) : m_gate{gate} {}
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

} // namespace server::custom_attributes
