#pragma once

#include "server/features/accounts/device_service.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"

namespace server::accounts {

/// Sign-in of desktop programs (docs/protocol.md A.2): `/auth/device`, `/auth/refresh`, `/auth/logout`,
/// the list of one's own devices at `/auth/devices`, and a new password at `/auth/password`.
/// Attempts are counted per address, failures also per address and per account name.
class AuthRoutes {
public:
    AuthRoutes(DeviceService &devices, ports::RateLimiter &limiter) : m_devices{devices}, m_limiter{limiter}
    {
    }
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    ports::HttpResponse signIn(ports::HttpRequest &request);
    ports::HttpResponse refresh(ports::HttpRequest &request);
    ports::HttpResponse signOut(ports::HttpRequest &request);
    ports::HttpResponse list(const ports::HttpRequest &request);
    ports::HttpResponse revoke(const ports::HttpRequest &request);
    ports::HttpResponse revokeOthers(const ports::HttpRequest &request);
    ports::HttpResponse changePassword(ports::HttpRequest &request);

    DeviceService &m_devices;
    ports::RateLimiter &m_limiter;
};

} // namespace server::accounts
