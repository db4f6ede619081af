#include "server/platform/socket_io.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace server::platform {

namespace {

IoResult outcome(ssize_t moved, bool zeroIsEnd)
{
    if (moved > 0 || (moved == 0 && !zeroIsEnd))
        return {IoState::Ok, static_cast<std::size_t>(moved)};
    if (moved == 0)
        return {IoState::Ended, 0};
    return {errno == EAGAIN || errno == EWOULDBLOCK ? IoState::Blocked : IoState::Failed, 0};
}

template <class Call>
ssize_t retried(Call call)
{
    ssize_t moved = 0;
    do
        moved = call();
    while (moved < 0 && errno == EINTR);
    return moved;
}

} // namespace

IoResult receive(int socket, char *into, std::size_t size, int flags)
{
    return outcome(retried([&] { return ::recv(socket, into, size, flags | MSG_DONTWAIT); }), true);
}

IoResult transmit(int socket, const iovec *pieces, std::size_t count, int flags)
{
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(pieces);
    message.msg_iovlen = count;
    return outcome(retried([&] { return ::sendmsg(socket, &message, flags | MSG_DONTWAIT | MSG_NOSIGNAL); }),
                   false);
}

IoResult transmit(int socket, std::string_view bytes, int flags)
{
    const iovec piece{const_cast<char *>(bytes.data()), bytes.size()};
    return transmit(socket, &piece, 1, flags);
}

IoResult transmitFile(int socket, int file, off_t &offset, std::size_t size)
{
    return outcome(retried([&] { return ::sendfile(socket, file, &offset, size); }), true);
}

bool waitReadable(int socket, SteadyTime deadline)
{
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return false;
        pollfd entry{socket, POLLIN | POLLRDHUP, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

std::size_t available(int socket)
{
    int bytes = 0;
    return ::ioctl(socket, FIONREAD, &bytes) == 0 && bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

void ignoreBrokenPipes()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void setNonBlocking(int socket)
{
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL, 0) | O_NONBLOCK);
}

void resetOnClose(int socket)
{
    const linger atOnce{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
}

std::string peerAddress(int socket)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getpeername(socket, reinterpret_cast<sockaddr *>(&storage), &size) != 0)
        return {};
    char text[INET6_ADDRSTRLEN] = {};
    if (storage.ss_family == AF_INET) {
        const auto &four = reinterpret_cast<const sockaddr_in &>(storage);
        ::inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    } else if (storage.ss_family == AF_INET6) {
        const auto &six = reinterpret_cast<const sockaddr_in6 &>(storage);
        if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
            ::inet_ntop(AF_INET, &six.sin6_addr.s6_addr[12], text, sizeof text);
        else
            ::inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
    }
    return text;
}

} // namespace server::platform
