#pragma once

#include "server/app/foundation.h"
#include "server/app/high_water.h"
#include "server/app/readiness.h"
#include "server/app/timer.h"
#include "server/app/webhook_thread.h"
#include "server/features/accounts/account_routes.h"
#include "server/features/accounts/auth_routes.h"
#include "server/features/attachments/attachment_routes.h"
#include "server/features/client_api/cable_endpoint.h"
#include "server/features/client_api/client_routes.h"
#include "server/features/conversations/contact_routes.h"
#include "server/features/conversations/dispatcher.h"
#include "server/features/conversations/message_routes.h"
#include "server/features/conversations/snooze_rules.h"
#include "server/features/inboxes/inbox_routes.h"
#include "server/features/pictures/picture_routes.h"
#include "server/features/webhooks/webhook_recorder.h"
#include "server/features/webhooks/webhook_sender.h"
#include "server/features/webwidget/visitor_endpoint.h"
#include "server/features/webwidget/widget_routes.h"
#include "server/platform/curl_client.h"
#include "server/platform/http_server.h"
#include "server/platform/metrics_registry.h"
#include "server/platform/multipart.h"
#include "server/platform/networks.h"
#include "server/platform/rate_limiter.h"
#include "server/platform/waiting_client.h"
#include "server/sync/ephemera.h"
#include "server/transport/agent_socket_endpoint.h"
#include "server/transport/poll_hub.h"
#include "server/transport/session_thread.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace server::app {

/// The whole server of one process: builds every part, in the order in which each needs the ones before.
class Server {
public:
    /// Binds the address and builds; serves nothing yet, so that the caller may still use the foundation's
    /// executor alone. Throws Stop.
    Server(Foundation &foundation, const platform::Config &config, const ports::Log &log);
    /// Stops without grace when stop() was not called.
    ~Server();

    void start();
    /// Refuses new sockets and sends those that are connected away, each at a moment of its own within
    /// `window`. Returns at once; what is connected goes on working until then.
    void drain(std::chrono::milliseconds window);
    /// Programs and widgets still connected.
    [[nodiscard]] std::size_t connections() const;
    /// Sends the rest away, lets requests end, commits what is queued (architecture 8).
    void stop(std::chrono::milliseconds grace);

    /// "http://127.0.0.1:8080", with the real port.
    [[nodiscard]] std::string url() const;

private:
    void addRoutes();
    void addMetrics();
    void addChores();
    void compact();
    void beginAnewAfterRewind();

    Foundation &m;
    const platform::Config m_config;
    server::conversations::OutboundChannels m_channels; ///< those with a world outside; none yet
    ports::Log m_log;
    platform::MetricsRegistry m_metrics;
    platform::MemoryRateLimiter m_limiter;
    platform::PocoMultipart m_multipart;
    sync::Ephemera m_ephemera;
    server::attachments::BlobLink m_links;
    server::webwidget::VisitorLinks m_visitorLinks;
    server::webwidget::VisitorSeal m_seal;
    platform::Networks m_scrapers; ///< who may read /metrics: this machine and private networks
    transport::SessionThread m_sessions;
    Readiness m_readiness;

    server::accounts::ApiGate m_gate;
    server::accounts::AuthRoutes m_authRoutes;
    server::accounts::AccountRoutes m_accountRoutes;
    server::inboxes::InboxRoutes m_inboxRoutes;
    SettingRoutes m_settingRoutes;
    server::attachments::AttachmentRoutes m_attachmentRoutes;
    server::pictures::PictureCache m_pictureCache;
    platform::FewWaiting m_pictureFetcher;
    server::pictures::PictureRoutes m_pictureRoutes;
    platform::CurlClient m_pictureClient; ///< after what it wakes
    server::conversations::ConversationDoors m_doors;
    server::conversations::ConversationRoutes m_conversationRoutes;
    server::conversations::MessageRoutes m_messageRoutes;
    server::conversations::ContactRoutes m_contactRoutes;
    server::webwidget::WidgetRoutes m_widgetRoutes;
    server::client_api::ClientRoutes m_clientRoutes;
    server::conversations::Dispatcher m_dispatcher;
    server::conversations::SnoozeRules m_snoozeRules;
    server::webhooks::WebhookService m_webhooks;
    server::webhooks::WebhookRecorder m_webhookRecorder;
    server::webhooks::WebhookSender m_webhookSender;
    WebhookThread m_webhookThread;
    platform::CurlClient m_outside; ///< after whom it wakes

    platform::HttpRouter m_router;
    std::shared_ptr<transport::AgentSocketEndpoint> m_agents;
    std::unique_ptr<transport::AgentSocketEndpoint> m_pollers; ///< the same without sockets
    std::unique_ptr<transport::PollHub> m_polls;
    std::shared_ptr<server::webwidget::VisitorEndpoint> m_visitors;
    std::shared_ptr<server::client_api::CableEndpoint> m_cable;
    std::unique_ptr<platform::HttpServer> m_http;
    std::optional<sync::ExecutorThread> m_executorThread;
    HighWater m_highWater;
    Timer m_timer;
    bool m_running = false;
};

} // namespace server::app
