#pragma once

#include "server/app/features.h"
#include "server/features/accounts/account_routes.h"
#include "server/features/accounts/auth_routes.h"
#include "server/features/attachments/attachment_routes.h"
#include "server/features/client_api/cable_endpoint.h"
#include "server/features/client_api/client_routes.h"
#include "server/features/conversations/contact_routes.h"
#include "server/features/conversations/message_routes.h"
#include "server/features/inboxes/access_service.h"
#include "server/features/inboxes/inbox_routes.h"
#include "server/features/webwidget/visitor_endpoint.h"
#include "server/features/webwidget/widget_routes.h"
#include "server/platform/crypto.h"
#include "server/platform/image_tools.h"
#include "server/platform/multipart.h"
#include "server/platform/rate_limiter.h"
#include "server/platform/system_clock.h"
#include "server/platform/text_patterns.h"
#include "server/platform/time_zones.h"
#include "server/transport/session_thread.h"
#include "shared/base/json.h"
#include "tests/platform/loopback.h"

#include <QTemporaryDir>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A limiter that can be told to let everything pass, so that only the tests of limits meet them.
class OpenableLimiter : public server::ports::RateLimiter {
public:
    explicit OpenableLimiter(const base::Clock &clock) : m_real{clock} {}
    std::optional<base::Duration> take(std::string_view key, const server::ports::Rate &rate) override
    {
        return isOpen ? std::nullopt : m_real.take(key, rate);
    }
    [[nodiscard]] std::optional<base::Duration> wait(std::string_view key,
                                                     const server::ports::Rate &rate) const override
    {
        return isOpen ? std::nullopt : m_real.wait(key, rate);
    }
    std::atomic<bool> isOpen{true};

private:
    server::platform::MemoryRateLimiter m_real;
};

/// One JSON answer.
struct JsonAnswer {
    int status = 0;
    base::Json body;
    Answer raw;
};

/// A whole server in this process, with one account, an administrator (number 1) and a website inbox, on a
/// free loopback port. Built from the parts the program is built from.
class World {
public:
    World();
    ~World();

    /// One request on a connection of its own. A JSON body unless `type` says otherwise.
    Answer request(const std::string &method, const std::string &target, const std::string &body = {},
                   const std::vector<std::string> &headers = {},
                   const std::string &type = "application/json");
    /// The same to /api/v1/… as the administrator (or the owner of `token`).
    JsonAnswer api(const std::string &method, const std::string &path, const base::Json &body = {},
                   const std::string &token = {});
    /// Path below the account.
    [[nodiscard]] static std::string inAccount(const std::string &path)
    {
        return "/api/v1/accounts/1" + path;
    }

    /// A further agent; their API token.
    std::string addAgent(const std::string &name, bool isMember, std::int64_t *number = nullptr);
    /// Runs a job as the system.
    void write(const server::sync::Executor::Job &job);
    std::int64_t head();

    /// Answer of POST /w/v1/session.
    base::Json session(const std::string &token = {}, const std::string &site = {});
    /// Uploads a file as a visitor or agent; the answer.
    JsonAnswer upload(const std::string &path, const std::string &bearer, const std::string &id,
                      const std::string &name, const std::string &bytes);
    /// The same as an agent's program does: announced, then in pieces; the last answer.
    JsonAnswer uploadInPieces(const std::string &bearer, const std::string &id, const std::string &name,
                              const std::string &bytes, std::size_t piece = 1 << 20);
    JsonAnswer announce(const std::string &bearer, const std::string &id, const std::string &name,
                        const std::string &bytes);
    JsonAnswer sendPiece(const std::string &bearer, const std::string &id, std::size_t offset,
                         const std::string &bytes, const std::string &crc = {});
    /// A desktop's access token of the administrator.
    std::string deviceToken() { return deviceTokenOf(email, password); }
    std::string deviceTokenOf(const std::string &address, const std::string &word);

    [[nodiscard]] std::uint16_t port() const { return server.port(); }

    QTemporaryDir data;
    server::platform::SystemClock clock;
    server::platform::SystemRandom random;
    base::UuidMaker ids{clock, random};
    server::platform::SodiumCrypto crypto;
    server::platform::ImageTools media;
    server::platform::PocoMultipart multipart;
    OpenableLimiter limiter{clock};
    server::sync::Ephemera ephemera;
    std::unique_ptr<server::storage::Database> database;
    std::unique_ptr<server::sync::Executor> executor;
    std::optional<server::sync::ExecutorThread> executorThread;
    server::transport::SessionThread sessions{server::ports::Log{}};

    server::accounts::AccountService accounts{crypto};
    std::optional<server::accounts::DeviceService> devices;
    std::optional<server::inboxes::AccessService> access;
    server::inboxes::InboxService inboxes{crypto};
    server::labels::LabelService labels;
    server::teams::TeamService teams;
    server::contacts::ContactService contacts;
    server::conversations::ConversationService conversations{contacts};
    server::platform::SystemTimeZones zones;
    server::platform::LinearPatterns patterns;
    std::optional<server::attachments::BlobStore> blobs;
    std::optional<server::attachments::AttachmentService> attachments;
    server::sync::EntityRegistry entities;
    server::sync::MutationRegistry mutations;
    server::attachments::BlobLink links{crypto, clock};
    server::webwidget::VisitorLinks visitorLinks{links, server::pictures::PictureLink{crypto}};
    server::webwidget::VisitorSeal seal{crypto, clock};

    std::optional<server::accounts::ApiGate> gate;
    std::optional<server::accounts::AuthRoutes> authRoutes;
    std::optional<server::accounts::AccountRoutes> accountRoutes;
    std::optional<server::inboxes::InboxRoutes> inboxRoutes;
    std::optional<server::app::SettingRoutes> settingRoutes;
    std::optional<server::attachments::AttachmentRoutes> attachmentRoutes;
    std::optional<server::conversations::ConversationRoutes> conversationRoutes;
    std::optional<server::conversations::MessageRoutes> messageRoutes;
    std::optional<server::conversations::ContactRoutes> contactRoutes;
    std::optional<server::webwidget::WidgetRoutes> widgetRoutes;
    std::optional<server::client_api::ClientRoutes> clientRoutes;
    std::shared_ptr<server::webwidget::VisitorEndpoint> visitors;
    std::shared_ptr<server::client_api::CableEndpoint> cable;
    TestServer server;

    [[nodiscard]] server::app::Services services()
    {
        return {accounts, *devices, inboxes, labels, teams, contacts, conversations, zones};
    }

    std::string token; ///< the administrator's API token
    std::string websiteToken;
    std::int64_t inbox = 0;
    std::string email = "ada@example.com";
    std::string password = "correct horse battery";

private:
    void buildRoutes();
    void plant();
};

/// A widget on a socket.
class Visitor {
public:
    explicit Visitor(World &world, const std::string &token = {}, const std::string &cursor = {});
    void send(const base::Json &frame) { socket.sendFrame(1, base::toText(frame)); }
    /// The next frame of a kind; others before it are kept in `seen`.
    base::Json next(const std::string &kind);
    /// Sends a message and waits for ok or no.
    base::Json say(const std::string &body, const std::string &mid,
                   const base::Json &uploads = base::Json::array());

    RawClient socket;
    std::string token;
    base::Json welcome;
    std::vector<base::Json> seen;
};

} // namespace tests
