#include "server/platform/event_loop.h"

#include <array>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>

namespace server::platform {

namespace {

void must(bool done, const char *what)
{
    if (!done)
        throw std::system_error{errno, std::generic_category(), what};
}

} // namespace

Poller::Poller() : m_epoll{::epoll_create1(EPOLL_CLOEXEC)}, m_event{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)}
{
    must(bool{m_epoll} && bool{m_event} && add(m_event.get(), EPOLLIN | EPOLLET, wakeTag), "epoll");
}

bool Poller::add(int descriptor, std::uint32_t events, std::uint64_t tag)
{
    epoll_event event{events, {.u64 = tag}};
    return ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Poller::change(int descriptor, std::uint32_t events, std::uint64_t tag)
{
    epoll_event event{events, {.u64 = tag}};
    must(::epoll_ctl(m_epoll.get(), EPOLL_CTL_MOD, descriptor, &event) == 0, "epoll_ctl mod");
}

void Poller::remove(int descriptor)
{
    must(::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, descriptor, nullptr) == 0, "epoll_ctl del");
}

void Poller::wait(std::chrono::milliseconds timeout,
                  const std::function<void(std::uint64_t, std::uint32_t)> &on)
{
    std::array<epoll_event, 256> events; // filled by the kernel
    const int count = ::epoll_wait(m_epoll.get(), events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(timeout.count() < 0 ? -1 : timeout.count()));
    // Edge-triggered, so the counter need not be read; the flag falls before the inbox is looked at.
    m_woken.store(false);
    for (int i = 0; i < count; ++i)
        if (events[static_cast<std::size_t>(i)].data.u64 != wakeTag)
            on(events[static_cast<std::size_t>(i)].data.u64, events[static_cast<std::size_t>(i)].events);
}

void Poller::wake()
{
    if (!m_woken.exchange(true)) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_event.get(), &one, sizeof one);
    }
}

} // namespace server::platform
