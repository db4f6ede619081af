#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/base/uuid.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

/// JSON with the bounds every input from outside needs. Include only in sources; headers take json_fwd.h.
namespace base {

struct JsonLimits {
    std::size_t bytes = 1 << 20;
    int depth = 32;
};

/// Parses strict JSON (RFC 8259): UTF-8 only, no trailing text, nothing over the limits. Fails with Invalid
/// or TooLarge.
Result<Json> parseJson(std::string_view text, const JsonLimits &limits = {});

/// Compact text; bytes that are no UTF-8 become U+FFFD instead of an exception.
std::string toText(const Json &value);

// Field readers: nothing when the field is absent, null or of another type. Never throw.
std::optional<std::string> textField(const Json &object, std::string_view key);
std::optional<std::int64_t> integerField(const Json &object, std::string_view key);
std::optional<bool> flagField(const Json &object, std::string_view key);
std::optional<Uuid> uuidField(const Json &object, std::string_view key);
/// The member, or a null value that lives as long as the program.
const Json &member(const Json &object, std::string_view key);

} // namespace base
