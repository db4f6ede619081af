#pragma once

#include "server/app/command_line.h"
#include "server/platform/config.h"
#include "server/ports/log.h"

#include <functional>

namespace server::app {

/// Configuration from file, environment and flags. Throws Stop with Usage.
platform::LoadedConfig configOf(const Command &command);
ports::Log logOf(const platform::Config &config);

/// Serves until `wait` returns, then drains. Throws Stop.
void serve(const Command &command, const std::function<void()> &wait);
void init(const Command &command);
void seed(const Command &command);
/// Whether all is well.
bool doctor(const Command &command);

} // namespace server::app
