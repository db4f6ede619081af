#pragma once

#include "server/features/attachments/attachment_service.h"
#include "server/features/attachments/blob_link.h"
#include "server/features/attachments/upload_routes.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"
#include "server/sync/directory.h"

#include <string_view>

namespace server::attachments {

/// The upload a request carries whole (docs/protocol.md B.5): X-Upload-Id, X-File-Name, Content-Length, the
/// bytes. Answers 201, 200 for a repeated id, or the refusal. `forAgent` adds the fields only agents get (w,
/// h, thumb).
ports::HttpResponse receiveUpload(AttachmentService &service, sync::AccountNumber account,
                                  const sync::Actor &actor, ports::HttpRequest &request, bool forAgent);

/// `GET /blob/{id}`, `GET /blob/{id}/thumb`, and with UploadRoutes `/sync/v1/up`.
class AttachmentRoutes {
public:
    AttachmentRoutes(storage::Database &database, sync::Directory &directory, AttachmentService &service,
                     const BlobLink &links, ports::RateLimiter &limiter);
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ports::HttpResponse serve(const ports::HttpRequest &request, bool thumbnail);
    base::Status mayRead(const ports::HttpRequest &request, const StoredAttachment &attachment,
                         bool thumbnail);

    storage::Database &m_database;
    sync::Directory &m_directory;
    AttachmentService &m_service;
    const BlobLink &m_links;
    UploadRoutes m_uploads;
};

} // namespace server::attachments
