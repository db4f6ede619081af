#pragma once

#include "client/storage/vault/layout.h"
#include "client/storage/vault/vault_keys.h"

#include <array>
#include <memory>
#include <string_view>

struct sqlite3_file;

namespace client::storage {

/// A database or its log on the disk: whole units go through the cipher, pieces of one are read and written
/// with the rest of it. What SQLite sees has the same size and the same holes after a crash as a plain file.
/// Gives SQLite's result codes. One thread.
class SealedFile {
public:
    /// A database. `keys` and `real` outlive it.
    SealedFile(const VaultKeys &keys, sqlite3_file *real);
    /// The log of `database`, which outlives it.
    SealedFile(const VaultKeys &keys, sqlite3_file *real, SealedFile &database);

    /// Reads the salt when there is one. SQLITE_NOTADB for a file of other keys.
    int open();
    int read(void *to, int size, std::int64_t offset);
    int write(const void *from, int size, std::int64_t offset);
    [[nodiscard]] sqlite3_file *real() const { return m_real; }

private:
    int begin();
    int readUnit(const Unit &unit, unsigned char *to, int *available);
    int writePart(const Unit &unit, const unsigned char *from, int skip, int size);
    int writeUnit(const Unit &unit, const unsigned char *from, int size);
    bool useSalt(std::string_view salt);
    [[nodiscard]] bool holdsSalt(const Unit &unit) const;

    const VaultKeys &m_keys;
    sqlite3_file *m_real;
    SealedFile *m_database = nullptr; ///< of a log
    Layout m_layout = Layout::Pages;
    std::string m_salt;                              ///< empty until the file has one
    std::unique_ptr<platform::DiskCipher> m_cipher;  ///< null until then
    std::array<unsigned char, pageSize> m_written{}; ///< a unit on its way to the disk
    std::array<unsigned char, pageSize> m_touched{}; ///< a unit of which a piece is read or written
};

} // namespace client::storage
