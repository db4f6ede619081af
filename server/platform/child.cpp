#include "server/platform/child.h"

#include "server/platform/descriptor.h"
#include "server/platform/socket_io.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace server::platform {

namespace {

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> all;
    for (const auto &text : texts)
        all.push_back(const_cast<char *>(text.c_str()));
    all.push_back(nullptr);
    return all;
}

void limit(__rlimit_resource what, rlim_t most)
{
    const rlimit both{most, most};
    ::setrlimit(what, &both);
}

/// Between fork and exec: nothing but calls that are safe after a fork of many threads.
[[noreturn]] void becomeChild(const char *program, char *const *arguments, char *const *environment,
                              int input, int output, const ChildLimits &limits)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::setpgid(0, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_WRONLY);
    ::dup2(input, 0);
    ::dup2(output, 1);
    ::dup2(nothing, 2);
    ::close_range(3, ~0U, 0);
    limit(RLIMIT_AS, limits.memory);
    limit(RLIMIT_CPU, limits.cpuSeconds);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 64);
    ::execve(program, arguments, environment);
    ::_exit(127);
}

/// False when the child wrote too much or too late.
bool readOutput(int pipe, const ChildLimits &limits, std::string &output)
{
    const auto deadline = std::chrono::steady_clock::now() + limits.time;
    std::array<char, 65536> piece;
    for (;;) {
        if (!waitReadable(pipe, deadline))
            return false;
        const auto count = ::read(pipe, piece.data(), piece.size());
        if (count == 0)
            return true;
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        if (count > 0)
            output.append(piece.data(), static_cast<std::size_t>(count));
        if (output.size() > limits.output)
            return false;
    }
}

} // namespace

ChildOutcome runChild(const std::string &program, const std::vector<std::string> &arguments,
                      const std::vector<std::string> &environment, int input, const ChildLimits &limits)
{
    ChildOutcome outcome;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return outcome;
    const Descriptor reading{ends[0]};
    Descriptor writing{ends[1]};
    std::vector<std::string> all{program};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto argumentPointers = pointers(all);
    const auto environmentPointers = pointers(environment);
    const auto child = ::fork();
    if (child == 0)
        becomeChild(program.c_str(), argumentPointers.data(), environmentPointers.data(), input,
                    writing.get(), limits);
    writing.reset();
    if (child < 0)
        return outcome;
    const bool inTime = readOutput(reading.get(), limits, outcome.output);
    if (!inTime)
        ::kill(-child, SIGKILL);
    // Its output has ended, so it is ending; one that only closed its output is ended here as well.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        if (std::chrono::steady_clock::now() > deadline)
            ::kill(-child, SIGKILL);
        ::usleep(1000);
    }
    outcome.succeeded = inTime && ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return outcome;
}

std::string findProgram(const std::string &name, const std::string &searchPath)
{
    std::size_t at = 0;
    while (at <= searchPath.size()) {
        const auto end = std::min(searchPath.find(':', at), searchPath.size());
        const auto file = searchPath.substr(at, end - at) + "/" + name;
        struct stat status {};
        if (file.front() == '/' && ::access(file.c_str(), X_OK) == 0 && ::stat(file.c_str(), &status) == 0 &&
            S_ISREG(status.st_mode))
            return file;
        at = end + 1;
    }
    return {};
}

} // namespace server::platform
