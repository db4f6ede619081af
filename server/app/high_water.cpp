#include "server/app/high_water.h"

#include "shared/base/json.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace server::app {

namespace {

constexpr std::uintmax_t mostBytes = 4 << 20; // a hundred thousand accounts

Heads headsIn(const std::string &file)
{
    Heads heads;
    std::error_code failure;
    if (const auto size = std::filesystem::file_size(file, failure); failure || size > mostBytes)
        return heads;
    std::ifstream stream{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto json = base::parseJson(text);
    if (!json || !json->is_object())
        return heads;
    for (const auto &[name, head] : json->items()) {
        sync::AccountNumber account{};
        const auto read = std::from_chars(name.data(), name.data() + name.size(), account);
        if (read.ec == std::errc{} && read.ptr == name.data() + name.size() && head.is_number_integer())
            heads.emplace(account, head.get<std::int64_t>());
    }
    return heads;
}

} // namespace

std::string highWaterFile(const platform::Config &config, const DataDirectory &directory)
{
    return config.highWaterFile.empty() ? directory.file(DataDirectory::highWaterFile) : config.highWaterFile;
}

HighWater::HighWater(std::string file, ports::Log log) : m_file{std::move(file)}, m_log{std::move(log)} {}

std::optional<sync::AccountNumber> HighWater::rewound(const Heads &heads) const
{
    for (const auto &[account, was] : headsIn(m_file))
        if (const auto head = heads.find(account); head != heads.end() && head->second < was)
            return account;
    return std::nullopt;
}

void HighWater::write(const Heads &heads)
{
    if (heads == m_written)
        return;
    base::Json json = base::Json::object();
    for (const auto &[account, head] : heads)
        json[std::to_string(account)] = head;
    const auto fresh = m_file + ".new";
    bool good = false;
    {
        std::ofstream stream{fresh, std::ios::binary | std::ios::trunc};
        stream << base::toText(json);
        stream.close();
        good = !stream.fail();
    }
    std::error_code failure;
    if (good)
        std::filesystem::rename(fresh, m_file, failure);
    if (!good || failure) {
        m_log.warning("high_water_not_written", {{"file", m_file}, {"why", failure.message()}});
        return;
    }
    m_written = heads;
}

} // namespace server::app
