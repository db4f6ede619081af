#pragma once

#include "client/sync/wire.h"
#include "shared/base/scheduler.h"

#include <chrono>

namespace client::sync {

/// The Wire that is chosen (sync-protocol 15.7): the socket, and after three upgrades in a row that came to
/// nothing the plain requests, until the socket is tried again ten minutes later. One thread.
class FallbackWire : public Wire {
public:
    static constexpr int patience = 3;
    static constexpr std::chrono::minutes retrySocket{10};

    /// All outlive this object.
    FallbackWire(Wire &socket, Wire &poll, base::Scheduler &scheduler, const base::Clock &clock);
    ~FallbackWire() override;

    void open(WireEvents events) override;
    void send(const std::string &text) override;
    void useCodec(protocol::Codec codec) override;
    void close() override;
    [[nodiscard]] bool isPolling() const { return m_current == &m_poll; }

private:
    void openSocket(WireEvents events);
    void openPoll(WireEvents events);
    void leave();

    Wire &m_socket;
    Wire &m_poll;
    base::Scheduler &m_scheduler;
    const base::Clock &m_clock;
    Wire *m_current = nullptr;
    int m_failed = 0; ///< upgrades in a row
    base::Duration m_socketFrom{};
    base::TimerId m_back = 0;
};

} // namespace client::sync
