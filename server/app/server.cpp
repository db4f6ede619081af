#include "server/app/server.h"

#include "server/app/exit_code.h"
#include "server/features/conversations/conversations_module.h"
#include "server/sync/compaction.h"
#include "server/sync/journal.h"
#include "server/transport/sync_routes.h"
#include "shared/protocol/close_code.h"

#include <algorithm>

namespace server::app {

namespace {

constexpr std::int64_t pictureBytes = 256 << 20;
constexpr int mostPictureWaits = 3;      // of eight workers
constexpr std::size_t fullRound = 5'000; // what one compaction forgets at most

std::string agentName()
{
    return std::string{"Deskbell/"} + DESKBELL_VERSION;
}

platform::Networks networks(const std::vector<std::string> &ranges, const std::string &key)
{
    auto parsed = platform::Networks::parse(ranges);
    if (!parsed)
        throw Stop{ExitCode::Usage, key + ": " + parsed.error().detail};
    return std::move(*parsed);
}

platform::HttpServerOptions optionsOf(const platform::Config &config)
{
    platform::HttpServerOptions options;
    options.listen = config.listen;
    options.parking.headerBytes = static_cast<std::size_t>(config.headerBytes);
    options.parking.maxConnections = static_cast<std::size_t>(config.maxConnections);
    options.trustedProxies = networks(config.trustedProxies, "trusted_proxies");
    options.drainCode = static_cast<std::uint16_t>(protocol::CloseCode::Drain);
    if (!config.tlsCertificate.empty())
        options.tls =
            platform::TlsOptions{config.tlsCertificate, config.tlsKey, options.parking.maxConnections};
    return options;
}

} // namespace

Server::Server(Foundation &foundation, const platform::Config &config, const ports::Log &log)
    : m{foundation}
    , m_config{config}
    , m_log{log}
    , m_limiter{m.clock}
    , m_links{*m.crypto, m.clock}
    , m_visitorLinks{m_links, server::pictures::PictureLink{*m.crypto}}
    , m_seal{*m.crypto, m.clock}
    , m_scrapers{networks({"127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"},
                          "metrics")}
    , m_sessions{log}
    , m_readiness{*m.executor, m_sessions, m.clock}
    , m_gate{{*m.database, *m.executor, m.accounts, m.devices, *m.crypto, m_limiter, m_ephemera, m.ids,
              m.clock, config.publicUrl}}
    , m_authRoutes{m.devices, m_limiter}
    , m_accountRoutes{m_gate}
    , m_inboxRoutes{{m_gate, m.inboxes, m.zones, m_multipart, *m.media, *m.crypto}}
    , m_settingRoutes{m_gate, m.services(), m.mutations, *m.crypto}
    , m_attachmentRoutes{*m.database, m.access, m.attachments, m_links, m_limiter}
    , m_pictureCache{m.directory.file(DataDirectory::pictureFolder), m.clock, m.random}
    , m_pictureFetcher{m_pictureClient, mostPictureWaits}
    , m_pictureRoutes{{m_visitorLinks.pictures, m_pictureFetcher, m_pictureCache, *m.media, m_limiter, log}}
    , m_pictureClient{networks(config.outgoingNetworks, "outgoing.allowed_networks"), agentName()}
    , m_doors{m_gate, m.conversations, m.contacts, m.attachments, m_links, m_multipart, m_ephemera}
    , m_conversationRoutes{m_doors}
    , m_messageRoutes{m_doors}
    , m_contactRoutes{m_doors}
    , m_widgetRoutes{{*m.database, *m.executor, m_ephemera, m.contacts, m.conversations, m.inboxes, *m.crypto,
                      m.attachments, m_seal, m_visitorLinks, m_limiter, m.ids, m.clock, m.zones,
                      [](std::string_view path) { return ports::findAsset(path); }, config.publicUrl,
                      campaignSource(m.zones, m.clock)}}
    , m_clientRoutes{{*m.database, *m.executor, m_ephemera, m.contacts, m.conversations, m.inboxes,
                      m.attachments, m_multipart, *m.crypto, m_links, m_limiter, m.ids, m.clock, m.zones,
                      config.publicUrl}}
    , m_dispatcher{{*m.database, *m.executor, m_channels, m.clock, m.random, log}}
    , m_snoozeRules{m.conversations, m.zones}
    , m_webhooks{*m.crypto}
    , m_webhookRecorder{{*m.database, *m.executor, m_ephemera, m_links, config.publicUrl, log}}
    , m_webhookSender{{*m.database, *m.executor, m_outside, m_webhooks, m.inboxes, m.conversations, *m.crypto,
                       m.clock, m.random, std::chrono::seconds{config.webhookSeconds}, log}}
    , m_webhookThread{m_webhookRecorder, m_webhookSender, m_ephemera, log}
    , m_outside{networks(config.outgoingNetworks, "outgoing.allowed_networks"), agentName()}
    , m_highWater{highWaterFile(config, m.directory), log}
    , m_timer{m.clock, log}
{
    m.executor->observe(m_webhookRecorder);
    m_pictureClient.onFinished([this] { m_pictureFetcher.collect(); });
    m_outside.onFinished([this] { m_webhookThread.wake(); });
    sync::SessionSettings sessionSettings;
    sessionSettings.devicesOnline = static_cast<std::size_t>(config.devicesOnline);
    const auto makeCore = [this, sessionSettings,
                           seats = std::make_shared<sync::DeviceSeats>()](sync::FrameSink &sink) {
        return std::make_unique<sync::SessionCore>(
            sync::SessionParts{m_sessions, m.clock, m.random, *m.database, *m.executor, m.entities,
                               m.mutations, m.access, m_ephemera, sink, m_log, seats},
            sessionSettings);
    };
    m_agents = std::make_shared<transport::AgentSocketEndpoint>(m_sessions, m_limiter, m.clock, makeCore);
    m_pollers = std::make_unique<transport::AgentSocketEndpoint>(m_sessions, m_limiter, m.clock, makeCore);
    m_polls = std::make_unique<transport::PollHub>(*m_pollers, m_sessions, m.clock, m.random);
    m_visitors = std::make_shared<server::webwidget::VisitorEndpoint>(
        m_sessions, m_limiter, [this](server::webwidget::VisitorSink &sink) {
            return std::make_unique<server::webwidget::VisitorCore>(server::webwidget::VisitorParts{
                m_sessions, m.clock, m.random, *m.database, *m.executor, m_ephemera, m.conversations, m_seal,
                m_visitorLinks, m_limiter, m.zones, m.patterns, sink, m_log,
                campaignSource(m.zones, m.clock)});
        });
    m_cable = std::make_shared<server::client_api::CableEndpoint>(
        m_sessions, m_limiter, config.publicUrl, [this](server::client_api::CableSink &sink) {
            return std::make_unique<server::client_api::CableCore>(
                server::client_api::CableParts{m_sessions, m.clock, m.random, *m.database, *m.executor,
                                               m_ephemera, *m.crypto, m_links, m_limiter, sink});
        });
    addRoutes();
    addMetrics();
    addChores();
    try {
        m_http =
            std::make_unique<platform::HttpServer>(optionsOf(config), m_router, m_metrics, m.random, log);
    } catch (const std::runtime_error &error) {
        m_sessions.stop();
        throw Stop{ExitCode::AddressInUse, error.what()};
    }
    m_readiness.watchSockets([this](std::function<void()> work) { m_http->hub().call(std::move(work)); });
}

Server::~Server()
{
    stop(std::chrono::milliseconds{0});
}

void Server::addRoutes()
{
    m_router.addSecurityHeaders();
    m_readiness.add(m_router);
    m_authRoutes.add(m_router);
    m_accountRoutes.add(m_router);
    m_inboxRoutes.add(m_router);
    m_settingRoutes.add(m_router);
    m_attachmentRoutes.add(m_router);
    m_pictureRoutes.add(m_router);
    m_conversationRoutes.add(m_router);
    m_messageRoutes.add(m_router);
    m_contactRoutes.add(m_router);
    m_widgetRoutes.add(m_router);
    m_clientRoutes.add(m_router);
    transport::addSyncRoutes(m_router, {*m.database, m.access, m.entities, m.clock, DESKBELL_VERSION});
    m_polls->add(m_router);
    m_router.addWebSocket("/sync/v1/ws", m_agents);
    m_router.addWebSocket("/w/v1/ws", m_visitors);
    m_router.addWebSocket("/cable", m_cable);
}

void Server::addMetrics()
{
    auto &agents = m_metrics.gauge("deskbell_agent_connections", "Connected programs of agents");
    auto &visitors = m_metrics.gauge("deskbell_visitor_connections", "Connected chat widgets");
    auto &contacts = m_metrics.gauge("deskbell_contact_connections", "Connected programs of contacts");
    m_metrics.onScrape([this, &agents, &visitors, &contacts] {
        agents.set(static_cast<double>(m_agents->connections() + m_pollers->connections()));
        visitors.set(static_cast<double>(m_visitors->connections()));
        contacts.set(static_cast<double>(m_cable->connections()));
    });
    m_metrics.gauge("deskbell_build_info", "1, with the version as label", {{"version", DESKBELL_VERSION}})
        .set(1);
    auto &commits = m_metrics.counter("deskbell_commits_total", "Commits that changed something");
    auto &changes = m_metrics.counter("deskbell_changes_total", "Rows that changed");
    m.executor->onCommit([&commits, &changes](const sync::Committed &committed) {
        commits.add();
        changes.add(static_cast<double>(committed.changes.size()));
    });
    m_router.add({"GET", "/metrics", [this](ports::HttpRequest &request) {
                      if (!m_scrapers.contains(request.remoteAddress))
                          return platform::errorAnswer(403, "forbidden", "Metrics are for private networks.");
                      auto response = ports::HttpResponse::text(200, m_metrics.serialize());
                      response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                      return response;
                  }});
}

void Server::addChores()
{
    m_timer.add("snoozes", std::chrono::seconds{2}, [this] {
        (void)server::conversations::dueSnoozes(*m.database, *m.executor, m.conversations, m.clock.now());
    });
    m_timer.add("replies", std::chrono::seconds{1}, [this] { m_dispatcher.round(); });
    m_timer.add("snooze rules", std::chrono::hours{24}, [this] {
        server::conversations::evaluateSnoozesAgain(*m.database, *m.executor, m_snoozeRules);
    });
    m_timer.add("uploads", std::chrono::hours{1}, [this] { m.attachments.expireUnused(); });
    m_timer.add("pictures", std::chrono::minutes{1}, [this] { (void)m_pictureCache.trim(pictureBytes); });
    m_timer.add("high water", HighWater::interval, [this] { m_highWater.write(m.heads()); });
    m_timer.add("webhook log", std::chrono::hours{1}, [this] { m_webhookSender.forget(); });
    m_timer.add("compaction", std::chrono::hours{1}, [this] { compact(); });
}

void Server::compact()
{
    std::vector<server::accounts::AccountRow> accounts;
    m.database->read(
        [&](storage::Transaction &tx) { accounts = server::accounts::UserStore{tx}.accounts(); });
    for (const auto &row : accounts) {
        std::int64_t forgotten = fullRound;
        while (forgotten == static_cast<std::int64_t>(fullRound)) {
            const auto done =
                m.executor->run(row.account.number, {}, [&](sync::WriteContext &ctx) -> base::Status {
                    forgotten = std::max(sync::compactTombstones(ctx), sync::forgetReceipts(ctx));
                    return base::Done{};
                });
            if (!done)
                break;
        }
    }
}

void Server::start()
{
    m.attachments.recover();
    beginAnewAfterRewind();
    m_executorThread.emplace(*m.executor);
    m_http->start();
    m_timer.start();
    m_webhookThread.start();
    m_running = true;
}

// Numbers that were given before may be given again, for other things: clients must not trust theirs.
void Server::beginAnewAfterRewind()
{
    const auto rewound = m_highWater.rewound(m.heads());
    if (!rewound)
        return;
    m_log.error("sync_epoch_begun", {{"account", *rewound}, {"why", "the database is older than it was"}});
    (void)m.executor->run(*rewound, {}, [](sync::WriteContext &ctx) -> base::Status {
        sync::beginEpoch(ctx.tx(), ctx.now());
        return base::Done{};
    });
}

void Server::drain(std::chrono::milliseconds window)
{
    m_readiness.drain();
    m_agents->drain(window);
    m_pollers->drain(window);
    m_visitors->drain(window);
    m_cable->drain(window);
}

std::size_t Server::connections() const
{
    return m_agents->connections() + m_pollers->connections() + m_visitors->connections() +
           m_cable->connections();
}

void Server::stop(std::chrono::milliseconds grace)
{
    if (!m_http)
        return;
    if (m_running) {
        drain(std::chrono::milliseconds{0});
        m_timer.stop();
        m_webhookThread.stop();
        m_highWater.write(m.heads());
        m_polls->drain();
        m_http->stop(grace);
    }
    m_sessions.stop(); // before the sockets it sends to go
    m_http.reset();
    m_executorThread.reset();
    m_running = false;
}

std::string Server::url() const
{
    const auto host = m_config.listen.substr(0, m_config.listen.rfind(':'));
    return (m_config.tlsCertificate.empty() ? "http://" : "https://") + host + ":" +
           std::to_string(m_http->port());
}

} // namespace server::app
