#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/sync/mutation_registry.h"
#include "shared/domain/macros/macro.h"

#include <functional>

namespace server::macros {

/// REST: macros, and running one on several conversations.
class MacroRoutes {
public:
    MacroRoutes(accounts::ApiGate &gate, const sync::MutationRegistry &registry)
        : m_gate{gate}
        , m_registry{registry}
    {
    }
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;

    Answer list(accounts::ApiCall &call);
    Answer show(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);
    Answer execute(accounts::ApiCall &call);

    /// What is to be stored, found out inside the job.
    using Which = std::function<base::Result<domain::Macro>(sync::WriteContext &)>;
    Answer save(accounts::ApiCall &call, const Which &which);

    accounts::ApiGate &m_gate;
    const sync::MutationRegistry &m_registry;
};

} // namespace server::macros
