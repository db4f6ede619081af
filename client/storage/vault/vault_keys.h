#pragma once

#include "client/platform/disk_cipher.h"

#include <memory>
#include <string>
#include <string_view>

namespace client::storage {

inline constexpr std::string_view magic{"SQLite format 3\0", 16};
inline constexpr std::size_t saltSize = magic.size(); ///< the salt lies where every database says the same

/// Whether these are bytes 16… of a database as we make them: its page size and its fixed fractions.
bool looksLikeOurs(std::string_view afterMagic);

/// The keys of a vault's files: each has its own, made of the vault's and of the salt at its beginning. Any
/// thread.
class VaultKeys {
public:
    explicit VaultKeys(std::string_view master) : m_master{master} {}
    ~VaultKeys() { platform::forget(m_master); }
    VaultKeys(const VaultKeys &) = delete;
    VaultKeys &operator=(const VaultKeys &) = delete;

    enum class Purpose { Database, Log, File };
    /// Null when the library fails.
    [[nodiscard]] std::unique_ptr<platform::DiskCipher> cipher(std::string_view salt, Purpose purpose) const;
    /// Whether this is the first page of a database, encrypted with these: salt and 4080 bytes.
    [[nodiscard]] bool open(std::string_view firstPage) const;

private:
    std::string m_master;
};

} // namespace client::storage
