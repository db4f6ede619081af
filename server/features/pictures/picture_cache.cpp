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

} // namespace

PictureCache::PictureCache(std::string folder, std::int64_t mostBytes, const base::Clock &clock)
    : m_folder{std::move(folder)}
    , m_mostBytes{mostBytes}
    , m_clock{clock}
{
    std::error_code ignored;
    fs::create_directories(m_folder, ignored);
    // Whatever is here was fetched before this start; when, nobody wrote down: shown, and fetched again.
    for (const auto &file : fs::directory_iterator{m_folder, ignored}) {
        if (file.path().extension() == unfinished) {
            fs::remove(file.path(), ignored);
            continue;
        }
        const auto size = static_cast<std::int64_t>(file.file_size(ignored));
        m_entries[file.path().filename().string()].size = size;
        m_bytes += size;
    }
    makeRoom();
}

std::optional<PictureCache::Found> PictureCache::find(const std::string &name)
{
    const std::lock_guard lock{m_mutex};
    const auto known = m_entries.find(name);
    if (known == m_entries.end())
        return std::nullopt;
    known->second.used = ++m_uses;
    return Found{fileOf(name), m_clock.now() - known->second.fetched < freshFor};
}

void PictureCache::store(const std::string &name, std::string_view bytes)
{
    const std::lock_guard lock{m_mutex};
    std::error_code failed;
    {
        std::ofstream out{fileOf(name) + unfinished, std::ios::binary | std::ios::trunc};
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.flush())
            return;
    }
    fs::rename(fileOf(name) + unfinished, fileOf(name), failed);
    if (failed)
        return;
    auto &entry = m_entries[name];
    m_bytes += static_cast<std::int64_t>(bytes.size()) - entry.size;
    entry = {static_cast<std::int64_t>(bytes.size()), m_clock.now(), ++m_uses};
    makeRoom();
}

void PictureCache::makeRoom()
{
    while (m_bytes > m_mostBytes && !m_entries.empty()) {
        const auto oldest =
            std::min_element(m_entries.begin(), m_entries.end(),
                             [](const auto &a, const auto &b) { return a.second.used < b.second.used; });
        std::error_code ignored;
        fs::remove(fileOf(oldest->first), ignored);
        m_bytes -= oldest->second.size;
        m_entries.erase(oldest);
    }
}

std::int64_t PictureCache::bytes() const
{
    const std::lock_guard lock{m_mutex};
    return m_bytes;
}

} // namespace server::pictures
