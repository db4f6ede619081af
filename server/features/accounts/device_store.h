#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/protocol/rows.h"
#include "shared/protocol/wipe_order.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::accounts {

struct DeviceRow {
    std::int64_t number = 0;
    protocol::Device device;
    sync::AccountNumber account = 0;
    std::int64_t userNumber = 0;
    base::Uuid user;
    std::optional<base::Timestamp> revokedAt;
    protocol::Wipe wipe = protocol::Wipe::None; ///< of a revoked one
};

/// A short-lived token of a device, as found by its hash.
struct AccessRow {
    DeviceRow device;
    base::Timestamp expiresAt{};
};

/// One generation of a device's refresh token. The current one has no `rotatedAt`.
struct RefreshRow {
    std::string hash;
    std::int64_t device = 0; ///< devices.number
    std::optional<base::Timestamp> rotatedAt;
    std::string rid; ///< of the attempt that rotated it
    std::string successorHash;
    std::string sealedSuccessor; ///< the next generation's token, to give the same answer again
};

/// The only code that names the tables devices, device_access and device_refresh. Lives as long as one
/// transaction.
class DeviceStore {
public:
    explicit DeviceStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<DeviceRow> find(const base::Uuid &device) const;
    [[nodiscard]] std::vector<DeviceRow> ofUser(sync::AccountNumber account, std::int64_t userNumber) const;
    [[nodiscard]] std::optional<AccessRow> access(std::string_view hash) const;
    [[nodiscard]] std::optional<RefreshRow> refresh(std::string_view hash) const;

    /// Inserts, or signs a known device in again (its old tokens are gone then); devices.number.
    std::int64_t put(const DeviceRow &row);
    void touch(std::int64_t device, base::Timestamp now);
    /// A later call may ask for more than an earlier one, never for less.
    void revoke(std::int64_t device, base::Timestamp now, protocol::Wipe wipe);
    /// Keeps the two newest access tokens of the device.
    void insertAccess(std::int64_t device, std::string_view hash, base::Timestamp expiresAt);
    void insertRefresh(std::int64_t device, std::string_view hash);
    void rotate(const RefreshRow &row);
    /// Forgets generations rotated before `before`, except the newest rotated one.
    void forgetRefresh(std::int64_t device, base::Timestamp before);

private:
    storage::Transaction &m_tx;
};

} // namespace server::accounts
