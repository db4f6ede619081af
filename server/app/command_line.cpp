#include "server/app/command_line.h"

#include "server/app/exit_code.h"
#include "server/platform/config.h"

#include <CLI/CLI.hpp>
#include <iostream>

namespace server::app {

namespace {

/// "--data" beside "--data_dir": what people type.
std::string flagNames(std::string_view key)
{
    const auto name = "--" + std::string{key};
    if (key == "limits.drain_seconds")
        return "--drain," + name;
    return key == "data_dir" ? "--data," + name : name;
}

void addSettings(CLI::App &verb, Command &command)
{
    verb.add_option("--config", command.configFile, "Configuration file (TOML)");
    for (const auto &key : platform::configKeys())
        verb.add_option_function<std::string>(
            flagNames(key.name),
            [&command, name = std::string{key.name}](const std::string &text) {
                command.settings.emplace_back(name, text);
            },
            std::string{key.doc});
}

} // namespace

std::optional<Command> readCommandLine(int argc, char **argv)
{
    Command command;
    CLI::App app{"deskbelld: the Deskbell server", "deskbelld"};
    app.set_version_flag("--version", "deskbelld " DESKBELL_VERSION);
    app.require_subcommand(1);

    auto *serve = app.add_subcommand("serve", "Serve until SIGTERM or SIGINT");
    addSettings(*serve, command);
    serve->add_flag("--demo", command.demo,
                    "Make a demo workspace when there is none, and print its sign-in once");

    auto *init =
        app.add_subcommand("init", "Make an account with its first administrator; the password comes on "
                                   "standard input");
    addSettings(*init, command);
    init->add_option("--account", command.account, "Name of the account")->required();
    init->add_option("--name", command.name, "Name of the administrator")->required();
    init->add_option("--email", command.email, "Address to sign in with")->required();

    auto *seed =
        app.add_subcommand("seed", "Fill the first account with conversations for demos and measurements");
    addSettings(*seed, command);
    seed->add_option("--conversations", command.conversations, "How many conversations")
        ->required()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}));
    seed->add_option("--messages", command.messages, "How many messages over all of them")
        ->required()
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000'000}));
    seed->add_option("--seed", command.seed, "The same number gives the same content")->capture_default_str();

    auto *doctor = app.add_subcommand("doctor", "Check configuration, disk, database and address");
    addSettings(*doctor, command);
    doctor->add_flag("--json", command.json, "Machine-readable answer");

    auto *restored = app.add_subcommand(
        "restored", "Tell clients that this data folder was put back from a backup; before serve");
    addSettings(*restored, command);

    auto *mail = app.add_subcommand("mail", "Look at mail as the server reads it");
    mail->require_subcommand(1);
    auto *mailParse = mail->add_subcommand("parse", "Show how one mail is read");
    mailParse->add_option("file", command.mailFile, "The mail as it came (RFC 5322); - reads standard input")
        ->required();
    mailParse->add_flag("--json", command.json, "Every field, machine-readable; see docs/email.md");
    mailParse->add_option("--own", command.ownAddresses,
                          "Address of an inbox of ours; mail from it would go round in a circle");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
            app.exit(error, std::cout, std::cout); // prints what was asked for
            return std::nullopt;
        }
        throw Stop{ExitCode::Usage, std::string{error.what()} + " (deskbelld --help explains)"};
    }
    if (seed->parsed() && command.messages < command.conversations)
        throw Stop{ExitCode::Usage, "--messages must be at least --conversations: no conversation is empty"};
    command.verb = serve->parsed()       ? Command::Verb::Serve
                   : init->parsed()      ? Command::Verb::Init
                   : seed->parsed()      ? Command::Verb::Seed
                   : restored->parsed()  ? Command::Verb::Restored
                   : mailParse->parsed() ? Command::Verb::MailParse
                                         : Command::Verb::Doctor;
    return command;
}

} // namespace server::app
