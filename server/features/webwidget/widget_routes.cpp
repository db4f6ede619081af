#include "server/features/webwidget/widget_routes.h"

#include "server/features/attachments/attachment_routes.h"
#include "server/features/conversations/identity_service.h"
#include "server/features/inboxes/inbox_presenter.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/features/inboxes/opening_hours.h"
#include "server/features/webwidget/identity_proof.h"
#include "server/features/webwidget/visitor_routes.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <cctype>

namespace server::webwidget {

namespace {

using base::ErrorCode;
using inboxes::InboxRow;
using inboxes::InboxStore;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate newVisitorRate{10,
                                     base::Duration{12'000}};   // of one address: five a minute, ten at once
constexpr ports::Rate returningRate{30, base::Duration{2'000}}; // of one visitor
constexpr ports::Rate solvedRate{60, base::Duration{1'000}};    // of one address, each with its work done
constexpr ports::Rate actRate{60, base::Duration{60'000}};      // as VisitorRoutes'
constexpr ports::Rate uploadRate{10, base::Duration{3'000}};
constexpr std::int64_t sessionBody = 16 * 1024;

HttpResponse siteUnknown()
{
    return ports::refusal(404, "site_unknown", "No such site");
}

void setWidgetHeaders(HttpResponse &answer)
{
    answer.headers.set("X-Content-Type-Options", "nosniff");
    answer.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
}

HttpResponse assetAnswer(const ports::Asset &asset, const HttpRequest &request)
{
    HttpResponse answer;
    setWidgetHeaders(answer);
    answer.headers.set("Content-Type", std::string{asset.mime});
    answer.headers.set("ETag", std::string{asset.etag});
    answer.headers.set("Vary", "Accept-Encoding");
    answer.headers.set("Cache-Control",
                       asset.immutable ? "public, max-age=31536000, immutable" : "public, max-age=300");
    if (request.headers.get("If-None-Match") == asset.etag) {
        answer.status = 304;
        return answer;
    }
    const bool packed =
        !asset.gzip.empty() && request.headers.get("Accept-Encoding").find("gzip") != std::string_view::npos;
    answer.body = packed ? asset.gzip : asset.bytes;
    if (packed)
        answer.headers.set("Content-Encoding", "gzip");
    return answer;
}

// "acme.com", "*.acme.com", "https://acme.com:8443"; what could end the header or the directive is left out.
bool isHostSource(std::string_view text)
{
    return !text.empty() && text.size() < 256 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view{".-:*/_"}.find(c) != std::string_view::npos;
    });
}

std::string framePolicy(const InboxRow &inbox, const HttpRequest &request)
{
    std::string ancestors;
    for (const auto &domain : inbox.settings.allowedDomains)
        if (isHostSource(domain))
            ancestors += ' ' + domain;
    // Older browsers do not count sockets as 'self'.
    const auto http = ports::originOf(request, {});
    const auto socket = "ws" + http.substr(4);
    return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self' " +
           socket +
           "; img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; form-action 'none'" +
           // Not even * would let in pages without an origin of their own: a file, an app's view.
           (ancestors.empty() ? std::string{} : "; frame-ancestors 'self'" + ancestors);
}

std::string languageOf(const std::string &locale)
{
    const bool isPlain = std::all_of(locale.begin(), locale.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    });
    return isPlain && locale.size() <= 20 ? locale : std::string{};
}

} // namespace

WidgetRoutes::WidgetRoutes(WidgetParts parts)
    : m{std::move(parts)}
    , m_work{m.crypto, m.clock, m.limiter}
    , m_visitors{std::make_unique<VisitorRoutes>(m)}
{
}

WidgetRoutes::~WidgetRoutes() = default;

void WidgetRoutes::add(ports::Router &router)
{
    m_visitors->add(router);
    router.add({"GET", "/w.js", [this](HttpRequest &request) { return file(request); }});
    router.add({"GET", "/widget", [this](HttpRequest &request) { return frame(request); }});
    router.add({"GET", "/widget/{rest*}", [this](HttpRequest &request) { return file(request); }});
    for (const auto *path : {"/sdk.js", "/packs/js/sdk.js"})
        router.add({"GET", path, [this](HttpRequest &request) { return script(request); }});
    router.add({"GET", "/builder", [this](HttpRequest &request) { return builder(request); }});
    router.add({"GET", "/builder/{rest*}", [this](HttpRequest &request) { return file(request); }});
    router.add({"GET", "/demo", [this](HttpRequest &request) { return demo(request); }});
    router.add(
        {"POST", "/w/v1/session", [this](HttpRequest &request) { return session(request); }, sessionBody});
    router.add({"POST", "/w/v1/up", [this](HttpRequest &request) { return upload(request); },
                protocol::maxUploadBytes, true});
}

HttpResponse WidgetRoutes::file(const HttpRequest &request)
{
    const auto *asset = m.findAsset(request.path);
    if (!asset || asset->mime.starts_with("text/html"))
        return ports::refusal({ErrorCode::NotFound, {}});
    return assetAnswer(*asset, request);
}

// Sites of the field's product change the host in the script's address and nothing else.
HttpResponse WidgetRoutes::script(const HttpRequest &request)
{
    const auto *own = m.findAsset("/sdk.js");
    const auto *asset = own ? own : m.findAsset("/w.js");
    return asset ? assetAnswer(*asset, request) : ports::refusal({ErrorCode::NotFound, {}});
}

HttpResponse WidgetRoutes::builder(const HttpRequest &request)
{
    const auto *asset = m.findAsset("/builder/index.html");
    if (!asset)
        return ports::refusal({ErrorCode::NotFound, {}});
    auto answer = assetAnswer(*asset, request);
    answer.headers.set("Cache-Control", "no-cache");
    answer.headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' "
        "data:; frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'");
    return answer;
}

HttpResponse WidgetRoutes::frame(const HttpRequest &request)
{
    std::optional<InboxRow> inbox;
    m.database.read([&](storage::Transaction &tx) {
        inbox = InboxStore{tx}.byWebsiteToken(request.queryValue("website_token"));
    });
    const auto *asset = m.findAsset("/widget/index.html");
    if (!inbox || !asset)
        return siteUnknown();
    auto answer = assetAnswer(*asset, request);
    answer.headers.set("Cache-Control", "private, no-cache");
    answer.headers.set("Content-Security-Policy", framePolicy(*inbox, request));
    answer.headers.set("Referrer-Policy", "origin");
    // Takes the place of DENY; frame-ancestors above is what browsers go by.
    answer.headers.set("X-Frame-Options", "ALLOWALL");
    answer.headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)");
    return answer;
}

HttpResponse WidgetRoutes::demo(const HttpRequest &request)
{
    std::optional<InboxRow> inbox;
    m.database.read([&](storage::Transaction &tx) { inbox = InboxStore{tx}.first(); });
    const auto *asset = m.findAsset("/demo/index.html");
    if (!inbox || !asset)
        return siteUnknown();
    HttpResponse answer;
    answer.body = asset->bytes;
    constexpr std::string_view mark = "{{script}}";
    if (const auto at = answer.body.find(mark); at != std::string::npos)
        answer.body.replace(at, mark.size(),
                            inboxes::widgetScript(*inbox, ports::originOf(request, m.publicUrl)));
    answer.headers.set("Content-Type", std::string{asset->mime});
    answer.headers.set("Cache-Control", "no-cache");
    const auto origin = m.publicUrl.empty() ? std::string{} : ' ' + ports::originOf(request, m.publicUrl);
    answer.headers.set("Content-Security-Policy",
                       "default-src 'none'; script-src 'self'" + origin +
                           "; style-src 'unsafe-inline'; img-src 'self' data:; "
                           "frame-src 'self'" +
                           origin + "; connect-src 'self'; base-uri 'none'; form-action 'none'");
    return answer;
}

HttpResponse WidgetRoutes::session(const HttpRequest &request)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return ports::refusal(body.error().code == ErrorCode::TooLarge ? 413 : 400, toText(body.error().code),
                              "The body is not a JSON object this server can read");
    const auto site = base::textField(*body, "site").value_or("");
    std::optional<InboxRow> inbox;
    m.database.read([&](storage::Transaction &tx) { inbox = InboxStore{tx}.byWebsiteToken(site); });
    if (!inbox)
        return siteUnknown();
    HttpResponse refused;
    auto ticket = ticketFor(request, *body, *inbox, refused);
    if (!ticket)
        return refused;
    const auto &page = base::member(*body, "page");
    ticket->page = pageAddress(base::textField(page, "url").value_or(""));
    ticket->language = languageOf(base::textField(page, "locale").value_or(""));
    ticket->origin = base::toHex(m.crypto.sign("visitor-address", request.remoteNetwork).substr(0, 8));
    if (const auto &identity = base::member(*body, "identity"); identity.is_object())
        if (const auto known = identify(identity, *inbox, *ticket); !known)
            return known.error().code == ErrorCode::Unauthorized
                       ? ports::refusal(401, "identity_invalid", "The proof of identity is missing or wrong")
                       : ports::refusal(known.error());

    base::Json json{{"token", m.seal.token(*ticket)},
                    {"now", base::toMs(m.clock.now())},
                    {"hours", inboxes::openingHoursJson(inbox->settings, m.zones, m.clock.now())}};
    std::optional<contacts::ContactRow> contact;
    m.database.read([&](storage::Transaction &tx) {
        VisitorView view{tx, m.links, *ticket};
        contact = view.contact();
        json["cfg"] = configJson(tx, *inbox, m.campaigns);
        json["visitor"] = visitorJson(*ticket, *inbox, contact, view.place() && view.place()->verified);
        json["team"] = teamJson(tx, m.ephemera, *inbox);
        json["cur"] = m.seal.cursor(ticket->visitor, view.head());
        json["conv"] = view.allConversations();
        json["rows"] = view.recent();
        json["agents_online"] = agentsOnline(tx, m.ephemera, ticket->account, ticket->inbox);
    });
    if (contact)
        notePage(*ticket, *contact);
    return ports::jsonAnswer(json);
}

// A token of this site goes on naming its visitor; any other is as good as none.
std::optional<Ticket> WidgetRoutes::ticketFor(const HttpRequest &request, const base::Json &body,
                                              const InboxRow &inbox, HttpResponse &refused)
{
    const auto known = m.seal.readToken(base::textField(body, "token").value_or(""));
    if (known && known->account == inbox.account && known->inbox == inbox.inbox.number) {
        const auto wait = m.limiter.take("visitor:" + known->visitor.text(), returningRate);
        if (wait)
            refused = ports::tooOften(*wait);
        return wait ? std::nullopt : std::optional{*known};
    }
    const auto &address = request.remoteNetwork;
    if (m.limiter.take("visitor-new:" + address, newVisitorRate)) {
        if (!m_work.accept(address, base::member(body, "pow"))) {
            refused = ports::jsonAnswer({{"error", "Many ask from this address: solve this first"},
                                         {"code", "pow_required"},
                                         {"pow", m_work.challenge(address)}},
                                        428);
            return std::nullopt;
        }
        if (const auto wait = m.limiter.take("visitor-solved:" + address, solvedRate)) {
            refused = ports::tooOften(*wait);
            return std::nullopt;
        }
    }
    return Ticket{m.ids.next(), inbox.account, inbox.inbox.number, m.clock.now(), {}, {}, {}};
}

base::Status WidgetRoutes::identify(const base::Json &identity, const InboxRow &inbox, Ticket &ticket)
{
    if (const auto wait = m.limiter.take("visitor-act:" + ticket.visitor.text(), actRate))
        return base::Error{ErrorCode::RateLimited, {}};
    const auto claim = identityOf(identity, inbox, m.inboxes, m.crypto, m.clock.now());
    if (!claim)
        return claim.error();
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = ticket.visitor;
    std::string source;
    const auto done = m.executor.run(ticket.account, actor, [&](sync::WriteContext &ctx) -> base::Status {
        const auto known = conversations::IdentityService{m.contacts}.identify(
            ctx, inbox.inbox.number, {ticket.visitor, ticket.page, {}}, *claim);
        if (!known)
            return known.error();
        source = known->place.sourceId;
        return base::Done{};
    });
    if (!done)
        return done.error();
    ticket.visitor = base::Uuid::parse(source).value_or(ticket.visitor);
    return base::Done{};
}

void WidgetRoutes::notePage(const Ticket &ticket, const contacts::ContactRow &contact)
{
    if (ticket.page.empty() || ticket.page == contact.contact.lastPage)
        return;
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = contact.contact.id.value;
    actor.number = contact.contact.number;
    m.executor.submit(
        ticket.account, actor,
        [&contacts = m.contacts, number = contact.contact.number,
         page = ticket.page](sync::WriteContext &ctx) -> base::Status {
            contacts::ContactFields fields;
            fields.lastPage = page;
            const auto changed = contacts.change(ctx, number, fields);
            return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
        },
        [](const base::Result<std::int64_t> &) {});
}

HttpResponse WidgetRoutes::upload(HttpRequest &request)
{
    const auto ticket = m.seal.readToken(ports::bearerToken(request));
    if (!ticket)
        return ports::refusal(ticket.error());
    std::optional<InboxRow> inbox;
    m.database.read(
        [&](storage::Transaction &tx) { inbox = InboxStore{tx}.find(ticket->account, ticket->inbox); });
    if (!inbox)
        return ports::refusal({ErrorCode::Unauthorized, {}});
    if (!inbox->settings.attachments)
        return ports::refusal(415, "type_refused", "This site takes no files");
    for (const auto &key : {"visitor-up:" + ticket->visitor.text(), "visitor-up:" + request.remoteNetwork})
        if (const auto wait = m.limiter.take(key, uploadRate))
            return ports::tooOften(*wait);
    sync::Actor actor;
    actor.kind = sync::Actor::Kind::Contact;
    actor.id = ticket->visitor;
    return attachments::receiveUpload(m.attachments, ticket->account, actor, request, false);
}

} // namespace server::webwidget
