#include "shared/base/time_text.h"

#include "shared/base/text.h"

#include <cstdio>

namespace base {

namespace {

constexpr std::int64_t latest = 253'402'300'799; // 9999-12-31
constexpr std::size_t dayLength = 10;

// "Z", "+02:00" or "-05:30" as minutes.
std::optional<int> offsetOf(const char *zone)
{
    if (zone[0] != '+' && zone[0] != '-')
        return 0;
    int hours = 0, minutes = 0;
    if (std::sscanf(zone + 1, "%2d:%2d", &hours, &minutes) != 2)
        return std::nullopt;
    return (zone[0] == '+' ? 1 : -1) * (hours * 60 + minutes);
}

} // namespace

std::optional<Timestamp> timeFromText(const std::string &text)
{
    if (const auto seconds = wholeNumber(text))
        return *seconds >= 0 && *seconds <= latest ? std::optional{fromMs(*seconds * 1000)} : std::nullopt;
    const auto whole = text.size() == dayLength ? text + "T00:00:00Z" : text;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;
    double second = 0;
    char zone[8] = "Z";
    const int got = std::sscanf(whole.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%lf%6s", &year, &month, &day, &hour,
                                &minute, &second, zone);
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    const bool plausible = got >= 6 && date.ok() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
                           second >= 0 && second < 61;
    const auto offset = plausible ? offsetOf(zone) : std::nullopt;
    if (!offset)
        return std::nullopt;
    const auto ms = static_cast<std::int64_t>(second * 1000);
    return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute - *offset} + Duration{ms};
}

} // namespace base
