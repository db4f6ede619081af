#pragma once

#include <stdexcept>
#include <string>

namespace server::app {

/// How the program ends; scripts and service managers tell by it. Documented in docs/operations.
enum class ExitCode {
    Done = 0,
    Failed = 1,       ///< something went wrong that has no code of its own; doctor found a fault
    Usage = 2,        ///< the command line or the configuration is wrong
    DataUnusable = 3, ///< data directory, database, key or disk
    AddressInUse = 4, ///< cannot listen
};

/// Ends a verb with a sentence for the operator. Caught in main().
class Stop : public std::runtime_error {
public:
    Stop(ExitCode code, const std::string &sentence) : std::runtime_error{sentence}, m_code{code} {}
    [[nodiscard]] ExitCode code() const { return m_code; }

private:
    ExitCode m_code;
};

} // namespace server::app
