#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace server::platform {

/// What a child process that reads strangers' bytes may use.
struct ChildLimits {
    std::size_t memory = 600 << 20; ///< address space
    unsigned cpuSeconds = 10;
    std::chrono::milliseconds time{15'000}; ///< by the clock, then it is killed
    std::size_t output = 4 << 20;           ///< more is a failure
};

struct ChildOutcome {
    bool succeeded = false; ///< it ended by itself with 0, within all limits
    std::string output;
};

/// Runs a program with a file as its standard input and gives back its standard output. It gets no other
/// descriptor, no environment but `environment`, may write no file, and dies with this process. Blocks.
ChildOutcome runChild(const std::string &program, const std::vector<std::string> &arguments,
                      const std::vector<std::string> &environment, int input, const ChildLimits &limits);

/// The first executable file of that name in a search path ("/usr/bin:/bin"); empty when there is none.
std::string findProgram(const std::string &name, const std::string &searchPath);

} // namespace server::platform
