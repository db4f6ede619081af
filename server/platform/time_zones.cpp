#include "server/platform/time_zones.h"

#include <date/date.h>
#include <date/tz.h>
#include <sstream>
#include <stdexcept>
#include <string>

namespace server::platform {

namespace {

constexpr std::size_t minutePrecision = 16; // "2026-11-25T09:00"

const date::time_zone *zoneOf(const std::string &name)
{
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error &) { // no such zone, or no zone files
        return nullptr;
    }
}

} // namespace

std::optional<base::Timestamp> SystemTimeZones::moment(std::string_view local, std::string_view zone) const
{
    if (local.size() != minutePrecision)
        return std::nullopt;
    date::local_time<std::chrono::minutes> shown;
    std::istringstream text{std::string{local}};
    text >> date::parse("%Y-%m-%dT%H:%M", shown);
    if (text.fail() || text.peek() != std::istringstream::traits_type::eof())
        return std::nullopt;
    const auto *known = zoneOf(std::string{zone});
    if (!known)
        return std::nullopt;
    return std::chrono::time_point_cast<base::Duration>(known->to_sys(shown, date::choose::earliest));
}

std::optional<std::chrono::seconds> SystemTimeZones::offset(base::Timestamp at, std::string_view zone) const
{
    const auto *known = zoneOf(std::string{zone});
    return known ? std::optional{known->get_info(at).offset} : std::nullopt;
}

} // namespace server::platform
