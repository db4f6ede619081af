#pragma once

#include "server/ports/http_client.h"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace server::platform {

/// WaitingClient over one that does not wait. Few wait at a time: the rest of the workers must go on serving.
class FewWaiting : public ports::WaitingClient {
public:
    FewWaiting(ports::HttpClient &client, int mostWaiting) : m_client{client}, m_mostWaiting{mostWaiting} {}

    std::optional<ports::CallOutcome> get(ports::OutgoingCall call) override;
    /// Takes what the client has finished; from its onFinished().
    void collect();

private:
    struct Flight {
        bool isDone = false;
        ports::CallOutcome outcome;
    };

    ports::HttpClient &m_client;
    const int m_mostWaiting;
    std::mutex m_mutex; // guards the rest
    std::condition_variable m_landed;
    std::map<std::string, std::uint64_t> m_tickets; ///< by address
    std::map<std::uint64_t, std::shared_ptr<Flight>> m_flights;
    std::uint64_t m_lastTicket = 0;
    int m_waiting = 0;
};

} // namespace server::platform
