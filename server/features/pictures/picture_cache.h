#pragma once

#include "shared/base/clock.h"
#include "shared/base/random.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace server::pictures {

/// Fetched pictures as files of a folder; nothing else is known of them. What it holds can be fetched again:
/// a write that fails is no loss. Any thread.
class PictureCache {
public:
    /// Makes the folder.
    PictureCache(std::string folder, const base::Clock &clock, base::Random &random);

    struct Found {
        std::string file;
        bool isFresh = false; ///< fetched within the last day
    };
    /// `name`: letters and digits.
    [[nodiscard]] std::optional<Found> find(const std::string &name) const;
    void store(const std::string &name, std::string_view bytes);
    /// Takes away the longest held until the rest fits; the bytes that stay.
    std::int64_t trim(std::int64_t mostBytes);

private:
    [[nodiscard]] std::string fileOf(const std::string &name) const { return m_folder + "/" + name; }

    const std::string m_folder;
    const base::Clock &m_clock;
    base::Random &m_random;
};

} // namespace server::pictures
