#include "server/features/attachments/upload_routes.h"

#include "server/features/attachments/attachment_json.h"
#include "server/ports/answers.h"
#include "shared/base/crc32c.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

namespace server::attachments {

namespace {

using base::ErrorCode;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate announceRate{30, base::Duration{1000}};
constexpr std::int64_t announcementLimit = 16 * 1024;
constexpr int damagedPiece = 460; // as tus 1.0 has it

base::Result<Announcement> announcementIn(const base::Json &json)
{
    const auto id = base::uuidField(json, "id");
    const auto size = base::integerField(json, "size");
    const auto hash = base::textField(json, "sha256");
    const auto bytes = hash && hash->size() == 64 ? base::fromHex(*hash) : std::nullopt;
    if (!id || id->isNull())
        return base::Error{ErrorCode::Invalid, "id"};
    if (!size)
        return base::Error{ErrorCode::Invalid, "size"};
    if (!bytes)
        return base::Error{ErrorCode::Invalid, "sha256"};
    return Announcement{*id, *size, *bytes, base::textField(json, "name").value_or("")};
}

HttpResponse withOffset(HttpResponse answer, std::int64_t offset)
{
    answer.headers.set("Upload-Offset", std::to_string(offset));
    answer.headers.set("Cache-Control", "no-store");
    return answer;
}

HttpResponse stateAnswer(std::int64_t offset, const std::optional<StoredAttachment> &attachment, int status)
{
    auto json = attachment ? describe(attachment->file, true) : base::Json::object();
    json["offset"] = offset;
    if (attachment)
        json["complete"] = true;
    return withOffset(ports::jsonAnswer(json, status), offset);
}

HttpResponse refusedFor(const base::Error &error)
{
    return error.code == ErrorCode::Unsupported
               ? ports::refusal(415, "type_refused", "Files of this type are not accepted")
               : ports::refusal(error);
}

HttpResponse pieceAnswer(const PieceOutcome &outcome)
{
    switch (outcome.refusal) {
    case PieceRefusal::None:
        return stateAnswer(outcome.offset, outcome.attachment, 200);
    case PieceRefusal::Gone:
        return ports::refusal(410, "expired", "This upload is not here; announce it again");
    case PieceRefusal::WrongOffset:
        return withOffset(ports::refusal(409, "offset", "The upload stands elsewhere"), outcome.offset);
    case PieceRefusal::Damaged:
        return withOffset(ports::refusal(damagedPiece, "checksum", "The piece arrived damaged"),
                          outcome.offset);
    case PieceRefusal::TooLarge:
        return withOffset(ports::refusal(413, "too_large", "More bytes than announced"), outcome.offset);
    case PieceRefusal::WrongHash:
        return withOffset(ports::refusal(422, "hash", "The file is not the announced one"), 0);
    case PieceRefusal::Failed:
        break;
    }
    return refusedFor(outcome.error);
}

} // namespace

UploadRoutes::UploadRoutes(storage::Database &database, sync::Directory &directory,
                           AttachmentService &service, ports::RateLimiter &limiter)
    : m_database{database}
    , m_directory{directory}
    , m_limiter{limiter}
    , m_uploads{service}
{
}

void UploadRoutes::add(ports::Router &router)
{
    router.add({"POST", "/sync/v1/up", [this](HttpRequest &request) { return announce(request); },
                announcementLimit});
    router.add({"HEAD", "/sync/v1/up/{id}", [this](HttpRequest &request) { return head(request); }});
    router.add({"PATCH", "/sync/v1/up/{id}", [this](HttpRequest &request) { return append(request); },
                protocol::maxUploadPiece});
}

HttpResponse UploadRoutes::announce(const HttpRequest &request)
{
    const auto principal = sync::authenticated(m_database, m_directory, ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    if (const auto wait = m_limiter.take("up:" + principal->actor.id.text(), announceRate))
        return ports::tooOften(*wait);
    const auto body = ports::jsonBody(request);
    if (!body)
        return ports::refusal(body.error());
    const auto announcement = announcementIn(*body);
    if (!announcement)
        return ports::refusal(announcement.error());
    const auto state = m_uploads.announce(*principal, *announcement);
    return state ? stateAnswer(state->offset, state->attachment, state->created ? 201 : 200)
                 : refusedFor(state.error());
}

HttpResponse UploadRoutes::head(const HttpRequest &request)
{
    const auto principal = sync::authenticated(m_database, m_directory, ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    const auto id = base::Uuid::parse(request.param("id"));
    const auto state = id ? m_uploads.state(*principal, *id) : std::nullopt;
    if (!state)
        return pieceAnswer({PieceRefusal::Gone, 0, std::nullopt, {}});
    HttpResponse answer;
    answer.headers.set("Upload-Length", std::to_string(state->size));
    return withOffset(std::move(answer), state->offset);
}

HttpResponse UploadRoutes::append(const HttpRequest &request)
{
    const auto principal = sync::authenticated(m_database, m_directory, ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    const auto id = base::Uuid::parse(request.param("id"));
    if (!id)
        return pieceAnswer({PieceRefusal::Gone, 0, std::nullopt, {}});
    const auto offset = base::wholeNumber(request.headers.get("Upload-Offset")).value_or(-1);
    const auto crc = base::crc32cFromText(request.headers.get("Content-CRC32C"));
    if (offset < 0 || !crc || request.body.empty())
        return ports::refusal({ErrorCode::Invalid, offset < 0 ? "Upload-Offset"
                                                   : !crc     ? "Content-CRC32C"
                                                              : "body"});
    return pieceAnswer(m_uploads.append(*principal, *id, offset, *crc, request.body));
}

} // namespace server::attachments
