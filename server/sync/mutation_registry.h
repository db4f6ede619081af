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
#include <vector>

namespace server::sync {

/// Runs one mutation's effect. Refuse with an Error whose code is a verdict of the protocol; `detail` may be
/// JSON that tells what is so now.
using MutationHandler =
    std::function<base::Status(WriteContext &, const protocol::Mutation &, const base::Json &args)>;

/// Which mutations exist. Features register theirs before the server starts; the generic sync tests walk all
/// of them.
class MutationRegistry {
public:
    /// `name` is the wire name. Registering one twice is a programming mistake and throws std::logic_error.
    void add(std::string name, MutationHandler handler);
    [[nodiscard]] const MutationHandler *find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::map<std::string, MutationHandler, std::less<>> m_handlers;
};

} // namespace server::sync
