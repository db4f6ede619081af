#include "server/features/attachments/blob_store.h"

#include "shared/base/failpoint.h"
#include "shared/base/text.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace server::attachments {

namespace {

namespace fs = std::filesystem;

base::Error failed(const char *what)
{
    return {base::ErrorCode::Storage, std::string{what} + ": " + std::strerror(errno)};
}

base::Status writeAll(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed("write");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return base::Done{};
}

void syncFolder(const fs::path &folder)
{
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return;
    ::fsync(file);
    ::close(file);
}

constexpr const char *thumbnailEnding = ".thumb";

} // namespace

BlobStore::Arriving::Arriving(std::string name, std::string path, int file)
    : m_name{std::move(name)}
    , m_path{std::move(path)}
    , m_file{file}
{
}

BlobStore::Arriving::Arriving(Arriving &&other) noexcept
    : m_name{std::exchange(other.m_name, {})}
    , m_path{std::exchange(other.m_path, {})}
    , m_file{std::exchange(other.m_file, -1)}
    , m_size{other.m_size}
{
}

BlobStore::Arriving::~Arriving()
{
    if (m_file >= 0)
        ::close(m_file);
    if (m_path.empty())
        return;
    ::unlink(m_path.c_str());
    ::unlink((m_path + thumbnailEnding).c_str());
}

base::Status BlobStore::Arriving::append(std::string_view bytes)
{
    m_size += static_cast<std::int64_t>(bytes.size());
    return writeAll(m_file, bytes);
}

base::Status BlobStore::Arriving::finish()
{
    const int synced = ::fsync(m_file);
    const int closed = ::close(std::exchange(m_file, -1));
    if (synced != 0 || closed != 0)
        return failed("fsync");
    return base::Done{};
}

BlobStore::Piecewise::Piecewise(Piecewise &&other) noexcept
    : m_path{std::move(other.m_path)}
    , m_file{std::exchange(other.m_file, -1)}
{
}

BlobStore::Piecewise::~Piecewise()
{
    if (m_file >= 0)
        ::close(m_file); // releases the lock
}

base::Status BlobStore::Piecewise::write(std::int64_t offset, std::string_view bytes)
{
    if (::lseek(m_file, offset, SEEK_SET) != offset)
        return failed("seek");
    if (const auto written = writeAll(m_file, bytes); !written)
        return written;
    return ::fdatasync(m_file) == 0 ? base::Status{base::Done{}} : failed("fdatasync");
}

base::Status BlobStore::Piecewise::cutTo(std::int64_t size)
{
    return ::ftruncate(m_file, size) == 0 ? base::Status{base::Done{}} : failed("truncate");
}

std::int64_t BlobStore::Piecewise::size() const
{
    struct stat found {};
    return ::fstat(m_file, &found) == 0 ? found.st_size : 0;
}

BlobStore::BlobStore(const std::string &directory, base::Random &random)
    : m_directory{directory}
    , m_random{random}
{
    fs::create_directories(fs::path{directory} / "arriving");
}

base::Result<BlobStore::Arriving> BlobStore::begin()
{
    char bytes[16];
    m_random.fill(bytes, sizeof bytes);
    const auto name = base::toHex({bytes, sizeof bytes});
    auto path = arrivingPath(name);
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (file < 0)
        return failed("open");
    return Arriving{name, std::move(path), file};
}

base::Result<std::string> BlobStore::beginPiecewise()
{
    auto arriving = begin();
    if (!arriving)
        return arriving.error();
    auto name = arriving->name();
    arriving->m_path.clear(); // stays
    return name;
}

base::Result<BlobStore::Piecewise> BlobStore::openPiecewise(const std::string &name)
{
    auto path = arrivingPath(name);
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return failed("open");
    Piecewise opened{std::move(path), file};
    while (::flock(file, LOCK_EX) != 0)
        if (errno != EINTR)
            return failed("lock");
    return opened;
}

base::Status BlobStore::addThumbnail(const std::string &name, std::string_view bytes)
{
    const auto path = arrivingPath(name) + thumbnailEnding;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0)
        return failed("open");
    Arriving thumbnail{name, path, file};
    if (const auto written = thumbnail.append(bytes); !written)
        return written;
    if (const auto done = thumbnail.finish(); !done)
        return done;
    thumbnail.m_path.clear();
    return base::Done{};
}

void BlobStore::keep(Arriving &&arrived)
{
    arrived.m_path.clear();
    moveToPlace(arrived.m_name);
}

void BlobStore::moveToPlace(const std::string &name)
{
    base::failpoint("blob.committed");
    const fs::path target = finalPath(name);
    std::error_code failure; // a failed move is found again by settle(); path() looks in both places
    fs::create_directories(target.parent_path(), failure);
    fs::rename(arrivingPath(name) + thumbnailEnding, target.string() + thumbnailEnding, failure);
    fs::rename(arrivingPath(name), target, failure);
    base::failpoint("blob.moved");
    syncFolder(target.parent_path());
}

void BlobStore::settle(const std::function<Fate(const std::string &name)> &fateOf)
{
    std::vector<std::string> names;
    std::vector<fs::path> thumbnails;
    for (const auto &entry : fs::directory_iterator{fs::path{m_directory} / "arriving"}) {
        if (entry.path().extension() == thumbnailEnding)
            thumbnails.push_back(entry.path());
        else
            names.push_back(entry.path().filename().string());
    }
    std::error_code ignored;
    for (const auto &name : names) {
        switch (fateOf(name)) {
        case Fate::Keep:
            moveToPlace(name);
            break;
        case Fate::Wait:
            break;
        case Fate::Remove:
            fs::remove(arrivingPath(name), ignored);
            break;
        }
    }
    for (const auto &thumbnail : thumbnails)
        fs::remove(thumbnail, ignored);
}

std::string BlobStore::path(const std::string &name) const
{
    struct stat found {};
    auto settled = finalPath(name);
    return ::stat(settled.c_str(), &found) == 0 ? settled : arrivingPath(name);
}

std::string BlobStore::thumbnailPath(const std::string &name) const
{
    return path(name) + thumbnailEnding;
}

void BlobStore::remove(const std::string &name)
{
    const auto where = path(name);
    ::unlink(where.c_str());
    ::unlink((where + thumbnailEnding).c_str());
}

std::string BlobStore::arrivingPath(const std::string &name) const
{
    return m_directory + "/arriving/" + name;
}

std::string BlobStore::finalPath(const std::string &name) const
{
    return m_directory + '/' + name.substr(0, 2) + '/' + name;
}

} // namespace server::attachments
