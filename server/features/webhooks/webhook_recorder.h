#pragma once

#include "server/features/attachments/blob_link.h"
#include "server/features/webhooks/delivery_store.h"
#include "server/features/webhooks/webhook_payload.h"
#include "server/ports/log.h"
#include "server/sync/executor.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace server::webhooks {

/// Sees every change and writes down, in the same transaction, whom to tell of it: what is committed is told,
/// what is not is not. What a record was before is read from the database as it was before the transaction.
///
/// jobDone() runs on the executor's thread, the rest on any other.
class WebhookRecorder : public sync::JobObserver {
public:
    struct Parts {
        storage::Database &database;
        sync::Executor &executor;
        const sync::Ephemera &ephemera;
        const attachments::BlobLink &links;
        std::string origin; ///< put before paths of files
        ports::Log log;
    };

    explicit WebhookRecorder(Parts parts);
    ~WebhookRecorder() override;

    void begins() override;
    void jobDone(sync::WriteContext &ctx, const std::vector<sync::Change> &changes) override;
    /// Something of the moment, when anybody asked for it. Blocks; not on the executor's thread.
    void note(const sync::EphemeralEvent &event);

    /// Called on the executor's thread when there is something to send. Before the first job.
    void onRecorded(std::function<void()> wake) { m_wake = std::move(wake); }

private:
    struct Seen;
    struct Touched;
    class Round;

    void lookBack(sync::AccountNumber account, const Touched &touched);
    [[nodiscard]] WebhookPayload::Parts partsFor(sync::WriteContext &ctx) const;

    Parts m_parts;
    std::function<void()> m_wake;
    std::unique_ptr<Seen> m_seen; ///< records as they were after the last job of this transaction
};

} // namespace server::webhooks
