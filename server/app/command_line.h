#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace server::app {

/// What the operator asked for.
struct Command {
    enum class Verb { Serve, Init, Seed, Doctor, Restored, MailParse };

    Verb verb = Verb::Serve;
    std::string configFile;
    std::vector<std::pair<std::string, std::string>> settings; ///< configuration keys set by flags

    bool demo = false;                     ///< serve: keep a demo workspace
    std::string account;                   ///< init
    std::string name;                      ///< init
    std::string email;                     ///< init
    std::int64_t conversations = 0;        ///< seed
    std::int64_t messages = 0;             ///< seed
    std::uint64_t seed = 1;                ///< seed
    bool json = false;                     ///< doctor, mail parse
    std::string mailFile;                  ///< mail parse: "-" is standard input
    std::vector<std::string> ownAddresses; ///< mail parse
};

/// Reads the command line. Nothing when help or the version was asked for and printed. Throws Stop with
/// Usage.
std::optional<Command> readCommandLine(int argc, char **argv);

} // namespace server::app
