#include "client/storage/vault/sealed_file.h"

#include <algorithm>
#include <cstring>
#include <sqlite3.h>

namespace client::storage {

namespace {

constexpr auto block = static_cast<int>(platform::DiskCipher::block);

int wholeBlocks(int size)
{
    return size - size % block;
}

} // namespace

SealedFile::SealedFile(const VaultKeys &keys, sqlite3_file *real) : m_keys{keys}, m_real{real} {}

SealedFile::SealedFile(const VaultKeys &keys, sqlite3_file *real, SealedFile &database)
    : m_keys{keys}
    , m_real{real}
    , m_database{&database}
    , m_layout{Layout::Log}
{
}

bool SealedFile::holdsSalt(const Unit &unit) const
{
    return m_layout == Layout::Pages && unit.begin == 0;
}

bool SealedFile::useSalt(std::string_view salt)
{
    m_cipher = m_keys.cipher(salt, m_database ? VaultKeys::Purpose::Log : VaultKeys::Purpose::Database);
    if (m_cipher)
        m_salt = salt;
    return m_cipher != nullptr;
}

int SealedFile::open()
{
    if (m_cipher)
        return SQLITE_OK;
    if (m_database) {
        if (const int result = m_database->open(); result != SQLITE_OK || m_database->m_salt.empty())
            return result;
        return useSalt(m_database->m_salt) ? SQLITE_OK : SQLITE_IOERR;
    }
    sqlite3_int64 size = 0;
    if (const int result = m_real->pMethods->xFileSize(m_real, &size); result != SQLITE_OK || size == 0)
        return result;
    if (size < pageSize)
        return SQLITE_NOTADB;
    if (const int result = m_real->pMethods->xRead(m_real, m_touched.data(), pageSize, 0);
        result != SQLITE_OK)
        return result;
    const std::string_view page{reinterpret_cast<const char *>(m_touched.data()), m_touched.size()};
    if (!m_keys.open(page))
        return SQLITE_NOTADB;
    return useSalt(page.substr(0, saltSize)) ? SQLITE_OK : SQLITE_IOERR;
}

// A new file. The salt is there before anything that needs it; page 1, which holds it, need not be first.
int SealedFile::begin()
{
    if (const int result = open(); result != SQLITE_OK || m_cipher)
        return result;
    if (m_database || !useSalt(platform::secretBytes(saltSize)))
        return SQLITE_IOERR; // a log before its database does not happen
    return m_real->pMethods->xWrite(m_real, m_salt.data(), static_cast<int>(saltSize), 0);
}

int SealedFile::read(void *to, int size, std::int64_t offset)
{
    if (const int result = open(); result != SQLITE_OK)
        return result;
    if (!m_cipher) {
        std::memset(to, 0, static_cast<std::size_t>(size));
        return SQLITE_IOERR_SHORT_READ;
    }
    int result = SQLITE_OK;
    auto *bytes = static_cast<unsigned char *>(to);
    while (size > 0) {
        const auto unit = unitAt(m_layout, offset);
        const int skip = static_cast<int>(offset - unit.begin);
        const int part = std::min(size, unit.size - skip);
        auto *into = part == unit.size ? bytes : m_touched.data();
        int available = 0;
        if (const int failed = readUnit(unit, into, &available); failed != SQLITE_OK)
            return failed;
        if (into != bytes)
            std::memcpy(bytes, into + skip, static_cast<std::size_t>(part));
        if (available < skip + part)
            result = SQLITE_IOERR_SHORT_READ;
        bytes += part;
        offset += part;
        size -= part;
    }
    return result;
}

// What the file lacks of the unit is zero.
int SealedFile::readUnit(const Unit &unit, unsigned char *to, int *available)
{
    const int result = m_real->pMethods->xRead(m_real, to, unit.size, unit.begin);
    *available = unit.size;
    if (result == SQLITE_IOERR_SHORT_READ) {
        sqlite3_int64 size = 0;
        if (const int failed = m_real->pMethods->xFileSize(m_real, &size); failed != SQLITE_OK)
            return failed;
        if (size >= unit.begin + unit.size)
            return readUnit(unit, to, available); // grown meanwhile
        *available = wholeBlocks(static_cast<int>(std::max<std::int64_t>(size - unit.begin, 0)));
    } else if (result != SQLITE_OK) {
        return result;
    }
    const int kept = holdsSalt(unit) ? static_cast<int>(saltSize) : 0;
    if (*available - kept >= block &&
        !m_cipher->decrypt(static_cast<std::uint64_t>(unit.begin), to + kept, to + kept,
                           static_cast<std::size_t>(*available - kept)))
        return SQLITE_IOERR_READ;
    std::memset(to + *available, 0, static_cast<std::size_t>(unit.size - *available));
    if (kept > 0 && *available > 0)
        std::memcpy(to, magic.data(), magic.size());
    return SQLITE_OK;
}

int SealedFile::write(const void *from, int size, std::int64_t offset)
{
    if (!m_cipher)
        if (const int result = begin(); result != SQLITE_OK)
            return result;
    const auto *bytes = static_cast<const unsigned char *>(from);
    while (size > 0) {
        const auto unit = unitAt(m_layout, offset);
        const int skip = static_cast<int>(offset - unit.begin);
        const int part = std::min(size, unit.size - skip);
        const int result =
            part == unit.size ? writeUnit(unit, bytes, part) : writePart(unit, bytes, skip, part);
        if (result != SQLITE_OK)
            return result;
        bytes += part;
        offset += part;
        size -= part;
    }
    return SQLITE_OK;
}

// The bytes around come out as they were: the same words at the same place encrypt the same.
int SealedFile::writePart(const Unit &unit, const unsigned char *from, int skip, int size)
{
    int available = 0;
    if (const int result = readUnit(unit, m_touched.data(), &available); result != SQLITE_OK)
        return result;
    std::memcpy(m_touched.data() + skip, from, static_cast<std::size_t>(size));
    const int length = std::max(available, skip + size);
    return writeUnit(unit, m_touched.data(), std::min(unit.size, wholeBlocks(length + block - 1)));
}

int SealedFile::writeUnit(const Unit &unit, const unsigned char *from, int size)
{
    const int kept = holdsSalt(unit) ? static_cast<int>(saltSize) : 0;
    std::memcpy(m_written.data(), m_salt.data(), static_cast<std::size_t>(kept));
    if (size - kept >= block &&
        !m_cipher->encrypt(static_cast<std::uint64_t>(unit.begin), from + kept, m_written.data() + kept,
                           static_cast<std::size_t>(size - kept)))
        return SQLITE_IOERR_WRITE;
    return m_real->pMethods->xWrite(m_real, m_written.data(), size, unit.begin);
}

} // namespace client::storage
