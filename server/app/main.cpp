#include "server/app/exit_code.h"
#include "server/app/verbs.h"

#include <cerrno>
#include <csignal>
#include <functional>
#include <iostream>
#include <new>
#include <sys/stat.h>

namespace {

using server::app::Command;
using server::app::Ending;
using server::app::ExitCode;

int fail(ExitCode code, const std::string &sentence)
{
    std::cerr << "deskbelld: " << sentence << std::endl;
    return static_cast<int>(code);
}

/// The boundary of the program: what is thrown becomes a sentence and an exit code.
int guarded(const std::function<int()> &work)
{
    try {
        return work();
    } catch (const server::app::Stop &stop) {
        return fail(stop.code(), stop.what());
    } catch (const std::bad_alloc &) {
        return fail(ExitCode::Failed, "There is not enough memory.");
    } catch (const std::exception &error) {
        return fail(ExitCode::Failed, error.what());
    }
}

sigset_t endSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGQUIT})
        sigaddset(&set, signal);
    return set;
}

/// Before the first thread, so that all inherit it: only the main thread takes signals, when it waits for
/// them.
void blockSignals()
{
    const auto set = endSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

/// SIGTERM comes from a supervisor, which is patient; SIGINT and SIGQUIT from somebody at a terminal.
Ending waitForEnd(std::optional<std::chrono::milliseconds> most)
{
    const auto set = endSignals();
    const auto ms = most.value_or(std::chrono::milliseconds{0}).count();
    const timespec limit{static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000 * 1'000'000)};
    int signal = -1;
    do
        signal = most ? sigtimedwait(&set, nullptr, &limit) : sigwaitinfo(&set, nullptr);
    while (signal < 0 && errno == EINTR);
    if (signal < 0)
        return Ending::NotYet;
    return signal == SIGTERM ? Ending::Drain : Ending::Now;
}

int run(int argc, char **argv)
{
    const auto command = server::app::readCommandLine(argc, argv);
    if (!command)
        return static_cast<int>(ExitCode::Done);
    switch (command->verb) {
    case Command::Verb::Serve:
        blockSignals();
        server::app::serve(*command, &waitForEnd);
        break;
    case Command::Verb::Init:
        server::app::init(*command);
        break;
    case Command::Verb::Seed:
        server::app::seed(*command);
        break;
    case Command::Verb::Restored:
        server::app::restored(*command);
        break;
    case Command::Verb::MailParse:
        server::app::mailParse(*command);
        break;
    case Command::Verb::Doctor:
        return static_cast<int>(server::app::doctor(*command) ? ExitCode::Done : ExitCode::Failed);
    }
    return static_cast<int>(ExitCode::Done);
}

} // namespace

int main(int argc, char **argv)
{
    umask(0077); // the data directory holds people's messages
    return guarded([&] { return run(argc, argv); });
}
