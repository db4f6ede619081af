#pragma once

#include "server/features/conversations/conversation_service.h"
#include "server/features/webwidget/visitor_roster.h"
#include "server/features/webwidget/visitor_view.h"
#include "server/features/webwidget/widget_config.h"
#include "server/ports/log.h"
#include "server/ports/rate_limiter.h"
#include "server/ports/text_patterns.h"
#include "server/ports/time_zones.h"
#include "server/ports/web_socket.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"
#include "shared/base/json_fwd.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <chrono>
#include <string>

namespace server::webwidget {

/// Where visitors' frames go: sockets in the server, lists in tests. Called on the core's scheduler.
class VisitorSink {
public:
    virtual ~VisitorSink() = default;
    virtual void send(ports::SocketId socket, std::string frame) = 0;
    /// Sends what is queued, then closes. The core has forgotten the connection already.
    virtual void close(ports::SocketId socket, std::uint16_t code, const std::string &reason) = 0;
};

/// What the visitors' sessions stand on. Everything outlives the core; the scheduler also outlives the
/// executor's last batch.
struct VisitorParts {
    base::Scheduler &scheduler;
    const base::Clock &clock;
    base::Random &random;
    storage::Database &database;
    sync::Executor &executor;
    sync::Ephemera &ephemera;
    conversations::ConversationService &conversations;
    const VisitorSeal &seal;
    const VisitorLinks &links;
    ports::RateLimiter &limiter;
    const ports::TimeZones &zones;
    const ports::TextPatterns &patterns;
    VisitorSink &sink;
    ports::Log log;
    CampaignSource campaigns = {};
};

struct VisitorSettings {
    base::Duration helloWithin = std::chrono::seconds{10};
    std::int64_t hellosPerSecond = 200; ///< what widgets that come back are asked to spread to
    std::size_t maxBody = 2000;         ///< code points of a message
    std::size_t maxSocketsPerVisitor = 10;
    int maxInFlight = 8; ///< messages without an answer, over all of a visitor's sockets
};

/// To one socket, and to all of a visitor.
void tell(VisitorSink &sink, ports::SocketId socket, const base::Json &frame);
void tell(VisitorSink &sink, const Connected &visitor, const base::Json &frame);

/// The visitor has written: they count as online, and have a name.
void arrive(sync::Ephemera &ephemera, Connected &visitor, const contacts::ContactRow &contact);

} // namespace server::webwidget
