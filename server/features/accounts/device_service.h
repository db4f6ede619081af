#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/accounts/device_store.h"
#include "server/ports/crypto.h"
#include "server/storage/database.h"
#include "server/sync/directory.h"
#include "server/sync/executor.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::accounts {

struct SignIn {
    base::Uuid device; ///< made by the client
    std::string name;
    std::string os;
    std::string app;
    std::string email;
    std::string password;
    std::optional<sync::AccountNumber> account; ///< absent: the user's first
};

/// What a device holds after signing in or refreshing.
struct Tokens {
    std::string access;
    base::Duration expiresIn{};
    std::string refresh;
};

/// What a client pins at sign-in.
struct DeviceKeys {
    std::string wipe;         ///< checks the signature of wipe orders
    std::string outbox;       ///< seals what its user wrote when it must wipe
    std::string outboxSecret; ///< opens what an earlier wipe of the same user sealed
};

struct SignedIn {
    Tokens tokens;
    DeviceKeys keys;
    base::Timestamp at{};
    MemberRow member;
    AccountRow account;
    base::Uuid device;
};

/// Signed-in desktop programs (sync-protocol 14): opaque access tokens of 15 minutes, refresh tokens that
/// rotate with a grace, revocation. signIn(), refresh() and signOut() run on HTTP workers and wait for the
/// executor; the others run inside a job or transaction.
class DeviceService {
public:
    /// How long a rotated refresh token still gives its successor after that was used.
    static constexpr std::chrono::seconds grace{120};
    /// A device that was silent for longer must sign in again.
    static constexpr std::chrono::hours idleLimit{24 * 60};

    DeviceService(storage::Database &database, sync::Executor &executor, const ports::Crypto &crypto,
                  const base::Clock &clock);

    /// Fails with Unauthorized (email or password, without saying which), UserDisabled, Invalid (device of
    /// somebody else, missing fields). Takes as long for an unknown address as for a wrong password.
    base::Result<SignedIn> signIn(const SignIn &request);
    /// Fails with Unauthorized for what is no token of this device, DeviceRevoked when the family is revoked,
    /// also by this call: an old token outside of the grace was stolen or restored.
    base::Result<Tokens> refresh(const base::Uuid &device, std::string_view token, std::string_view rid);
    /// Revokes the device of this access token. Fails as authenticate() does.
    base::Status signOut(std::string_view accessToken);
    /// Who holds this access token; fails as authenticate() does. Like the next three for HTTP workers.
    [[nodiscard]] base::Result<sync::Principal> principalOf(std::string_view accessToken);
    [[nodiscard]] std::vector<DeviceRow> devicesOf(const sync::Principal &principal);
    /// Another device, which then wipes what the server said, or this one, which is merely signed out. Fails
    /// with NotFound.
    base::Status revokeOne(const sync::Principal &principal, const base::Uuid &device);
    base::Result<int> signOutOthers(const sync::Principal &principal);

    /// A new password for a user who shows the old one: all their devices but `kept` (null: all) are signed
    /// out and wipe what the server said, in every account. How many that were. Fails with Forbidden (the old
    /// one is wrong, or was changed meanwhile) and Invalid (`password`: the new one will not do). For HTTP
    /// workers.
    base::Result<int> changePassword(const sync::Principal &principal, const std::string &current,
                                     const std::string &fresh, const base::Uuid &kept);

    /// After refresh() failed: what the device must destroy, signed. Only for who holds a token of the
    /// device.
    [[nodiscard]] std::optional<protocol::WipeOrder> wipeOrder(const base::Uuid &device,
                                                               std::string_view token);

    /// Fails with NotFound when the user has no such device.
    base::Status revoke(sync::WriteContext &ctx, std::int64_t userNumber, const base::Uuid &device,
                        protocol::Wipe wipe);
    /// Signs the user out everywhere but on `kept`; how many devices that were.
    int revokeOthers(sync::WriteContext &ctx, std::int64_t userNumber, const base::Uuid &kept);
    void revokeAll(sync::WriteContext &ctx, const MemberRow &member);
    [[nodiscard]] std::vector<DeviceRow> devices(storage::Transaction &tx, sync::AccountNumber account,
                                                 std::int64_t userNumber) const;
    /// Whether the device was heard of after that moment (refreshes are, single requests are not).
    static bool seenSince(storage::Transaction &tx, const base::Uuid &device, base::Timestamp at);
    /// See sync::Directory::authenticate().
    [[nodiscard]] base::Result<sync::Principal> authenticate(storage::Transaction &tx,
                                                             std::string_view accessToken) const;

private:
    base::Result<Tokens> rotate(sync::WriteContext &ctx, const base::Uuid &device, const std::string &token,
                                const std::string &rid, bool &revoked);
    Tokens issue(sync::WriteContext &ctx, std::int64_t device, std::string refresh);
    [[nodiscard]] std::string newRefreshToken(const base::Uuid &device) const;
    [[nodiscard]] bool isGenuine(const base::Uuid &device, std::string_view token) const;

    storage::Database &m_database;
    sync::Executor &m_executor;
    const ports::Crypto &m_crypto;
    const base::Clock &m_clock;
};

} // namespace server::accounts
