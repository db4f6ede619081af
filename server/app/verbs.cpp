#include "server/app/verbs.h"

#include "server/app/doctor.h"
#include "server/app/exit_code.h"
#include "server/app/high_water.h"
#include "server/app/seeder.h"
#include "server/app/server.h"
#include "server/app/settings.h"
#include "server/app/workspace.h"
#include "server/sync/journal.h"
#include "shared/base/json.h"

#include <cstdio>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace server::app {

namespace {

constexpr std::chrono::seconds stopGrace{10};
constexpr std::chrono::seconds drainGrace{10}; // after the last moment that was given
constexpr std::chrono::milliseconds drainLook{50};
constexpr std::size_t longestPassword = 1024;

void print(const std::string &line)
{
    std::cout << line << std::endl;
}

/// The first line of standard input, without echo when somebody types it.
std::string readPassword()
{
    termios before{};
    const bool typed = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before) == 0;
    if (typed) {
        std::cerr << "Password: " << std::flush;
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    std::string password;
    for (int c = std::getchar(); c != EOF && c != '\n' && password.size() < longestPassword;
         c = std::getchar())
        password.push_back(static_cast<char>(c));
    if (typed) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        std::cerr << '\n';
    }
    if (password.ends_with('\r'))
        password.pop_back();
    return password;
}

void printDemo(const DemoSignIn &demo, const std::string &url)
{
    print(
        base::toText({{"demo",
                       {{"email", demo.email},
                        {"password", demo.password},
                        {"colleague", {{"email", demo.colleagueEmail}, {"password", demo.colleaguePassword}}},
                        {"account_id", demo.account},
                        {"access_token", demo.accessToken},
                        {"website_token", demo.websiteToken},
                        {"server_url", url},
                        {"demo_url", url + "/demo"}}}}));
}

} // namespace

void serve(const Command &command, const WaitForEnd &wait)
{
    const auto config = configOf(command).values;
    const auto log = logOf(config);
    Foundation foundation{config, log};
    Server server{foundation, config, log};
    if (command.demo)
        if (const auto demo = plantDemo(foundation))
            printDemo(*demo, server.url());
    server.start();
    print("listening on " + server.url());
    const bool politely = wait(std::nullopt) == Ending::Drain;
    log.info("stopping");
    const std::chrono::seconds window{politely ? config.drainSeconds : 0};
    if (window.count() > 0) {
        server.drain(window);
        const auto until = std::chrono::steady_clock::now() + window + drainGrace;
        while (server.connections() > 0 && std::chrono::steady_clock::now() < until &&
               wait(drainLook) == Ending::NotYet) {
        }
    }
    server.stop(stopGrace);
    log.info("stopped");
}

void init(const Command &command)
{
    const auto config = configOf(command).values;
    Foundation foundation{config, logOf(config)};
    const auto planted =
        plantAccount(foundation, command.account, command.name, command.email, readPassword());
    print(base::toText(
        {{"account_id", planted.account}, {"user_id", planted.user}, {"access_token", planted.accessToken}}));
}

void seed(const Command &command)
{
    const auto config = configOf(command).values;
    Foundation foundation{config, logOf(config)};
    bool empty = false;
    foundation.database->read(
        [&](storage::Transaction &tx) { empty = server::accounts::UserStore{tx}.highestAccount() == 0; });
    if (empty)
        if (const auto demo = plantDemo(foundation))
            printDemo(*demo, "http://" + config.listen);
    const auto sown = Seeder{foundation, command.seed}.sow(command.conversations, command.messages);
    print(base::toText({{"contacts", sown.contacts},
                        {"conversations", sown.conversations},
                        {"messages", sown.messages},
                        {"attachments", sown.attachments}}));
}

void restored(const Command &command)
{
    const auto config = configOf(command).values;
    Foundation foundation{config, logOf(config)};
    std::vector<server::accounts::AccountRow> accounts;
    foundation.database->read(
        [&](storage::Transaction &tx) { accounts = server::accounts::UserStore{tx}.accounts(); });
    if (accounts.empty())
        throw Stop{ExitCode::DataUnusable, "there is no account in this data folder"};
    std::int64_t epoch = 0;
    runOrStop(foundation, accounts.front().account.number, "Beginning anew",
              [&epoch](sync::WriteContext &ctx) -> base::Status {
                  epoch = sync::beginEpoch(ctx.tx(), ctx.now());
                  return base::Done{};
              });
    HighWater{highWaterFile(config, foundation.directory), logOf(config)}.write(foundation.heads());
    print(base::toText({{"epoch", epoch}, {"accounts", accounts.size()}}));
}

bool doctor(const Command &command)
{
    const auto findings = examine(command);
    print(command.json ? toJson(findings) : toText(findings));
    return isHealthy(findings);
}

} // namespace server::app
