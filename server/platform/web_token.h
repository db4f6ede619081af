#pragma once

#include "shared/base/result.h"

#include <string>
#include <string_view>

namespace server::platform {

/// See ports::Crypto::webTokenClaims.
base::Result<std::string> webTokenClaims(std::string_view secret, std::string_view token);

} // namespace server::platform
