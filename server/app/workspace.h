#pragma once

#include "server/app/foundation.h"

#include <cstdint>
#include <optional>
#include <string>

namespace server::app {

/// A fresh account with its first administrator.
struct Planted {
    sync::AccountNumber account = 0;
    std::int64_t user = 0;
    std::string accessToken;
};

/// Makes an account with its administrator. Throws Stop when a field or the password is refused or the
/// address is known already.
Planted plantAccount(Foundation &foundation, const std::string &account, const std::string &name,
                     const std::string &email, const std::string &password);

/// What the demo's first start tells once.
struct DemoSignIn {
    std::string email;
    std::string password;
    std::string colleagueEmail;
    std::string colleaguePassword;
    std::string accessToken;
    std::string websiteToken;
    sync::AccountNumber account = 0;
};

/// Makes the demo workspace: the account "Acme Support", an administrator, a second agent and a website
/// inbox. Nothing when it exists. Throws Stop.
std::optional<DemoSignIn> plantDemo(Foundation &foundation);

/// Runs a job as the system on an account and waits. Throws Stop with what was being done when it is refused.
void runOrStop(Foundation &foundation, sync::AccountNumber account, const std::string &doing,
               const sync::Executor::Job &job);

} // namespace server::app
