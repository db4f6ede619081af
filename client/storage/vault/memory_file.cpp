#include "client/storage/vault/memory_file.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <sqlite3.h>

namespace client::storage {

int MemoryFile::read(void *to, int size, std::int64_t offset) const
{
    const auto here = static_cast<std::size_t>(std::clamp<std::int64_t>(this->size() - offset, 0, size));
    if (here > 0)
        std::memcpy(to, m_bytes.data() + offset, here);
    std::memset(static_cast<unsigned char *>(to) + here, 0, static_cast<std::size_t>(size) - here);
    return here == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int MemoryFile::write(const void *from, int size, std::int64_t offset)
{
    if (const int result = offset + size > this->size() ? truncate(offset + size) : SQLITE_OK;
        result != SQLITE_OK)
        return result;
    std::memcpy(m_bytes.data() + offset, from, static_cast<std::size_t>(size));
    return SQLITE_OK;
}

int MemoryFile::truncate(std::int64_t size)
{
    try {
        m_bytes.resize(static_cast<std::size_t>(size));
        return SQLITE_OK;
    } catch (const std::bad_alloc &) {
        return SQLITE_IOERR_NOMEM;
    }
}

} // namespace client::storage
