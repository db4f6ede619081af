#pragma once

#include "client/sync/vault_keeper.h"

#include <QTest>

namespace tests {

/// Waits for the key; null when there is none.
inline std::shared_ptr<const client::storage::Vault> vaultOf(client::platform::Keychain &keychain)
{
    std::optional<base::Result<std::shared_ptr<const client::storage::Vault>>> found;
    client::sync::openVault(keychain, [&found](const auto &vault) { found = vault; });
    const bool answered = QTest::qWaitFor([&found] { return found.has_value(); });
    return answered && *found ? **found : nullptr;
}

} // namespace tests
