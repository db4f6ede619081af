#include "client/sync/vault_keeper.h"

#include "shared/base/text.h"

namespace client::sync {

namespace {

using Answer = std::function<void(base::Result<std::shared_ptr<const storage::Vault>>)>;

void make(std::string key, const Answer &answer)
{
    auto vault = storage::Vault::make(key);
    platform::forget(key);
    if (vault)
        answer(std::move(vault));
    else
        answer(base::Error{base::ErrorCode::Storage, "this system's SQLite cannot be given encrypted files"});
}

} // namespace

void openVault(platform::Keychain &keychain, Answer answer)
{
    keychain.read(vaultKeyName, [&keychain, answer = std::move(answer)](
                                    const base::Result<platform::Keychain::Secret> &stored) {
        const auto known = stored ? base::fromHex(stored->value) : std::nullopt;
        if (known && known->size() == storage::Vault::keySize)
            return make(*known, answer);
        const auto fresh = platform::secretBytes(storage::Vault::keySize);
        keychain.write(
            vaultKeyName, base::toHex(fresh),
            [fresh, answer](const base::Result<platform::Keychain::Place> &) { make(fresh, answer); });
    });
}

} // namespace client::sync
