#pragma once

#include "server/features/pictures/picture_cache.h"
#include "server/features/pictures/picture_link.h"
#include "server/ports/http.h"
#include "server/ports/http_client.h"
#include "server/ports/log.h"
#include "server/ports/media.h"
#include "server/ports/rate_limiter.h"

#include <string>

namespace server::pictures {

/// `GET /proxy/{signature}/{address}`: a picture from elsewhere (docs/protocol.md B.3), so that a visitor's
/// browser asks nobody but us, and nobody but us is seen.
class PictureRoutes {
public:
    struct Parts {
        const PictureLink &links;
        ports::WaitingClient &client;
        PictureCache &cache;
        const ports::Media &media;
        ports::RateLimiter &limiter;
        ports::Log log;
    };
    explicit PictureRoutes(Parts parts) : m{std::move(parts)} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ports::HttpResponse serve(const ports::HttpRequest &request);
    ports::HttpResponse fetched(const std::string &name, const std::string &address,
                                const ports::HttpRequest &request);
    ports::HttpResponse refused(const std::string &name, const std::string &why);
    bool failedLately(const std::string &name);

    Parts m;
};

} // namespace server::pictures
