#pragma once

#include "server/sync/write_context.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/protocol/mutation.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace server::sync {

/// What a mutation that was not refused came to: applied, or kept back (Held, with the reason) until a person
/// decides. `detail` is JSON or empty: what is so now; for an applied one what its author should be told.
struct Outcome {
    protocol::Verdict verdict = protocol::Verdict::Ok;
    base::ErrorCode code = base::ErrorCode::Internal;
    std::string detail;
};

/// Runs one mutation's effect. Refuse with an Error whose code is a verdict of the protocol; `detail` may be
/// JSON that tells what is so now.
using MutationHandler =
    std::function<base::Result<Outcome>(WriteContext &, const protocol::Mutation &, const base::Json &args)>;

/// Which mutations exist. Features register theirs before the server starts; the generic sync tests walk all
/// of them.
class MutationRegistry {
public:
    /// `name` is the wire name. Registering one twice is a programming mistake and throws std::logic_error.
    void add(std::string name, MutationHandler handler);
    /// One that is applied or refused, never kept back.
    template <class Handler>
    requires std::is_same_v<
        std::invoke_result_t<Handler, WriteContext &, const protocol::Mutation &, const base::Json &>,
        base::Status>
    void add(std::string name, Handler handler)
    {
        add(std::move(name), MutationHandler{[handler = std::move(handler)](
                                                 WriteContext &ctx, const protocol::Mutation &mutation,
                                                 const base::Json &args) -> base::Result<Outcome> {
                const base::Status status = handler(ctx, mutation, args);
                if (!status)
                    return status.error();
                return Outcome{};
            }});
    }
    [[nodiscard]] const MutationHandler *find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::map<std::string, MutationHandler, std::less<>> m_handlers;
};

} // namespace server::sync
