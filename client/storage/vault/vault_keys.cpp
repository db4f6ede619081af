#include "client/storage/vault/vault_keys.h"

#include "client/storage/vault/layout.h"

namespace client::storage {

namespace {

// Positions in the files overlap, so no two kinds may share a key.
const char *nameOf(VaultKeys::Purpose purpose)
{
    switch (purpose) {
    case VaultKeys::Purpose::Database:
        return "deskbell database 1";
    case VaultKeys::Purpose::Log:
        return "deskbell log 1";
    case VaultKeys::Purpose::File:
        break;
    }
    return "deskbell file 1";
}

} // namespace

bool looksLikeOurs(std::string_view afterMagic)
{
    static constexpr std::string_view size{"\x10\x00", 2};
    return afterMagic.size() >= 8 && afterMagic.substr(0, 2) == size &&
           afterMagic.substr(5, 3) == "\x40\x20\x20";
}

std::unique_ptr<platform::DiskCipher> VaultKeys::cipher(std::string_view salt, Purpose purpose) const
{
    auto key = platform::derivedKey(m_master, salt, nameOf(purpose), platform::DiskCipher::keySize);
    auto made = platform::DiskCipher::make(key);
    platform::forget(key);
    return made;
}

bool VaultKeys::open(std::string_view firstPage) const
{
    if (firstPage.size() < static_cast<std::size_t>(pageSize) || firstPage.substr(0, saltSize) == magic)
        return false;
    const auto with = cipher(firstPage.substr(0, saltSize), Purpose::Database);
    std::string start(platform::DiskCipher::block, '\0');
    return with && with->decrypt(0, firstPage.data() + saltSize, start.data(), start.size()) &&
           looksLikeOurs(start);
}

} // namespace client::storage
