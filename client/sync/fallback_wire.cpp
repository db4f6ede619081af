#include "client/sync/fallback_wire.h"

#include <memory>
#include <utility>

namespace client::sync {

FallbackWire::FallbackWire(Wire &socket, Wire &poll, base::Scheduler &scheduler, const base::Clock &clock)
    : m_socket{socket}
    , m_poll{poll}
    , m_scheduler{scheduler}
    , m_clock{clock}
{
}

FallbackWire::~FallbackWire()
{
    leave();
}

void FallbackWire::leave()
{
    m_scheduler.cancel(std::exchange(m_back, 0));
    if (auto *current = std::exchange(m_current, nullptr))
        current->close();
}

void FallbackWire::open(WireEvents events)
{
    leave();
    if (m_failed >= patience && m_clock.monotonic() < m_socketFrom)
        openPoll(std::move(events));
    else
        openSocket(std::move(events));
}

void FallbackWire::openSocket(WireEvents events)
{
    m_current = &m_socket;
    const auto upgraded = std::make_shared<bool>(false);
    WireEvents watched = events;
    watched.opened = [this, upgraded, opened = events.opened] {
        *upgraded = true;
        m_failed = 0;
        if (opened)
            opened();
    };
    watched.closed = [this, upgraded, closed = events.closed](int code, const std::string &why,
                                                              base::Duration retryAfter) {
        m_current = nullptr;
        if (!*upgraded && ++m_failed >= patience)
            m_socketFrom = m_clock.monotonic() + retrySocket;
        closed(code, why, retryAfter);
    };
    m_socket.open(std::move(watched));
}

void FallbackWire::openPoll(WireEvents events)
{
    m_current = &m_poll;
    const auto heard = std::make_shared<bool>(false);
    WireEvents watched = events;
    watched.frame = [heard, frame = events.frame](std::string_view text) {
        *heard = true;
        frame(text);
    };
    watched.closed = [this, heard, closed = events.closed](int code, const std::string &why,
                                                           base::Duration retryAfter) {
        m_scheduler.cancel(std::exchange(m_back, 0));
        m_current = nullptr;
        if (!*heard && code == 0)
            m_failed = patience - 1; // nobody there at all: the socket has the next try
        closed(code, why, retryAfter);
    };
    const auto left = m_socketFrom - m_clock.monotonic();
    m_back = m_scheduler.after(left, [this, closed = events.closed] {
        m_back = 0;
        leave();
        closed(1001, "trying the socket again", base::Duration{0});
    });
    m_poll.open(std::move(watched));
}

void FallbackWire::send(const std::string &text)
{
    if (m_current)
        m_current->send(text);
}

void FallbackWire::useCodec(protocol::Codec codec)
{
    if (m_current)
        m_current->useCodec(codec);
}

void FallbackWire::close()
{
    leave();
}

} // namespace client::sync
