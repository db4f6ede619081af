#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/inboxes/inbox_avatar.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/ports/crypto.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace server::inboxes {

/// Fields to change; what is absent stays.
struct InboxChanges {
    std::optional<std::string> name;
    std::optional<WebsiteSettings> settings; ///< read the row's, change what you mean, give it back whole
    std::optional<InboxAvatar> avatar = {};  ///< without bytes: takes it away
};

/// Inboxes and who sees them. Methods with a WriteContext run inside executor jobs.
class InboxService {
public:
    explicit InboxService(const ports::Crypto &crypto) : m_crypto{crypto} {}

    /// Makes a website inbox with a fresh website token. Fails with Invalid and the field's name.
    base::Result<InboxRow> createWebsite(sync::WriteContext &ctx, const std::string &name,
                                         const WebsiteSettings &settings);
    /// The same for an outside program: it gets an identifier instead.
    base::Result<InboxRow> createApi(sync::WriteContext &ctx, const std::string &name,
                                     const WebsiteSettings &settings);
    base::Result<InboxRow> change(sync::WriteContext &ctx, std::int64_t inbox, const InboxChanges &changes);

    /// Makes exactly these users members. Fails with NotFound (inbox) or Invalid (not a user of the account).
    base::Status setMembers(sync::WriteContext &ctx, std::int64_t inbox,
                            const std::vector<std::int64_t> &users);
    base::Status addMembers(sync::WriteContext &ctx, std::int64_t inbox,
                            const std::vector<std::int64_t> &users);
    base::Status removeMembers(sync::WriteContext &ctx, std::int64_t inbox,
                               const std::vector<std::int64_t> &users);
    /// For users who leave the account.
    void removeEverywhere(sync::WriteContext &ctx, const accounts::MemberRow &member);

    [[nodiscard]] std::vector<accounts::MemberRow>
    members(storage::Transaction &tx, sync::AccountNumber account, std::int64_t inbox) const;
    /// Inboxes the actor sees: all for administrators and the system, memberships for agents, none for
    /// others.
    [[nodiscard]] static std::vector<InboxRow> visible(storage::Transaction &tx, sync::AccountNumber account,
                                                       const sync::Actor &actor);
    /// Whether the actor sees the conversations of this inbox now. True for the system, false for contacts.
    [[nodiscard]] static bool sees(storage::Transaction &tx, sync::AccountNumber account,
                                   const sync::Actor &actor, std::int64_t inbox);
    /// The secret with which the site signs its users' identifiers, in clear; for administrators.
    [[nodiscard]] std::string hmacSecret(const InboxRow &inbox) const;
    /// The key with which webhooks of the inbox are signed, for administrators.
    [[nodiscard]] std::string webhookSecret(const InboxRow &inbox) const;
    /// Whether `signature` (hex) is the inbox's HMAC-SHA256 of the identifier.
    [[nodiscard]] bool isIdentity(const InboxRow &inbox, std::string_view identifier,
                                  std::string_view signature) const;

private:
    base::Result<InboxRow> create(sync::WriteContext &ctx, const std::string &channel,
                                  const std::string &name, const WebsiteSettings &settings);

    const ports::Crypto &m_crypto;
};

} // namespace server::inboxes
