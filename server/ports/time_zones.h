#pragma once

#include "shared/base/clock.h"

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
};

} // namespace server::ports
