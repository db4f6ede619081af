#pragma once

#include "server/app/command_line.h"

#include <chrono>
#include <functional>
#include <optional>

namespace server::app {

enum class Ending {
    NotYet,
    Drain, ///< give everybody time to go
    Now,
};
/// Waits until the program is told to end, or for that long. Main thread only.
using WaitForEnd = std::function<Ending(std::optional<std::chrono::milliseconds>)>;

/// Serves until `wait` says that it is enough, then drains: connections are sent away one by one, until none
/// is left, the time is over or it is told to end once more. Throws Stop.
void serve(const Command &command, const WaitForEnd &wait);
void init(const Command &command);
void seed(const Command &command);
/// Whether all is well.
bool doctor(const Command &command);
/// After the data folder was put back from a backup: clients are to look at everything again. Prints the new
/// epoch.
void restored(const Command &command);
/// Prints how a mail is read. Touches no data folder.
void mailParse(const Command &command);

} // namespace server::app
