#pragma once

#include "server/platform/connection.h"
#include "server/platform/networks.h"
#include "server/platform/parking_loop.h"
#include "server/platform/router.h"
#include "server/platform/socket_body.h"
#include "server/ports/log.h"
#include "server/ports/metrics.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace server::platform {

struct RequestOptions {
    Networks trustedProxies;
    BodyPace bodyPace;
    std::size_t smallBody = 32 * 1024; ///< the parking loop's
    std::string requestIdPrefix;       ///< random, so that ids of two runs differ
};

/// What workers do with a connection the parking loop lends them: read one request, find its route, answer
/// it. The boundary where exceptions end, as a 500. Stateless between requests; any worker.
class RequestRunner {
public:
    RequestRunner(const HttpRouter &router, RequestOptions options, ports::Metrics &metrics, ports::Log log);

    ParkingLoop::Next run(Connection &connection, ParkingLoop::Work work);
    /// Each answer from now on is the last of its connection.
    void drain() { m_draining = true; }
    /// A whole answer that closes the connection, for what never becomes a request.
    [[nodiscard]] std::string refusalBytes(const Refusal &refusal);

private:
    using Next = ParkingLoop::Next;
    struct Asked;

    Next vet(Connection &connection);
    Next serve(Connection &connection, bool large);
    Next advance(Connection &connection);
    Next send(Connection &connection, const Asked &asked, ports::HttpResponse response);
    ports::HttpResponse answer(Connection &connection, Asked &asked, bool large);
    ports::HttpResponse handle(Asked &asked, Connection &connection, bool large);
    ports::HttpResponse upgrade(Connection &connection, Asked &asked);
    bool read(Connection &connection, Asked &asked, int flags);
    std::string nextRequestId();

    const HttpRouter &m_router;
    RequestOptions m_options;
    ports::Log m_log;
    std::array<ports::Counter *, 6> m_answers{}; // by class of status
    ports::Histogram &m_seconds;
    std::atomic<std::uint64_t> m_requests{0};
    std::atomic<bool> m_draining{false};
};

} // namespace server::platform
