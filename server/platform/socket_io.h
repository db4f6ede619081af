#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>

struct iovec;

/// Small calls on non-blocking sockets, with the retries that each needs. None raises SIGPIPE.
namespace server::platform {

using SteadyTime = std::chrono::steady_clock::time_point;

enum class IoState {
    Ok,      ///< `size` bytes moved
    Blocked, ///< nothing now
    Ended,   ///< the peer sent its last byte
    Failed   ///< reset, or another error
};

struct IoResult {
    IoState state = IoState::Ok;
    std::size_t size = 0;
};

IoResult receive(int socket, char *into, std::size_t size, int flags = 0);
IoResult transmit(int socket, const iovec *pieces, std::size_t count, int flags = 0);
IoResult transmit(int socket, std::string_view bytes, int flags = 0);
/// As much of a file as the socket takes now, at most `size`. Ended when the file is shorter than that.
IoResult transmitFile(int socket, int file, off_t &offset, std::size_t size);

/// Waits until the socket is readable, hung up, or the moment has come; false then.
bool waitReadable(int socket, SteadyTime deadline);

/// Bytes that lie in the kernel's receive buffer.
std::size_t available(int socket);

/// In this thread writing to a closed socket is an error, not a signal; sendfile and OpenSSL know no
/// MSG_NOSIGNAL.
void ignoreBrokenPipes();
void setNonBlocking(int socket);
/// The next close resets the connection and gives back what the kernel still holds for it.
void resetOnClose(int socket);

/// "192.0.2.1" or "2001:db8::1"; an IPv4 address mapped into IPv6 is shown as IPv4. Empty when unknown.
std::string peerAddress(int socket);

} // namespace server::platform
