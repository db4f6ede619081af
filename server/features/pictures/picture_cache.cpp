#include "server/features/pictures/picture_cache.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <vector>

namespace server::pictures {

namespace {

namespace fs = std::filesystem;

constexpr base::Duration freshFor = std::chrono::hours{24};
constexpr const char *unfinished = ".part";

fs::file_time_type fileTime(base::Timestamp at)
{
    return std::chrono::file_clock::from_sys(at);
}

} // namespace

PictureCache::PictureCache(std::string folder, const base::Clock &clock, base::Random &random)
    : m_folder{std::move(folder)}
    , m_clock{clock}
    , m_random{random}
{
    std::error_code ignored;
    fs::create_directories(m_folder, ignored);
}

std::optional<PictureCache::Found> PictureCache::find(const std::string &name) const
{
    std::error_code missing;
    const auto written = fs::last_write_time(fileOf(name), missing);
    if (missing)
        return std::nullopt;
    const auto now = m_clock.now();
    return Found{fileOf(name), written > fileTime(now - freshFor) && written <= fileTime(now)};
}

// Renamed into place: who reads meanwhile has the old one whole.
void PictureCache::store(const std::string &name, std::string_view bytes)
{
    const auto part = fileOf(name) + "-" + std::to_string(m_random.below(1ULL << 62)) + unfinished;
    std::error_code failed;
    {
        std::ofstream out{part, std::ios::binary | std::ios::trunc};
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush())
            failed = std::make_error_code(std::errc::io_error);
    }
    if (!failed)
        fs::last_write_time(part, fileTime(m_clock.now()), failed);
    if (!failed)
        fs::rename(part, fileOf(name), failed);
    if (failed)
        fs::remove(part, failed);
}

std::int64_t PictureCache::trim(std::int64_t mostBytes)
{
    struct Held {
        fs::file_time_type written;
        std::int64_t size = 0;
        fs::path path;
    };
    std::error_code ignored;
    std::vector<Held> all;
    std::int64_t total = 0;
    for (const auto &file : fs::directory_iterator{m_folder, ignored}) {
        all.push_back(
            {file.last_write_time(ignored), static_cast<std::int64_t>(file.file_size(ignored)), file.path()});
        total += all.back().size;
    }
    std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.written < b.written; });
    for (const auto &held : all) {
        if (total <= mostBytes)
            break;
        fs::remove(held.path, ignored);
        total -= held.size;
    }
    return total;
}

} // namespace server::pictures
