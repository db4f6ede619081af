#pragma once

#include "server/features/inboxes/inbox_settings.h"
#include "server/ports/time_zones.h"
#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"

#include <optional>
#include <utility>
#include <vector>

namespace server::inboxes {

/// When an inbox is attended, seen from a moment.
struct OpeningHours {
    bool open = true;
    std::optional<base::Timestamp> opensAt;  ///< the next time, while closed
    std::optional<base::Timestamp> closesAt; ///< while open, when that is within the days looked at
    std::vector<std::pair<base::Timestamp, base::Timestamp>> spans; ///< of the next seven days, joined
    std::int64_t utcOffset = 0;                                     ///< seconds, of the inbox's zone now
};

/// Always open when working hours are switched off, or the zone is not known here.
OpeningHours openingHours(const WebsiteSettings &settings, const ports::TimeZones &zones,
                          base::Timestamp now);
/// As visitors are told.
base::Json openingHoursJson(const WebsiteSettings &settings, const ports::TimeZones &zones,
                            base::Timestamp now);

} // namespace server::inboxes
