#pragma once

#include "server/app/command_line.h"

#include <string>
#include <vector>

namespace server::app {

/// One thing the doctor looked at.
struct Finding {
    enum class State { Fine, Warning, Fault };

    std::string check; ///< "disk_space"
    State state = State::Fine;
    std::string evidence; ///< what was seen
    std::string fix;      ///< what to do; empty when all is fine
};

/// Looks at configuration, directory, disk, key, database, journal, address and tools. Changes nothing but
/// the schema of an older database, as the next start would. Works beside a running server.
std::vector<Finding> examine(const Command &command);

/// No fault among them; warnings are no faults.
bool isHealthy(const std::vector<Finding> &findings);
std::string toText(const std::vector<Finding> &findings);
/// {"healthy":…,"checks":[{"check","state","evidence","fix"},…]}
std::string toJson(const std::vector<Finding> &findings);

} // namespace server::app
