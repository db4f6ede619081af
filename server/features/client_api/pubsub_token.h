#pragma once

#include "server/ports/crypto.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace server::client_api {

/// By which the program of a contact listens at `/cable`: names the contact's place in an inbox, and only
/// this server can make it. Whoever has it hears what that contact may hear.
std::string pubsubToken(const ports::Crypto &crypto, std::int64_t place);
/// The place, when the token is one of ours.
std::optional<std::int64_t> placeOfToken(const ports::Crypto &crypto, std::string_view token);

} // namespace server::client_api
