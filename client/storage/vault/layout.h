#pragma once

#include <algorithm>
#include <cstdint>

namespace client::storage {

/// A stretch of a file that is encrypted by itself.
struct Unit {
    std::int64_t begin = 0;
    int size = 0;
};

/// How the files of a database fall into units, so that SQLite writes whole ones: a database by its pages, a
/// log by its head, and by head and page of each frame (sqlite.org/fileformat2.html, 4.1).
enum class Layout { Pages, Log };

inline constexpr int pageSize = 4096; ///< of every database of ours, SQLite's own choice
inline constexpr int logHead = 32;
inline constexpr int frameHead = 24;

inline Unit unitAt(Layout layout, std::int64_t offset)
{
    if (layout == Layout::Pages)
        return {offset - offset % pageSize, pageSize};
    if (offset < logHead)
        return {0, logHead};
    const auto within = (offset - logHead) % (frameHead + pageSize);
    const auto frame = offset - within;
    return within < frameHead ? Unit{frame, frameHead} : Unit{frame + frameHead, pageSize};
}

} // namespace client::storage
