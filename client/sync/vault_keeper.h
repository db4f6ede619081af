#pragma once

#include "client/platform/keychain.h"
#include "client/storage/vault/vault.h"

#include <functional>
#include <memory>

namespace client::sync {

/// Where a profile's keychain holds the key of its cache: 32 random bytes, as hexadecimal digits.
inline const QString vaultKeyName = QStringLiteral("cache-key");

/// Reads the key of the profile's cache; without one, or with one that cannot be read, makes it anew, which
/// costs the cache. Answers on the keychain's thread, never before the call has returned. When the new key
/// can be kept nowhere, the cache is good for this run only. Fails with Storage when SQLite refuses the
/// layer.
void openVault(platform::Keychain &keychain,
               std::function<void(base::Result<std::shared_ptr<const storage::Vault>>)> answer);

} // namespace client::sync
