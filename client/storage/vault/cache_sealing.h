#pragma once

#include "client/storage/vault/vault.h"

namespace client::storage {

/// Before a cache is opened with a vault: one that an earlier version left plain is encrypted as it is, with
/// everything set aside of it removed; one that is damaged or has another key is removed, since the server
/// says it again. Nothing may have it open. Throws StorageError when a file that must go stays.
void makeReadyFor(const Vault &vault, const QString &cacheFile);

} // namespace client::storage
