#pragma once

#include "server/app/command_line.h"
#include "server/platform/config.h"
#include "server/ports/log.h"

namespace server::app {

/// Configuration from file, environment and flags. Throws Stop with Usage.
platform::LoadedConfig configOf(const Command &command);
/// The process's log, to standard error.
ports::Log logOf(const platform::Config &config);

} // namespace server::app
