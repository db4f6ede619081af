#include "server/features/inboxes/opening_hours.h"

#include "shared/base/json.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace server::inboxes {

namespace {

constexpr int daysAhead = 7;
constexpr int minutesPerDay = 24 * 60;

// "2026-11-25T09:00"; 24:00 is the next day's midnight.
std::string localText(std::chrono::sys_days day, int minute)
{
    if (minute == minutesPerDay) {
        day += std::chrono::days{1};
        minute = 0;
    }
    const std::chrono::year_month_day date{day};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minute / 60,
                  minute % 60);
    return text;
}

} // namespace

OpeningHours openingHours(const WebsiteSettings &settings, const ports::TimeZones &zones, base::Timestamp now)
{
    OpeningHours hours;
    const auto offset = zones.offset(now, settings.timezone);
    hours.utcOffset = offset ? offset->count() : 0;
    if (!settings.workingHoursEnabled || !offset)
        return hours;
    const auto today = std::chrono::floor<std::chrono::days>(now + *offset);
    const std::chrono::sys_days first{std::chrono::days{today.time_since_epoch().count()}};
    for (int ahead = 0; ahead <= daysAhead; ++ahead) {
        const auto date = first + std::chrono::days{ahead};
        const auto &day = settings.workingHours[std::chrono::weekday{date}.c_encoding()];
        if (day.closedAllDay)
            continue;
        const auto from =
            zones.moment(localText(date, day.openAllDay ? 0 : day.openMinute), settings.timezone);
        const auto to = zones.moment(localText(date, day.openAllDay ? minutesPerDay : day.closeMinute),
                                     settings.timezone);
        if (!from || !to || *to <= now)
            continue;
        if (!hours.spans.empty() && hours.spans.back().second == *from)
            hours.spans.back().second = *to;
        else
            hours.spans.emplace_back(*from, *to);
    }
    hours.open = !hours.spans.empty() && hours.spans.front().first <= now;
    if (hours.open)
        hours.closesAt = hours.spans.front().second;
    else if (!hours.spans.empty())
        hours.opensAt = hours.spans.front().first;
    return hours;
}

base::Json openingHoursJson(const WebsiteSettings &settings, const ports::TimeZones &zones,
                            base::Timestamp now)
{
    if (!settings.workingHoursEnabled)
        return {{"working_hours_enabled", false},
                {"open", true},
                {"out_of_office_message", settings.outOfOfficeMessage}};
    const auto hours = openingHours(settings, zones, now);
    const auto moment = [](const std::optional<base::Timestamp> &at) {
        return at ? base::Json(base::toMs(*at)) : base::Json();
    };
    auto spans = base::Json::array();
    for (const auto &[from, to] : hours.spans)
        spans.push_back({base::toMs(from), base::toMs(to)});
    return {{"working_hours_enabled", true},
            {"open", hours.open},
            {"timezone", settings.timezone},
            {"utc_offset", hours.utcOffset},
            {"out_of_office_message", settings.outOfOfficeMessage},
            {"opens_at", moment(hours.opensAt)},
            {"closes_at", moment(hours.closesAt)},
            {"spans", std::move(spans)},
            {"working_hours", workingHoursJson(settings.workingHours)}};
}

} // namespace server::inboxes
