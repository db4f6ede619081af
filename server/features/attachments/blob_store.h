#pragma once

#include "shared/base/random.h"
#include "shared/base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace server::attachments {

/// Bytes of attachments in `<data>/blobs`. A file is written whole to `arriving/`, made durable, and moved to
/// its place once the database knows it; what a crash leaves in `arriving/` is settled at the next start. Any
/// thread.
class BlobStore {
public:
    /// One file while it arrives. Removed unless kept.
    class Arriving {
    public:
        Arriving(const Arriving &) = delete;
        Arriving &operator=(const Arriving &) = delete;
        Arriving(Arriving &&other) noexcept;
        Arriving &operator=(Arriving &&) = delete;
        ~Arriving();

        base::Status append(std::string_view bytes);
        /// Flushes to the disk; nothing may be appended afterwards.
        base::Status finish();
        [[nodiscard]] const std::string &name() const { return m_name; }
        [[nodiscard]] const std::string &path() const { return m_path; }
        [[nodiscard]] std::int64_t size() const { return m_size; }

    private:
        friend class BlobStore;
        Arriving(std::string name, std::string path, int file);

        std::string m_name;
        std::string m_path;
        int m_file;
        std::int64_t m_size = 0;
    };

    /// A file that arrives in pieces, over several requests and restarts. While one is open, others wait: the
    /// system's lock on the file keeps two requests for one upload apart.
    class Piecewise {
    public:
        Piecewise(const Piecewise &) = delete;
        Piecewise &operator=(const Piecewise &) = delete;
        Piecewise(Piecewise &&other) noexcept;
        Piecewise &operator=(Piecewise &&) = delete;
        ~Piecewise();

        /// Writes there and flushes to the disk.
        base::Status write(std::int64_t offset, std::string_view bytes);
        base::Status cutTo(std::int64_t size);
        [[nodiscard]] std::int64_t size() const;
        [[nodiscard]] const std::string &path() const { return m_path; }

    private:
        friend class BlobStore;
        Piecewise(std::string path, int file) : m_path{std::move(path)}, m_file{file} {}

        std::string m_path;
        int m_file;
    };

    /// What becomes of a file in `arriving/` at a start.
    enum class Fate { Keep, Wait, Remove };

    /// Makes the folders. Throws std::filesystem::filesystem_error.
    BlobStore(const std::string &directory, base::Random &random);

    /// Fails with Storage.
    base::Result<Arriving> begin();
    /// Writes a small companion file (the thumbnail) of an arriving one.
    base::Status addThumbnail(const std::string &name, std::string_view bytes);
    /// Moves an arrived file, and its thumbnail, to its place. The Arriving that wrote it no longer removes
    /// it.
    void keep(Arriving &&arrived);
    /// The same for one that came in pieces.
    void keep(const std::string &name) { moveToPlace(name); }
    /// Makes an empty file to be filled in pieces; its name. Fails with Storage.
    base::Result<std::string> beginPiecewise();
    /// Opens it, after whoever has it open now. Fails with Storage when it is not there.
    base::Result<Piecewise> openPiecewise(const std::string &name);
    /// After a start: settles what lies in `arriving/` as `fateOf` says.
    void settle(const std::function<Fate(const std::string &name)> &fateOf);

    /// Where the bytes are now.
    [[nodiscard]] std::string path(const std::string &name) const;
    [[nodiscard]] std::string thumbnailPath(const std::string &name) const;
    void remove(const std::string &name);

private:
    [[nodiscard]] std::string arrivingPath(const std::string &name) const;
    [[nodiscard]] std::string finalPath(const std::string &name) const;
    void moveToPlace(const std::string &name);

    std::string m_directory;
    base::Random &m_random;
};

} // namespace server::attachments
