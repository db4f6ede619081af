#pragma once

#include "server/ports/http_client.h"
#include "shared/base/result.h"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace server::pictures {

/// Gets a picture from somebody else's server while a worker waits. The same one is fetched once at a time,
/// and few workers wait: the rest must go on serving. Any thread.
class PictureFetcher {
public:
    explicit PictureFetcher(ports::HttpClient &client) : m_client{client} {}

    static constexpr std::size_t mostBytes = 5 << 20;
    static constexpr int mostWaiting = 3;

    /// The bytes. Fails with RateLimited when too many wait already, with Unavailable for anything but a
    /// complete answer 200 of a bearable size; the detail says why, for the log.
    base::Result<std::string> fetch(const std::string &address);
    /// Takes what the client has finished; from its onFinished().
    void collect();

private:
    struct Flight {
        bool isDone = false;
        ports::CallOutcome outcome;
    };

    ports::HttpClient &m_client;
    std::mutex m_mutex; // guards the rest
    std::condition_variable m_landed;
    std::map<std::string, std::uint64_t> m_tickets; ///< by address
    std::map<std::uint64_t, std::shared_ptr<Flight>> m_flights;
    std::uint64_t m_lastTicket = 0;
    int m_waiting = 0;
};

} // namespace server::pictures
