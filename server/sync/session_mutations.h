#pragma once

#include "server/sync/core_tasks.h"
#include "server/sync/mutation_pipeline.h"
#include "server/sync/session_feed.h"
#include "server/sync/session_parts.h"
#include "server/sync/session_table.h"
#include "shared/base/json_fwd.h"

namespace server::sync {

/// Hands on what sessions want to change, and brings them the answers. Part of SessionCore.
class SessionMutations {
public:
    SessionMutations(const SessionParts &parts, const CoreTasks &tasks, SessionTable &table,
                     SessionFeed &feed);

    /// A `mut` frame; may end the session.
    void mutate(Session &session, const base::Json &frame);

private:
    void answered(SessionId id, const protocol::Receipt &receipt, bool counted);

    const CoreTasks &m_tasks;
    SessionTable &m_table;
    SessionFeed &m_feed;
    MutationPipeline m_pipeline;
};

} // namespace server::sync
