#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/accounts/account.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::accounts {

/// What an agent says about being there; outside names "online", "offline", "busy".
enum class Availability { Online = 0, Offline = 1, Busy = 2 };
std::string_view toText(Availability availability);
std::optional<Availability> availabilityFromText(std::string_view text);

/// A tenant as stored. `account.number` is the AccountNumber of the sync layer.
struct AccountRow {
    domain::Account account;
    std::string settings = "{}"; ///< JSON object
    base::Timestamp createdAt{};
};

/// Somebody, as a member of one account.
struct MemberRow {
    domain::User user; ///< `user.active` is false after removal from the account
    std::string displayName;
    Availability availability = Availability::Online;
    bool autoOffline = true;
    base::Timestamp createdAt{};
};

/// What signing in needs; a user has one password over all accounts.
struct Credentials {
    std::int64_t userNumber = 0;
    domain::UserId user;
    std::string passwordHash;
};

/// The only code that names the tables accounts, users, account_users and access_tokens. Lives as long as one
/// transaction.
class UserStore {
public:
    explicit UserStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<AccountRow> account(sync::AccountNumber number) const;
    [[nodiscard]] std::vector<AccountRow> accounts() const;
    [[nodiscard]] sync::AccountNumber highestAccount() const;
    void insertAccount(const AccountRow &row); ///< under `row.account.number`
    void updateAccount(const AccountRow &row);

    [[nodiscard]] std::optional<MemberRow> member(sync::AccountNumber account, std::int64_t userNumber) const;
    [[nodiscard]] std::optional<MemberRow> member(sync::AccountNumber account, const base::Uuid &user) const;
    /// Removed ones too, by number.
    [[nodiscard]] std::vector<MemberRow> members(sync::AccountNumber account) const;
    /// Active memberships of a user, oldest account first.
    [[nodiscard]] std::vector<AccountRow> accountsOf(std::int64_t userNumber) const;
    [[nodiscard]] std::optional<Credentials> credentials(std::string_view email) const;
    [[nodiscard]] int activeAdministrators(sync::AccountNumber account) const;

    /// Stores a user of no account yet; the new users.id.
    std::int64_t insertUser(const domain::User &user, const std::string &displayName,
                            const std::string &passwordHash, base::Timestamp now);
    /// Adds or re-adds a user to an account.
    void putMember(sync::AccountNumber account, const MemberRow &member, base::Timestamp now);
    void updateUser(const MemberRow &member, base::Timestamp now);
    void setPasswordHash(std::int64_t userNumber, const std::string &hash, base::Timestamp now);

    /// Access tokens of the HTTP API: found by hash, shown again from the sealed form.
    void insertToken(std::int64_t userNumber, std::string_view hash, std::string_view sealed,
                     base::Timestamp now);
    void removeTokens(std::int64_t userNumber);
    [[nodiscard]] std::optional<std::int64_t> tokenOwner(std::string_view hash) const;
    [[nodiscard]] std::optional<std::string> sealedToken(std::int64_t userNumber) const;

private:
    storage::Transaction &m_tx;
};

} // namespace server::accounts
