#pragma once

#include <cstdint>
#include <vector>

namespace client::storage {

/// What SQLite would write to a temporary file or a rollback journal. Gives SQLite's result codes. One
/// thread.
class MemoryFile {
public:
    int read(void *to, int size, std::int64_t offset) const;
    int write(const void *from, int size, std::int64_t offset);
    int truncate(std::int64_t size);
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_bytes.size()); }

private:
    std::vector<unsigned char> m_bytes;
};

} // namespace client::storage
