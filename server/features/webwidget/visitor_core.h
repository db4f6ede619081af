#pragma once

#include "server/features/conversations/conversation_service.h"
#include "server/features/webwidget/visitor_view.h"
#include "server/ports/log.h"
#include "server/ports/rate_limiter.h"
#include "server/ports/web_socket.h"
#include "server/storage/database.h"
#include "server/sync/executor.h"
#include "shared/base/random.h"
#include "shared/base/scheduler.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

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
    storage::Database &database;
    sync::Executor &executor;
    sync::Ephemera &ephemera;
    conversations::ConversationService &conversations;
    const VisitorSeal &seal;
    const attachments::BlobLink &links;
    ports::RateLimiter &limiter;
    VisitorSink &sink;
    ports::Log log;
};

struct VisitorSettings {
    base::Duration helloWithin = std::chrono::seconds{10};
    std::int64_t spreadMs = 3000; ///< what reconnecting widgets are asked to spread to
    std::size_t maxBody = 2000;   ///< code points of a message
    std::size_t maxSocketsPerVisitor = 10;
    int maxInFlight = 8; ///< messages without an answer, over all of a visitor's sockets
};

/// All visitors' sessions of a node (docs/protocol.md B): a state machine without threads of its own. Every
/// call but the constructor's comes from the scheduler; what the executor and Ephemera tell is posted to it.
class VisitorCore {
public:
    explicit VisitorCore(VisitorParts parts, VisitorSettings settings = {});
    ~VisitorCore();

    /// A connection is there; it must say hello in time.
    void opened(ports::SocketId socket);
    /// One text message.
    void received(ports::SocketId socket, std::string_view frame);
    /// A message the protocol has no place for (binary): ends the session.
    void malformed(ports::SocketId socket);
    /// The connection is gone; nothing is sent to it any more.
    void closed(ports::SocketId socket);
    /// Asks everybody to come back later because the node stops; new ones are asked as well.
    void drain();

    [[nodiscard]] std::size_t connections() const;

private:
    class Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace server::webwidget
