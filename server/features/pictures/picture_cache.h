#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace server::pictures {

/// Fetched pictures as files of a folder, the longest unused going first when there are too many bytes. What
/// it holds can be fetched again: a write that fails is no loss. Any thread.
class PictureCache {
public:
    /// Makes the folder and counts what earlier runs left in it.
    PictureCache(std::string folder, std::int64_t mostBytes, const base::Clock &clock);

    struct Found {
        std::string file;
        bool isFresh = false; ///< fetched within the last day
    };
    /// `name`: letters and digits.
    std::optional<Found> find(const std::string &name);
    void store(const std::string &name, std::string_view bytes);
    [[nodiscard]] std::int64_t bytes() const;

private:
    struct Entry {
        std::int64_t size = 0;
        base::Timestamp fetched{};
        std::uint64_t used = 0; ///< counts up with each use
    };
    [[nodiscard]] std::string fileOf(const std::string &name) const { return m_folder + "/" + name; }
    void makeRoom();

    const std::string m_folder;
    const std::int64_t m_mostBytes;
    const base::Clock &m_clock;
    mutable std::mutex m_mutex; // guards the rest
    std::map<std::string, Entry> m_entries;
    std::int64_t m_bytes = 0;
    std::uint64_t m_uses = 0;
};

} // namespace server::pictures
