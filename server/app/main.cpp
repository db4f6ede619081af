#include "server/app/exit_code.h"
#include "server/app/verbs.h"

#include <Poco/Util/ServerApplication.h>

#include <csignal>
#include <functional>
#include <iostream>
#include <new>
#include <sys/stat.h>

namespace {

using server::app::Command;
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

/// Poco's frame for a server: waiting for termination. The command line was read before.
class Daemon : public Poco::Util::ServerApplication {
public:
    explicit Daemon(const Command &command) : m_command{command} {}

protected:
    int main(const std::vector<std::string> &) override
    {
        return guarded([this] {
            server::app::serve(m_command, [this] { waitForTerminationRequest(); });
            return static_cast<int>(server::app::ExitCode::Done);
        });
    }

private:
    const Command &m_command;
};

/// Before the first thread, so that all inherit it: only the main thread takes signals, when it waits for
/// them.
void blockSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGQUIT})
        sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int run(int argc, char **argv)
{
    const auto command = server::app::readCommandLine(argc, argv);
    if (!command)
        return static_cast<int>(ExitCode::Done);
    switch (command->verb) {
    case Command::Verb::Serve:
        blockSignals();
        return Daemon{*command}.run(1, argv);
    case Command::Verb::Init:
        server::app::init(*command);
        break;
    case Command::Verb::Seed:
        server::app::seed(*command);
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
