#pragma once

#include "server/app/command_line.h"

#include <functional>

namespace server::app {

/// Serves until `wait` returns, then drains. Throws Stop.
void serve(const Command &command, const std::function<void()> &wait);
void init(const Command &command);
void seed(const Command &command);
/// Whether all is well.
bool doctor(const Command &command);

} // namespace server::app
