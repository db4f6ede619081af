#pragma once

#include "server/features/webhooks/webhook_store.h"
#include "server/ports/crypto.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <string>

namespace server::webhooks {

/// What an administrator says of a webhook.
struct WebhookFields {
    std::string name;
    std::string url;
    std::vector<std::string> subscriptions;
    std::optional<std::int64_t> inbox; ///< inboxes.id: only what concerns it
};

/// The webhooks of accounts. Methods with a WriteContext run inside executor jobs; the caller has made sure
/// that the actor is an administrator.
class WebhookService {
public:
    explicit WebhookService(const ports::Crypto &crypto) : m_crypto{crypto} {}

    /// With a fresh secret. Fails with Invalid and the field, AlreadyExists ("url"), TooLarge when there are
    /// too many.
    base::Result<WebhookRow> create(sync::WriteContext &ctx, const WebhookFields &fields) const;
    /// What waits goes to the new address. Fails as create(), and with NotFound.
    base::Result<WebhookRow> change(sync::WriteContext &ctx, std::int64_t number,
                                    const WebhookFields &fields) const;
    /// A fresh secret, at once. Fails with NotFound.
    base::Result<WebhookRow> renewSecret(sync::WriteContext &ctx, std::int64_t number) const;
    /// With what waits for it and its log. Fails with NotFound.
    static base::Status remove(sync::WriteContext &ctx, std::int64_t number);

    /// The webhook of this number when it is the account's.
    [[nodiscard]] static std::optional<WebhookRow> find(storage::Transaction &tx, sync::AccountNumber account,
                                                        std::int64_t number);
    /// In clear; for its administrators and for signing.
    [[nodiscard]] std::string secret(const WebhookRow &row) const;

private:
    static base::Status check(storage::Transaction &tx, sync::AccountNumber account,
                              const WebhookFields &fields, std::int64_t self);
    [[nodiscard]] std::string freshSecret(const WebhookRow &row) const;

    const ports::Crypto &m_crypto;
};

} // namespace server::webhooks
