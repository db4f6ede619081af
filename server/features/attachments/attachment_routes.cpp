#include "server/features/attachments/attachment_routes.h"

#include "server/features/attachments/attachment_json.h"
#include "server/features/attachments/file_name.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::attachments {

namespace {

using base::ErrorCode;
using ports::HttpRequest;
using ports::HttpResponse;

HttpResponse bytesOf(const AttachmentService &service, const StoredAttachment &attachment, bool thumbnail)
{
    const bool isInline = thumbnail || isShownInline(attachment.file.mime);
    HttpResponse answer;
    answer.file = thumbnail ? service.blobs().thumbnailPath(attachment.fileName)
                            : service.blobs().path(attachment.fileName);
    auto &headers = answer.headers;
    headers.set("Content-Type", thumbnail ? "image/jpeg" : attachment.file.mime);
    headers.set("Content-Disposition", contentDisposition(isInline, attachment.file.name));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    headers.set("Cache-Control", "private, max-age=3000, immutable");
    return answer;
}

std::string entityTag(const StoredAttachment &attachment, bool thumbnail)
{
    return '"' + base::toHex(std::string_view{attachment.sha256}.substr(0, 16)) + (thumbnail ? "-t\"" : "\"");
}

} // namespace

HttpResponse receiveUpload(AttachmentService &service, sync::AccountNumber account, const sync::Actor &actor,
                           HttpRequest &request, bool forAgent)
{
    const auto id = base::Uuid::parse(request.headers.get("X-Upload-Id"));
    if (!id || id->isNull())
        return ports::refusal({ErrorCode::Invalid, "X-Upload-Id"});
    if (request.headers.get("Content-Length").empty() || !request.stream)
        return ports::refusal(411, "length_required", "Content-Length is required");
    const Upload upload{account, actor, *id, percentDecoded(request.headers.get("X-File-Name")),
                        request.contentLength};
    const auto received = service.receive(upload, *request.stream);
    if (!received && received.error().code == ErrorCode::Unsupported)
        return ports::refusal(415, "type_refused", "Files of this type are not accepted");
    if (!received)
        return ports::refusal(received.error());
    return ports::jsonAnswer(describe(received->attachment.file, forAgent), received->repeated ? 200 : 201);
}

AttachmentRoutes::AttachmentRoutes(storage::Database &database, sync::Directory &directory,
                                   AttachmentService &service, const BlobLink &links,
                                   ports::RateLimiter &limiter)
    : m_database{database}
    , m_directory{directory}
    , m_service{service}
    , m_links{links}
    , m_uploads{database, directory, service, limiter}
{
}

void AttachmentRoutes::add(ports::Router &router)
{
    m_uploads.add(router);
    router.add({"GET", "/blob/{id}", [this](HttpRequest &request) { return serve(request, false); }});
    router.add({"GET", "/blob/{id}/thumb", [this](HttpRequest &request) { return serve(request, true); }});
}

HttpResponse AttachmentRoutes::serve(const HttpRequest &request, bool thumbnail)
{
    const auto id = base::Uuid::parse(request.param("id"));
    const auto attachment = id ? m_service.find(*id) : std::nullopt;
    const bool exists = attachment && (!thumbnail || attachment->file.thumbnail);
    if (!exists)
        return ports::refusal({ErrorCode::NotFound, {}});
    if (const auto allowed = mayRead(request, *attachment, thumbnail); !allowed)
        return ports::refusal(allowed.error());
    const auto tag = entityTag(*attachment, thumbnail);
    HttpResponse answer;
    if (request.headers.get("If-None-Match") == tag)
        answer.status = 304;
    else
        answer = bytesOf(m_service, *attachment, thumbnail);
    answer.headers.set("ETag", tag);
    return answer;
}

// To those who may not see it, a file looks like one that is not there.
base::Status AttachmentRoutes::mayRead(const HttpRequest &request, const StoredAttachment &attachment,
                                       bool thumbnail)
{
    if (const auto signature = request.queryValue("sig"); !signature.empty()) {
        if (m_links.isValid(attachment.file.id.value, thumbnail, request.queryValue("exp"), signature))
            return base::Done{};
        return base::Error{ErrorCode::Forbidden, "link"};
    }
    const auto principal = sync::authenticated(m_database, m_directory, ports::bearerToken(request));
    if (!principal)
        return principal.error();
    if (principal->account != attachment.account)
        return base::Error{ErrorCode::NotFound, {}};
    if (attachment.byUser && attachment.owner == principal->actor.id)
        return base::Done{};
    if (!attachment.inbox)
        return base::Error{ErrorCode::NotFound, {}};
    std::vector<std::string> scopes;
    m_database.read([&](storage::Transaction &tx) { scopes = m_directory.scopes(tx, *principal); });
    const bool sees =
        std::find(scopes.begin(), scopes.end(), sync::scope::inbox(*attachment.inbox)) != scopes.end();
    return sees ? base::Status{base::Done{}} : base::Status{base::Error{ErrorCode::NotFound, {}}};
}

} // namespace server::attachments
