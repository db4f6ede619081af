#pragma once

#include "server/ports/time_zones.h"

namespace server::platform {

/// The system's zone files, as they were when they were first asked.
class SystemTimeZones : public ports::TimeZones {
public:
    [[nodiscard]] std::optional<base::Timestamp> moment(std::string_view local,
                                                        std::string_view zone) const override;
    [[nodiscard]] std::optional<std::chrono::seconds> offset(base::Timestamp at,
                                                             std::string_view zone) const override;
};

} // namespace server::platform
