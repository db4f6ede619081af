#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace server::ports {

/// What the clocks of the world show. Any thread.
class TimeZones {
public:
    virtual ~TimeZones() = default;
    /// The moment at which clocks in `zone` (IANA: "Europe/Berlin") show `local` ("2026-11-25T09:00"). A time
    /// that comes twice is its first coming; one that a change skips is the moment of the change. Nothing for
    /// a zone that is not known here and for what is no date.
    [[nodiscard]] virtual std::optional<base::Timestamp> moment(std::string_view local,
                                                                std::string_view zone) const = 0;
    /// What to add to UTC to have what clocks in `zone` show at that moment. Nothing for a zone that is not
    /// known here.
    [[nodiscard]] virtual std::optional<std::chrono::seconds> offset(base::Timestamp at,
                                                                     std::string_view zone) const = 0;
};

} // namespace server::ports
