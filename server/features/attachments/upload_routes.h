#pragma once

#include "server/features/attachments/resumable_uploads.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"
#include "server/sync/directory.h"

namespace server::attachments {

/// `POST /sync/v1/up`, `HEAD` and `PATCH /sync/v1/up/{id}` (docs/protocol.md A.9).
class UploadRoutes {
public:
    UploadRoutes(storage::Database &database, sync::Directory &directory, AttachmentService &service,
                 ports::RateLimiter &limiter);
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ports::HttpResponse announce(const ports::HttpRequest &request);
    ports::HttpResponse head(const ports::HttpRequest &request);
    ports::HttpResponse append(const ports::HttpRequest &request);

    storage::Database &m_database;
    sync::Directory &m_directory;
    ports::RateLimiter &m_limiter;
    ResumableUploads m_uploads;
};

} // namespace server::attachments
