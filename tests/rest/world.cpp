#include "tests/rest/world.h"

#include "server/sync/journal.h"
#include "shared/base/crc32c.h"
#include "shared/base/text.h"

#include <stdexcept>

namespace tests {

namespace {

using server::ports::Asset;

const Asset *fakeAsset(std::string_view path)
{
    static const Asset assets[] = {
        {"/w.js", "text/javascript; charset=utf-8", "loader()", "", "\"l1\"", false},
        {"/widget/app-ABCDEFGH.js", "text/javascript; charset=utf-8", "app()", "", "\"a1\"", true},
        {"/widget/index.html", "text/html; charset=utf-8", "<!doctype html><title>Live chat</title>", "",
         "\"i1\"", false},
        {"/builder/index.html", "text/html; charset=utf-8", "<!doctype html><title>Builder</title>", "",
         "\"b1\"", false},
        {"/demo/index.html", "text/html; charset=utf-8", "<!doctype html><body>{{script}}</body>", "",
         "\"d1\"", false}};
    for (const auto &asset : assets)
        if (asset.path == path)
            return &asset;
    return nullptr;
}

server::platform::SecretKey testKey()
{
    server::platform::SecretKey key{};
    key.fill(7);
    return key;
}

} // namespace

World::World() : crypto{testKey(), {1, 8192}}
{
    auto opened = server::storage::Database::open(data.path().toStdString(), server::app::allMigrations());
    if (!opened)
        throw std::runtime_error{opened.error().detail};
    database = std::move(*opened);
    executor = server::sync::makeExecutor(*database, clock, random);
    devices.emplace(*database, *executor, crypto, clock);
    access.emplace(*devices);
    server::app::connect(services(), entities, mutations);
    blobs.emplace(data.path().toStdString() + "/blobs", random);
    attachments.emplace(server::attachments::AttachmentService::Parts{
        *database, *executor, *blobs, crypto, media, clock, server::accounts::DeviceService::seenSince});
    buildRoutes();
    executorThread.emplace(*executor);
    plant();
    server.start();
}

World::~World()
{
    sessions.stop(); // before the sockets it sends to go
    server.server.reset();
    executorThread.reset();
}

void World::buildRoutes()
{
    gate.emplace(server::accounts::ApiGate::Parts{
        *database, *executor, accounts, *devices, crypto, limiter, ephemera, ids, clock, {}});
    const server::conversations::ConversationDoors doors{*gate, conversations, contacts, *attachments,
                                                         links, multipart,     ephemera};
    authRoutes.emplace(*devices, limiter);
    accountRoutes.emplace(*gate);
    inboxRoutes.emplace(server::inboxes::InboxRoutes::Parts{*gate, inboxes, zones, multipart, media, crypto});
    settingRoutes.emplace(*gate, services(), mutations, crypto);
    attachmentRoutes.emplace(*database, *access, *attachments, links, limiter);
    conversationRoutes.emplace(doors);
    messageRoutes.emplace(doors);
    contactRoutes.emplace(doors);
    widgetRoutes.emplace(server::webwidget::WidgetParts{*database,
                                                        *executor,
                                                        ephemera,
                                                        contacts,
                                                        conversations,
                                                        inboxes,
                                                        crypto,
                                                        *attachments,
                                                        seal,
                                                        visitorLinks,
                                                        limiter,
                                                        ids,
                                                        clock,
                                                        zones,
                                                        fakeAsset,
                                                        {},
                                                        server::app::campaignSource(zones, clock)});
    clientRoutes.emplace(server::client_api::ClientParts{*database,
                                                         *executor,
                                                         ephemera,
                                                         contacts,
                                                         conversations,
                                                         inboxes,
                                                         *attachments,
                                                         multipart,
                                                         crypto,
                                                         links,
                                                         limiter,
                                                         ids,
                                                         clock,
                                                         zones,
                                                         {}});
    visitors = std::make_shared<server::webwidget::VisitorEndpoint>(
        sessions, limiter, [this](server::webwidget::VisitorSink &sink) {
            return std::make_unique<server::webwidget::VisitorCore>(
                server::webwidget::VisitorParts{sessions,
                                                clock,
                                                random,
                                                *database,
                                                *executor,
                                                ephemera,
                                                conversations,
                                                seal,
                                                visitorLinks,
                                                limiter,
                                                zones,
                                                patterns,
                                                sink,
                                                {},
                                                server::app::campaignSource(zones, clock)});
        });
    cable = std::make_shared<server::client_api::CableEndpoint>(
        sessions, limiter, std::string{}, [this](server::client_api::CableSink &sink) {
            return std::make_unique<server::client_api::CableCore>(server::client_api::CableParts{
                sessions, clock, random, *database, *executor, ephemera, crypto, links, limiter, sink});
        });
    auto &router = server.router;
    router.addSecurityHeaders();
    authRoutes->add(router);
    accountRoutes->add(router);
    inboxRoutes->add(router);
    settingRoutes->add(router);
    attachmentRoutes->add(router);
    conversationRoutes->add(router);
    messageRoutes->add(router);
    contactRoutes->add(router);
    widgetRoutes->add(router);
    clientRoutes->add(router);
    router.addWebSocket("/w/v1/ws", visitors);
    router.addWebSocket("/cable", cable);
}

void World::plant()
{
    const auto hash = accounts.passwordHash(password);
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        if (const auto made = accounts.create(ctx, "Acme"); !made)
            return made.error();
        const auto ada = accounts.addUser(ctx, {"Ada Lovelace", email, *hash, domain::Role::Administrator});
        if (!ada)
            return ada.error();
        token = accounts.issueToken(ctx, ada->user.number);
        server::inboxes::WebsiteSettings settings;
        settings.websiteUrl = "https://acme.example";
        const auto site = inboxes.createWebsite(ctx, "Acme site", settings);
        if (!site)
            return site.error();
        websiteToken = site->websiteToken;
        inbox = site->inbox.number;
        return base::Done{};
    });
}

void World::write(const server::sync::Executor::Job &job)
{
    const auto outcome = executor->run(1, {}, job);
    if (!outcome)
        throw std::runtime_error{std::string{toText(outcome.error().code)} + " " + outcome.error().detail};
}

std::int64_t World::head()
{
    std::int64_t head = 0;
    database->read([&](server::storage::Transaction &tx) { head = server::sync::readHead(tx, 1).head; });
    return head;
}

std::string World::addAgent(const std::string &name, bool isMember, std::int64_t *number)
{
    std::string issued;
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        const auto agent = accounts.addUser(
            ctx, {name, name + "@example.com", crypto.hashPassword(password), domain::Role::Agent});
        if (!agent)
            return agent.error();
        issued = accounts.issueToken(ctx, agent->user.number);
        if (number)
            *number = agent->user.number;
        return isMember ? inboxes.addMembers(ctx, inbox, {agent->user.number}) : base::Status{base::Done{}};
    });
    return issued;
}

Answer World::request(const std::string &method, const std::string &target, const std::string &body,
                      const std::vector<std::string> &headers, const std::string &type)
{
    RawClient client{port()};
    std::string head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    for (const auto &header : headers)
        head += header + "\r\n";
    if (!body.empty() || method != "GET")
        head += "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    client.write(head + "\r\n" + body);
    return client.answer(method == "HEAD").value_or(Answer{});
}

JsonAnswer World::api(const std::string &method, const std::string &path, const base::Json &body,
                      const std::string &asToken)
{
    auto answer = request(method, path, body.is_null() ? std::string{} : base::toText(body),
                          {"api_access_token: " + (asToken.empty() ? token : asToken)});
    auto parsed = base::parseJson(answer.body);
    return {answer.status, parsed ? std::move(*parsed) : base::Json{}, std::move(answer)};
}

base::Json World::session(const std::string &asToken, const std::string &site)
{
    base::Json body{
        {"site", site.empty() ? websiteToken : site},
        {"page", {{"url", "https://acme.example/shop?secret=1"}, {"title", "Shop"}, {"locale", "en"}}}};
    if (!asToken.empty())
        body["token"] = asToken;
    const auto answer = request("POST", "/w/v1/session", base::toText(body));
    auto parsed = base::parseJson(answer.body);
    return answer.status == 200 && parsed ? std::move(*parsed) : base::Json{};
}

JsonAnswer World::upload(const std::string &path, const std::string &bearer, const std::string &id,
                         const std::string &name, const std::string &bytes)
{
    auto answer = request("POST", path, bytes,
                          {"Authorization: Bearer " + bearer, "X-Upload-Id: " + id, "X-File-Name: " + name},
                          "application/octet-stream");
    auto parsed = base::parseJson(answer.body);
    return {answer.status, parsed ? std::move(*parsed) : base::Json{}, std::move(answer)};
}

namespace {

JsonAnswer parsed(Answer answer)
{
    auto json = base::parseJson(answer.body);
    return {answer.status, json ? std::move(*json) : base::Json{}, std::move(answer)};
}

} // namespace

JsonAnswer World::announce(const std::string &bearer, const std::string &id, const std::string &name,
                           const std::string &bytes)
{
    const base::Json body{{"id", id},
                          {"size", bytes.size()},
                          {"sha256", base::toHex(crypto.sha256(bytes))},
                          {"mime", "application/octet-stream"},
                          {"name", name}};
    return parsed(request("POST", "/sync/v1/up", base::toText(body), {"Authorization: Bearer " + bearer}));
}

JsonAnswer World::sendPiece(const std::string &bearer, const std::string &id, std::size_t offset,
                            const std::string &bytes, const std::string &crc)
{
    return parsed(request("PATCH", "/sync/v1/up/" + id, bytes,
                          {"Authorization: Bearer " + bearer, "Upload-Offset: " + std::to_string(offset),
                           "Content-CRC32C: " + (crc.empty() ? base::crc32cText(bytes) : crc)},
                          "application/octet-stream"));
}

JsonAnswer World::uploadInPieces(const std::string &bearer, const std::string &id, const std::string &name,
                                 const std::string &bytes, std::size_t piece)
{
    auto answer = announce(bearer, id, name, bytes);
    while (answer.status == 200 || answer.status == 201) {
        const auto offset = static_cast<std::size_t>(answer.body.value("offset", 0));
        if (offset >= bytes.size())
            break;
        answer = sendPiece(bearer, id, offset, bytes.substr(offset, piece));
    }
    return answer;
}

std::string World::deviceTokenOf(const std::string &address, const std::string &word)
{
    const base::Json body{{"device", ids.next().text()},
                          {"name", "Test"},
                          {"os", "Linux"},
                          {"app", "0.1"},
                          {"email", address},
                          {"password", word}};
    return parsed(request("POST", "/auth/device", base::toText(body))).body.value("access", "");
}

Visitor::Visitor(World &world, const std::string &asToken, const std::string &cursor)
    : socket{world.port()}
    , token{asToken.empty() ? world.session().value("token", "") : asToken}
{
    socket.upgrade("/w/v1/ws", "Sec-WebSocket-Protocol: deskbell-widget.v1\r\n");
    send({{"k", "hello"}, {"token", token}, {"cur", cursor}});
    welcome = next("welcome");
}

base::Json Visitor::next(const std::string &kind)
{
    while (const auto frame = socket.message()) {
        if (frame->opcode != 1)
            return {{"closed", frame->closeCode()}};
        auto parsed = base::parseJson(frame->payload);
        if (!parsed)
            return {};
        if (parsed->value("k", "") == kind)
            return std::move(*parsed);
        seen.push_back(std::move(*parsed));
    }
    return {};
}

base::Json Visitor::say(const std::string &body, const std::string &mid, const base::Json &uploads)
{
    send({{"k", "send"}, {"mid", mid}, {"body", body}, {"up", uploads}, {"at", 0}});
    while (const auto frame = socket.message()) {
        const auto parsed = base::parseJson(frame->payload);
        if (!parsed)
            return {};
        const auto kind = parsed->value("k", "");
        if ((kind == "ok" || kind == "no") && parsed->value("mid", "") == mid)
            return *parsed;
        seen.push_back(*parsed);
    }
    return {};
}

} // namespace tests
