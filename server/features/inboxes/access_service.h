#pragma once

#include "server/features/accounts/device_service.h"
#include "server/sync/directory.h"

namespace server::inboxes {

/// Who may connect and what they see: devices' tokens from accounts, scopes from roles and memberships.
class AccessService : public sync::Directory {
public:
    explicit AccessService(const accounts::DeviceService &devices) : m_devices{devices} {}

    base::Result<sync::Principal> authenticate(storage::Transaction &tx,
                                               std::string_view accessToken) override;
    std::vector<std::string> scopes(storage::Transaction &tx, const sync::Principal &principal) override;

    /// Scopes of a user by number; empty for removed ones.
    static std::vector<std::string> scopesOf(storage::Transaction &tx, sync::AccountNumber account,
                                             std::int64_t userNumber);

private:
    const accounts::DeviceService &m_devices;
};

} // namespace server::inboxes
