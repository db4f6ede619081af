#pragma once

#include "server/ports/log.h"
#include "server/sync/directory.h"
#include "server/sync/executor.h"
#include "server/sync/mutation_registry.h"
#include "shared/protocol/mutation.h"

#include <functional>
#include <memory>
#include <vector>

namespace server::sync {

/// Executes mutations exactly once and answers them as often as asked (sync-protocol 9.2 to 9.4). The receipt
/// is written in the transaction of the effect; a refused mutation leaves nothing but its receipt. Any
/// thread.
class MutationPipeline {
public:
    MutationPipeline(Executor &executor, const MutationRegistry &registry, ports::Log log)
        : m_executor{executor}
        , m_registry{registry}
        , m_log{std::move(log)}
    {
    }

    /// On the executor's thread, after the commit. Must not throw.
    using Answer = std::function<void(const protocol::Receipt &)>;

    /// Whether a caller's numbers turned out to be somebody else's as well. Read and set by the executor.
    using Shared = std::shared_ptr<bool>;

    /// `who` has a device. Mutations of one caller run in the order they are handed in; when one of them is
    /// answered with NumberConflict, so are all after it: they may come after that one in its lane.
    void submit(const Principal &who, protocol::Mutation mutation, Answer answer, Shared isShared = {});
    /// One whose bytes could not be read, but whose number and name could: refused as invalid, with a
    /// receipt.
    void submitMalformed(const Principal &who, std::int64_t n, const base::Uuid &mid, Answer answer);

    /// The receipts of those numbers that are decided.
    static std::vector<protocol::Receipt> decided(storage::Transaction &tx, const Principal &who,
                                                  const std::vector<std::int64_t> &numbers);

private:
    struct Run;

    void queue(const Principal &who, std::shared_ptr<Run> run, Answer answer);

    Executor &m_executor;
    const MutationRegistry &m_registry;
    ports::Log m_log;
};

} // namespace server::sync
