#pragma once

#include <string>

namespace server::app {

/// The folder a server keeps everything in, held by one process at a time: two writers would break the
/// promise that listeners hear of every commit.
class DataDirectory {
public:
    /// Makes the folder (only its owner may look inside) and takes the lock. Throws Stop.
    explicit DataDirectory(const std::string &path);
    ~DataDirectory();
    DataDirectory(const DataDirectory &) = delete;
    DataDirectory &operator=(const DataDirectory &) = delete;

    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] std::string file(const std::string &name) const { return m_path + "/" + name; }

    static constexpr const char *keyFile = "secret.key";
    static constexpr const char *lockFile = "deskbell.lock";
    static constexpr const char *databaseFile = "deskbell.db";
    static constexpr const char *highWaterFile = "sync.hwm";
    static constexpr const char *blobFolder = "blobs";
    static constexpr const char *pictureFolder = "pictures";

    /// Whether a process holds the lock now; nothing is changed.
    static bool isInUse(const std::string &path);

private:
    std::string m_path;
    int m_lock = -1;
};

} // namespace server::app
