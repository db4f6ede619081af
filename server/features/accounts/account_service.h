#pragma once

#include "server/features/accounts/user_store.h"
#include "server/ports/crypto.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::accounts {

struct NewUser {
    std::string name;
    std::string email;
    std::string passwordHash; ///< from passwordHash(); empty: cannot sign in until one is set
    domain::Role role = domain::Role::Agent;
    Availability availability = Availability::Online;
    bool autoOffline = true;
};

/// Fields to change; what is absent stays.
struct UserChanges {
    std::optional<std::string> name;
    std::optional<std::string> displayName;
    std::optional<std::string> email;
    std::optional<domain::Role> role;
    std::optional<Availability> availability;
    std::optional<bool> autoOffline;
};

struct AccountChanges {
    std::optional<std::string> name;
    std::optional<std::string> locale;
    std::optional<std::string> settings; ///< JSON object
};

/// Accounts, their people and the tokens of the HTTP API. Methods with a WriteContext run inside executor
/// jobs; the queries inside any transaction. No method checks who asks, except that the last administrator
/// stays: doors call requireAdministrator() where the use case needs it.
class AccountService {
public:
    explicit AccountService(const ports::Crypto &crypto) : m_crypto{crypto} {}

    /// Makes the account whose number is `ctx.account()`. Fails with Invalid (name) or AlreadyExists.
    base::Result<AccountRow> create(sync::WriteContext &ctx, const std::string &name,
                                    const std::string &locale = "en");
    base::Result<AccountRow> change(sync::WriteContext &ctx, const AccountChanges &changes);

    /// Adds somebody to the account; a user known from another account joins with the password they have.
    /// Fails with Invalid ("name", "email") or AlreadyExists ("email": already a member).
    base::Result<MemberRow> addUser(sync::WriteContext &ctx, const NewUser &user);
    /// Fails with NotFound, Invalid, AlreadyExists (email) or Conflict (the last administrator would be
    /// gone).
    base::Result<MemberRow> changeUser(sync::WriteContext &ctx, std::int64_t userNumber,
                                       const UserChanges &changes);
    /// Takes somebody out of the account: sessions end, tokens die, the authorship of old messages stays.
    /// Told to the removal listeners in the same transaction. Fails with NotFound or Conflict (last
    /// administrator).
    base::Status removeUser(sync::WriteContext &ctx, std::int64_t userNumber);
    /// What else must happen when a user is removed. Register before the server starts.
    void onRemoved(std::function<void(sync::WriteContext &, const MemberRow &)> listener);
    void setPasswordHash(sync::WriteContext &ctx, std::int64_t userNumber, const std::string &hash);

    /// Argon2id, slow: call it outside of jobs. Fails with Invalid ("password") below 8 or over 128
    /// characters.
    [[nodiscard]] base::Result<std::string> passwordHash(std::string_view password) const;

    /// A new token for the HTTP API in place of the old ones; the clear text.
    std::string issueToken(sync::WriteContext &ctx, std::int64_t userNumber);
    /// The user's token in clear, for their own profile only; empty when there is none.
    [[nodiscard]] std::string token(storage::Transaction &tx, std::int64_t userNumber) const;
    /// The user behind an `api_access_token`; nothing when it is wrong.
    [[nodiscard]] std::optional<std::int64_t> tokenOwner(storage::Transaction &tx,
                                                         std::string_view token) const;

    /// The user as the actor of jobs of that account. Fails with NotFound for strangers and UserDisabled for
    /// removed.
    [[nodiscard]] static base::Result<sync::Actor>
    actor(storage::Transaction &tx, sync::AccountNumber account, std::int64_t userNumber);
    /// Done when the actor is the system or an administrator now; else Forbidden.
    static base::Status requireAdministrator(storage::Transaction &tx, sync::AccountNumber account,
                                             const sync::Actor &actor);

private:
    base::Status checkEmail(storage::Transaction &tx, const std::string &email, std::int64_t except) const;

    const ports::Crypto &m_crypto;
    std::vector<std::function<void(sync::WriteContext &, const MemberRow &)>> m_removed;
};

/// Records the user's row, and their access row, after a change.
void recordUser(sync::WriteContext &ctx, const MemberRow &member);
/// Records that what a user may see changed.
void recordAccess(sync::WriteContext &ctx, const base::Uuid &user);

} // namespace server::accounts
