#pragma once

#include "shared/base/result.h"
#include "shared/domain/ids.h"

#include <cstdint>
#include <string>

namespace domain {

/// A text that agents insert by its short code.
struct CannedResponse {
    CannedResponseId id;
    std::int64_t number = 0; ///< 0 until the server gave one
    std::string shortCode;   ///< one of its kind in an account
    std::string content;

    bool operator==(const CannedResponse &) const = default;
};

inline constexpr std::size_t maxShortCodeLength = 255; ///< code points

/// The same with trimmed and cleaned texts. Fails with Invalid ("short_code", "content") when one is empty,
/// the code holds white space, or a text is too long for its kind.
base::Result<CannedResponse> checked(CannedResponse response);

} // namespace domain
