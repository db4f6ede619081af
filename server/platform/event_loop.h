#pragma once

#include "server/platform/descriptor.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <sys/epoll.h>

namespace server::platform {

/// One epoll with an eventfd to wake it; the two loops (parking, sockets) and the TLS bridge are built on it.
class Poller {
public:
    Poller();

    /// False when the kernel has no room for it.
    [[nodiscard]] bool add(int descriptor, std::uint32_t events, std::uint64_t tag);
    void change(int descriptor, std::uint32_t events, std::uint64_t tag);
    void remove(int descriptor);

    /// Waits and hands each event on; `timeout` below zero waits for ever. Wakes are swallowed.
    void wait(std::chrono::milliseconds timeout,
              const std::function<void(std::uint64_t tag, std::uint32_t events)> &on);
    /// Ends a wait, now or the next. Any thread; costs a system call only for the first since the last wait.
    void wake();

    static constexpr std::uint64_t wakeTag = ~std::uint64_t{0};

private:
    Descriptor m_epoll;
    Descriptor m_event;
    std::atomic<bool> m_woken{false};
};

} // namespace server::platform
