#pragma once

#include "server/features/macros/macro_store.h"
#include "server/sync/mutation_registry.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"
#include "shared/protocol/macros/macro_messages.h"

namespace server::macros {

/// Macros: an agent's own, and those that administrators share with everybody. Methods run inside executor
/// jobs; the actor is a user.
class MacroService {
public:
    /// Makes the one with this id, or replaces it whole. Fails with Invalid and the field, NotFound for
    /// another's own, Forbidden for a shared one by somebody who is no administrator, TooLarge when there
    /// are too many.
    static base::Result<MacroRow> save(sync::WriteContext &ctx, const domain::Macro &macro);
    /// Fails with NotFound, Forbidden.
    static base::Status remove(sync::WriteContext &ctx, const base::Uuid &id);
    /// The macro when the actor may run it. Fails with NotFound.
    static base::Result<MacroRow> usable(storage::Transaction &tx, sync::AccountNumber account,
                                         const sync::Actor &actor, std::int64_t number);
    /// Of somebody who leaves the account.
    static void removePersonal(sync::WriteContext &ctx, std::int64_t user);

    /// Runs the calls one after the other as parts of `mutation`: all, or none when one is refused. The error
    /// is that of the call, with the detail `{"step":i,…}`. A reply that is held ends the run: Held with its
    /// code and a detail that names how many calls were `skipped`.
    static base::Result<sync::Outcome> run(sync::WriteContext &ctx, const sync::MutationRegistry &registry,
                                           const protocol::Mutation &mutation,
                                           const std::vector<protocol::MacroCall> &calls);
    /// The same for a stored macro on a conversation of its number, as the actor would run it now. Fails with
    /// NotVisible, Invalid besides.
    static base::Result<sync::Outcome> runStored(sync::WriteContext &ctx,
                                                 const sync::MutationRegistry &registry,
                                                 const domain::Macro &macro, std::int64_t display);
};

} // namespace server::macros
