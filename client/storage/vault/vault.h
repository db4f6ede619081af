#pragma once

#include "client/storage/vault/vault_keys.h"

#include <QString>

#include <memory>
#include <string>
#include <string_view>

struct sqlite3_vfs;

namespace client::storage {

/// Keeps SQLite databases unreadable without a key (docs/adr/0008): a layer between SQLite and the system's
/// files, known to the very library that Qt's driver uses. The database and its write-ahead log are
/// encrypted; rollback journals and temporary files stay in memory; the shared index of the log holds page
/// numbers only.
///
/// Each file has keys of its own, made of the vault's key and a salt that is its first 16 bytes. A file that
/// does not open with the key is "no database" (StorageError::isDamage()). Any thread; outlives what is open.
class Vault {
public:
    static constexpr std::size_t keySize = 32;

    /// What a file is to this vault.
    enum class Kind { Missing, Plain, Mine, Strange };

    /// Null when the key has not 32 bytes or SQLite refuses the layer.
    static std::shared_ptr<const Vault> make(std::string_view key);
    ~Vault();
    Vault(const Vault &) = delete;
    Vault &operator=(const Vault &) = delete;

    /// What to open with SQLITE_OPEN_URI instead of `file`.
    [[nodiscard]] QString address(const QString &file) const;
    [[nodiscard]] Kind kindOf(const QString &file) const;
    /// Writes a plain database, which has no log any more, to a file of the vault, durably and whole or not
    /// at all; the two may be the same. False when it cannot be read or written, or is not made as ours are.
    [[nodiscard]] bool seal(const QString &plain, const QString &sealed) const;

    [[nodiscard]] const VaultKeys &keys() const { return m_keys; }

private:
    explicit Vault(std::string_view key);

    VaultKeys m_keys;
    std::string m_name;
    std::unique_ptr<sqlite3_vfs> m_vfs;
};

} // namespace client::storage
