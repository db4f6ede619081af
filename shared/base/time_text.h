#pragma once

#include "shared/base/clock.h"

#include <optional>
#include <string>

namespace base {

/// A moment in ISO 8601 with Z or an offset, a day ("2026-03-01": its beginning, UTC), or seconds since 1970.
std::optional<Timestamp> timeFromText(const std::string &text);

} // namespace base
