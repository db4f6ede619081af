#pragma once

#include "shared/base/clock.h"

namespace server::platform {

/// The machine's clocks.
class SystemClock : public base::Clock {
public:
    [[nodiscard]] base::Timestamp now() const override;
    [[nodiscard]] base::Duration monotonic() const override;
};

} // namespace server::platform
