#pragma once

#include "server/app/data_directory.h"
#include "server/platform/config.h"
#include "server/ports/log.h"
#include "server/sync/change.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace server::app {

/// By account: the number of its newest change.
using Heads = std::map<sync::AccountNumber, std::int64_t>;

/// A file beside the database that remembers how far the journals had come (sync-protocol 3.6 c). A database
/// that is behind it was put back from an older copy without anybody saying so.
///
/// A lost or broken file is no error: then the first client that knows more than the server tells (3.6 d).
/// One thread at a time.
class HighWater {
public:
    static constexpr std::chrono::seconds interval{5};

    HighWater(std::string file, ports::Log log);

    /// An account whose journal is shorter than it was.
    [[nodiscard]] std::optional<sync::AccountNumber> rewound(const Heads &heads) const;
    /// Replaces the file as a whole, and not at all when nothing moved.
    void write(const Heads &heads);

private:
    std::string m_file;
    ports::Log m_log;
    Heads m_written;
};

/// Where a server with these settings keeps it.
std::string highWaterFile(const platform::Config &config, const DataDirectory &directory);

} // namespace server::app
