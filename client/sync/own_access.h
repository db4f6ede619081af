#pragma once

#include "client/sync/http_auth.h"

#include <QString>

#include <vector>

namespace client::sync {

/// What the signed-in person may do about their own access. Everything needs a connection; answers come on
/// the GUI thread. Client is the real one.
class OwnAccess {
public:
    virtual ~OwnAccess() = default;

    /// The user's devices, from the server.
    virtual void devices(HttpAuth::Answer<std::vector<DeviceInfo>> answer) = 0;
    /// Signs another device out; it wipes what it holds. A null id: all but this one. Answers with how many.
    virtual void revokeDevice(const base::Uuid &device, HttpAuth::Answer<std::int64_t> answer) = 0;
    /// Fails with Credentials when `current` is not the password, Invalid when `fresh` will not do. Signs all
    /// other devices out; answers with how many.
    virtual void changePassword(const QString &current, const QString &fresh,
                                HttpAuth::Answer<std::int64_t> answer) = 0;
};

} // namespace client::sync
