#pragma once

#include "shared/domain/accounts/account.h"

#include <string>

namespace client::storage {

/// Who is signed in where, on which device. Kept in the outbox; secrets are kept elsewhere.
struct Identity {
    std::string server; ///< "https://desk.example.com", without a slash at the end
    domain::DeviceId device;
    domain::User user;
    domain::Account account;

    bool operator==(const Identity &) const = default;
};

} // namespace client::storage
