#include "server/sync/session_mutations.h"

#include "shared/base/json.h"
#include "shared/protocol/limits.h"

namespace server::sync {

using base::Json;

namespace {

constexpr std::size_t maxMutationsAFrame = 256;
constexpr std::int64_t busyWaitMs = 1000;

} // namespace

SessionMutations::SessionMutations(const SessionParts &parts, const CoreTasks &tasks, SessionTable &table,
                                   SessionFeed &feed)
    : m_tasks{tasks}
    , m_table{table}
    , m_feed{feed}
    , m_pipeline{parts.executor, parts.mutations, parts.log}
{
}

void SessionMutations::mutate(Session &session, const Json &frame)
{
    const auto &items = base::member(frame, "i");
    if (!items.is_array() || items.size() > maxMutationsAFrame) {
        m_table.refuseFrame(session, "mut: i");
        return;
    }
    const auto id = session.id;
    for (const auto &item : items) {
        const auto n = base::integerField(item, "n");
        const auto mid = base::uuidField(item, "mid");
        if (!n || *n < 1 || !mid) {
            m_table.refuseFrame(session, "mut: n or mid");
            return;
        }
        if (session.inFlight >= static_cast<int>(protocol::maxInFlight)) {
            protocol::Receipt busy;
            busy.n = *n;
            busy.verdict = protocol::Verdict::Nack;
            busy.code = base::ErrorCode::Busy;
            busy.waitMs = busyWaitMs;
            answered(id, busy, false);
            continue;
        }
        ++session.inFlight;
        const auto answer = [this, id, post = m_tasks.poster()](const protocol::Receipt &receipt) {
            post([this, id, receipt] { answered(id, receipt, true); });
        };
        if (auto mutation = protocol::mutationFromJson(item))
            m_pipeline.submit(session.principal, *std::move(mutation), answer, session.isShared);
        else
            m_pipeline.submitMalformed(session.principal, *n, *mid, answer);
    }
}

// Answers of one commit are gathered into one frame; the feed sends them before any delta that contains their
// effects.
void SessionMutations::answered(SessionId id, const protocol::Receipt &receipt, bool counted)
{
    auto *session = m_table.find(id);
    if (!session)
        return;
    if (counted)
        --session->inFlight;
    session->receipts.push_back(receipt);
    if (session->receipts.size() > 1)
        return;
    m_tasks.post([this, id] {
        auto *waiting = m_table.find(id);
        if (!waiting)
            return;
        m_feed.sendReceipts(*waiting);
        if (waiting->owed > waiting->cursor.q)
            m_feed.serve(*waiting);
    });
}

} // namespace server::sync
