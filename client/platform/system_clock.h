#pragma once

#include "shared/base/clock.h"

namespace client::platform {

/// The machine's clocks. Any thread.
class SystemClock : public base::Clock {
public:
    [[nodiscard]] base::Timestamp now() const override;
    /// CLOCK_BOOTTIME: counts while the machine sleeps.
    [[nodiscard]] base::Duration monotonic() const override;
    /// The kernel's boot id.
    [[nodiscard]] std::string boot() const override;
};

} // namespace client::platform
