#include "server/app/data_directory.h"

#include "server/app/exit_code.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server::app {

namespace {

std::string reason(int error)
{
    if (error == ENOSPC || error == EDQUOT)
        return "there is no space left on its disk";
    return std::strerror(error);
}

} // namespace

DataDirectory::DataDirectory(const std::string &path) : m_path{path}
{
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
        const auto parent = std::filesystem::absolute(path, error).parent_path();
        std::filesystem::create_directories(parent, error);
        if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
            throw Stop{ExitCode::DataUnusable, "The data directory " + path +
                                                   " does not exist and cannot be made: " + reason(errno) +
                                                   "."};
        if (!std::filesystem::is_directory(path, error))
            throw Stop{ExitCode::DataUnusable, "The data directory " + path + " is not a directory."};
    }
    m_lock = ::open(file(lockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0)
        throw Stop{ExitCode::DataUnusable,
                   "The data directory " + path + " cannot be written: " + reason(errno) + "."};
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(m_lock);
        throw Stop{ExitCode::DataUnusable,
                   "The data directory " + path + " is in use by another deskbelld. Stop that one first."};
    }
}

DataDirectory::~DataDirectory()
{
    ::close(m_lock);
}

bool DataDirectory::isInUse(const std::string &path)
{
    const int lock = ::open((path + "/" + lockFile).c_str(), O_RDONLY | O_CLOEXEC);
    if (lock < 0)
        return false;
    const bool free = ::flock(lock, LOCK_SH | LOCK_NB) == 0;
    ::close(lock);
    return !free;
}

} // namespace server::app
